import type { Event, Json } from '../event.ts';
import type { Column, Field } from './ast.ts';

/**
 * What a field of one event holds, as conditions see it. undefined: the event has no such field,
 * or it is null or the empty text; history cannot tell these apart, so nothing else does either.
 */
export type Held = Exclude<Json, null | ''> | undefined;

type Getter = (event: Event) => Held;

const columns: Readonly<Record<Column, Getter>> = {
  id: (e) => text(e.id),
  type: (e) => text(e.type),
  source: (e) => text(e.source),
  subject: (e) => text(e.subject),
  service: (e) => text(e.service),
  host: (e) => text(e.host),
  environment: (e) => text(e.environment),
  name: (e) => text(e.name),
  state: (e) => text(e.state),
  time: (e) => e.time,
  received: (e) => e.received,
  metric: (e) => e.metric,
  ttl: (e) => e.ttl,
};

/** The function that takes a field out of an event. */
export function getterOf(field: Field): Getter {
  if (field.kind === 'column') return columns[field.name];
  if (field.kind === 'data') {
    const { path } = field;
    return (event) => held(at(event.data, path));
  }
  const { name } = field;
  return (event) => {
    const attributes = event.attributes;
    return attributes !== undefined && Object.hasOwn(attributes, name)
      ? text(attributes[name])
      : undefined;
  };
}

/** What stands at a path of keys; list items have no key. */
function at(data: Json | undefined, path: readonly string[]): Json | undefined {
  let here = data;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || Array.isArray(here)) return undefined;
    const object = here as { readonly [key: string]: Json };
    here = Object.hasOwn(object, key) ? object[key] : undefined;
  }
  return here;
}

function text(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function held(value: Json | undefined): Held {
  return value === null || value === '' ? undefined : value;
}

const shape = /^-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?$/;

/**
 * The number that a field holds: a number itself, or a text that reads as JSON writes a number
 * (RFC 8259 section 6), with at most 31 digits before the point, 30 behind it and two in the
 * exponent, so that it is always finite.
 */
export function numberOf(value: Held): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const first = value.charCodeAt(0);
  if ((first < 0x30 || first > 0x39) && first !== 0x2d) return undefined;
  return shape.test(value) ? Number(value) : undefined;
}
