import type { Draft } from '../event/event.ts';

type Labelled = Pick<Draft, 'service' | 'host' | 'environment' | 'attributes'>;

/**
 * What protocols with free labels call our fields: OpenTelemetry's names (semantic conventions 1.27
 * and before), Prometheus' and DogStatsD's habits. The first that is there is taken.
 */
const namesOf: Readonly<Record<'service' | 'host' | 'environment', readonly string[]>> = {
  service: ['service.name', 'service_name', 'service'],
  host: ['host.name', 'host_name', 'hostname', 'host'],
  environment: [
    'deployment.environment.name',
    'deployment.environment',
    'deployment_environment_name',
    'deployment_environment',
    'environment',
    'env',
  ],
};

type FieldOfLabel = keyof typeof namesOf;

interface Place {
  readonly field: FieldOfLabel;
  /** The lower one is taken. */
  readonly rank: number;
}

const places: ReadonlyMap<string, Place> = new Map(
  (Object.keys(namesOf) as FieldOfLabel[]).flatMap((field) =>
    namesOf[field].map((name, rank) => [name, { field, rank }] as const),
  ),
);

/** Whether a label of this name may become another field than an attribute. */
export function isFieldName(name: string): boolean {
  return places.has(name);
}

/** The label that a field is taken from so far. */
interface Taken {
  readonly name: string;
  readonly value: string;
  readonly rank: number;
}

/**
 * Labels as the fields of an event: what has a field of its own goes there, the rest is attributes.
 * Of labels with one name the last counts.
 */
export function fromLabels(labels: Iterable<readonly [name: string, value: string]>): Labelled {
  const taken: { [K in FieldOfLabel]?: Taken } = {};
  const attributes: Record<string, string> = {};
  let count = 0;
  for (const [name, value] of labels) {
    const place = value === '' ? undefined : places.get(name);
    const before = place && taken[place.field];
    if (place && (before === undefined || place.rank <= before.rank)) {
      taken[place.field] = { name, value, rank: place.rank };
      if (before === undefined || before.name === name) continue;
      put(attributes, before.name, before.value);
    } else put(attributes, name, value);
    count++;
  }
  return { ...fieldsOf(taken), ...(count > 0 && { attributes }) };
}

function fieldsOf({ service, host, environment }: { [K in FieldOfLabel]?: Taken }) {
  return {
    ...(service && { service: service.value }),
    ...(host && { host: host.value }),
    ...(environment && { environment: environment.value }),
  };
}

function put(attributes: Record<string, string>, name: string, value: string): void {
  if (name !== '__proto__') attributes[name] = value;
  // An assignment would change what the object inherits from.
  else
    Object.defineProperty(attributes, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}
