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

const allNames: ReadonlySet<string> = new Set(Object.values(namesOf).flat());

/** Whether a label of this name may become another field than an attribute. */
export function isFieldName(name: string): boolean {
  return allNames.has(name);
}

/** Labels as the fields of an event: what has a field of its own goes there, the rest is attributes. */
export function fromLabels(labels: Iterable<readonly [name: string, value: string]>): Labelled {
  const left = new Map(labels);
  const found: { service?: string; host?: string; environment?: string } = {};
  for (const field of ['service', 'host', 'environment'] as const) {
    const name = namesOf[field].find((one) => (left.get(one) ?? '') !== '');
    if (name === undefined) continue;
    found[field] = left.get(name) ?? '';
    left.delete(name);
  }
  return { ...found, ...(left.size > 0 && { attributes: Object.fromEntries(left) }) };
}
