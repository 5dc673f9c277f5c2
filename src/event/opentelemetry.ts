import type { Draft } from './event.ts';

type Named = 'service' | 'host' | 'environment';

/**
 * Our fields by the names of OpenTelemetry's semantic conventions. The first name of each is the
 * one in force; `deployment.environment` was renamed in 1.27 and is still what most agents send.
 */
const namesOf: Readonly<Record<Named, readonly [string, ...string[]]>> = {
  service: ['service.name'],
  host: ['host.name'],
  environment: ['deployment.environment.name', 'deployment.environment'],
};
const fields = Object.keys(namesOf) as readonly Named[];

/**
 * Moves what has a field of its own out of the attributes: `service.name` becomes `service`. A field
 * that is already set wins, and the attribute stays; so does an older name beside the one in force.
 */
export function liftAttributes(draft: Draft): Draft {
  const { attributes, ...others } = draft;
  if (!attributes) return draft;
  const lifted: Partial<Record<Named, string>> = {};
  const left = new Map(Object.entries(attributes));
  for (const field of fields) {
    const name = namesOf[field].find((n) => left.has(n));
    const value = name === undefined ? undefined : left.get(name);
    if (name === undefined || value === undefined || draft[field] !== undefined) continue;
    lifted[field] = value;
    left.delete(name);
  }
  if (Object.keys(lifted).length === 0) return draft;
  return { ...others, ...lifted, ...(left.size > 0 && { attributes: Object.fromEntries(left) }) };
}

/** All attributes of an event by OpenTelemetry's names, our fields among them. */
export function otelAttributes(
  event: Pick<Draft, Named | 'attributes'>,
): Readonly<Record<string, string>> {
  const all = new Map(Object.entries(event.attributes ?? {}));
  for (const field of fields) {
    const value = event[field];
    if (value !== undefined) all.set(namesOf[field][0], value);
  }
  return Object.fromEntries(all);
}
