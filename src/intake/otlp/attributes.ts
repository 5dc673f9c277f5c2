import type { Draft } from '../../event/event.ts';
import { fromLabels } from '../labels.ts';
import type { AnyValue, KeyValue, Resource, Scope } from './model.ts';

/** An event takes 128 attributes of 8,192 characters; some are left for what we add. */
const maxAttributes = 110;
const maxLength = 8_000;
const maxName = 256;

/** What a resource says of the SDK and the process is the same on every reading, and long. */
const left = /^(telemetry\.|process\.(?!pid$))/;

export type Labels = Pick<Draft, 'service' | 'host' | 'environment' | 'attributes'>;

/** A value as text: what is no text as JSON. */
export function textOf(value: AnyValue | undefined): string {
  const plain = plainOf(value);
  return typeof plain === 'string' ? plain : (JSON.stringify(plain) ?? '');
}

/** A value as JSON has it; integers beyond 2^53 as text, bytes as base64. */
export function plainOf(value: AnyValue | undefined): NonNullable<Draft['data']> | null {
  if (value === undefined) return null;
  if ('stringValue' in value) return value.stringValue;
  if ('boolValue' in value) return value.boolValue;
  if ('doubleValue' in value) return Number.isFinite(value.doubleValue) ? value.doubleValue : null;
  if ('intValue' in value) {
    const number = Number(value.intValue);
    return Number.isSafeInteger(number) ? number : value.intValue;
  }
  return 'bytesValue' in value ? value.bytesValue : nestedOf(value);
}

function nestedOf(
  value: Extract<AnyValue, { arrayValue: unknown } | { kvlistValue: unknown }>,
): NonNullable<Draft['data']> | null {
  if ('arrayValue' in value) return (value.arrayValue.values ?? []).map(plainOf);
  const pairs = value.kvlistValue?.values ?? [];
  return Object.fromEntries(pairs.map(({ key = '', value: held }) => [key, plainOf(held)]));
}

/** What a resource and a scope say, once for all that is theirs. */
export function resourceLabels(resource: Resource, scope: Scope): [string, string][] {
  const own = pairsOf(resource.attributes).filter(([name]) => !left.test(name));
  if (scope.name) own.push(['otel.scope.name', cut(scope.name)]);
  return own;
}

export function pairsOf(attributes: readonly KeyValue[] | undefined): [string, string][] {
  return (attributes ?? []).flatMap(({ key = '', value }): [string, string][] => {
    const text = textOf(value);
    return key === '' || text === '' ? [] : [[key.slice(0, maxName), cut(text)]];
  });
}

/**
 * Labels in the fields of an event. Later ones win. What is more than an event may hold is left out,
 * and how many were is said.
 */
export function labelled(...all: readonly (readonly (readonly [string, string])[])[]): Labels {
  const labels = fromLabels(all.flat());
  const entries = Object.entries(labels.attributes ?? {});
  if (entries.length <= maxAttributes) return labels;
  const kept = Object.fromEntries(entries.slice(0, maxAttributes));
  const dropped = String(entries.length - maxAttributes);
  return { ...labels, attributes: { ...kept, 'attributes.dropped': dropped } };
}

/** A long value with a mark where it was cut. */
function cut(text: string): string {
  if (text.length <= maxLength) return text;
  // Never half of a surrogate pair.
  const end = /[\ud800-\udbff]$/.test(text.slice(0, maxLength)) ? maxLength - 1 : maxLength;
  return `${text.slice(0, end)}…`;
}
