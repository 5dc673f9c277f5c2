import type { Draft } from '../../event/event.ts';
import { fromLabels } from '../labels.ts';
import { noAttributes } from './any-value.ts';
import { defaultLimits } from '../../event/limits.ts';
import { fit, shortText, textOf } from './attributes.ts';
import { type Input, read } from './fields.ts';
import { type OfScope, resource, scope as scopeShape } from './shapes.ts';

/** What the SDK and the process say of themselves is long, and the same on every event. */
const leftOut = /^(?:telemetry\.|process\.(?!pid$))/;
/** Attributes of a resource that its events carry; the first of them. */
const mostKept = 64;

/** Whom telemetry comes from: a resource and the scope (the library) that measured. */
export interface Origin {
  readonly fields: Pick<Draft, 'service' | 'host' | 'environment'>;
  /** What is left of the resource's attributes, and the scope's; they fit into an event. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** The same for the same resource and scope: part of the identity of a series. */
  readonly key: string;
}

type ResourceOrigin = Pick<Origin, 'fields' | 'attributes' | 'key'>;

/** `service.name`, `host.name` and the environment become fields, the rest stays. */
export function resourceOrigin(input: Input | undefined): ResourceOrigin {
  const { attributes = noAttributes } = input === undefined ? {} : read(resource, input);
  const texts: [string, string][] = [];
  for (const [name, value] of attributes.values) {
    const text = textOf(value);
    if (text !== undefined && name !== '') texts.push([fitName(name), fit(text)]);
  }
  const labels = fromLabels(texts);
  return {
    fields: {
      ...textField('service', labels.service),
      ...textField('host', labels.host),
      ...textField('environment', labels.environment),
    },
    attributes: Object.entries(labels.attributes ?? {})
      .filter(([name]) => !leftOut.test(name))
      .slice(0, mostKept),
    key: JSON.stringify(texts.toSorted(byName)),
  };
}

/** The same with a scope, by the names of OpenTelemetry's "Mapping to non-OTLP". */
export function scopeOrigin(of: ResourceOrigin, { scope }: Partial<OfScope>): Origin {
  if (scope === undefined) return of;
  const { name = '', version = '', attributes = noAttributes } = read(scopeShape, scope);
  const own: [string, string][] = [];
  if (name !== '') own.push(['otel.scope.name', fit(name)]);
  if (version !== '') own.push(['otel.scope.version', fit(version)]);
  for (const [key, value] of attributes.values) {
    const text = textOf(value);
    if (text !== undefined && key !== '' && own.length < mostKept)
      own.push([fitName(key), fit(text)]);
  }
  return {
    fields: of.fields,
    attributes: [...own, ...of.attributes],
    key: `${of.key}\0${JSON.stringify(own)}`,
  };
}

const fitName = (name: string): string => fit(name, defaultLimits.attributeNameLength);

export const byName = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  a[0] < b[0] ? -1 : 1;

function textField<F extends string>(
  field: F,
  text: string | undefined,
): { readonly [K in F]?: string } {
  const short = shortText(text);
  return short === undefined ? {} : ({ [field]: short } as { readonly [K in F]?: string }); // F alone
}
