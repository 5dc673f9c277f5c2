import type { IncomingHttpHeaders } from 'node:http';
import type { Draft } from '../../../event/event.ts';
import { parseTime } from '../../../event/time.ts';
import { type Decoded, refused } from '../../decoded.ts';
import type { Condition, Field, Mapping, TimeFormat, Value } from './mapping.ts';
import { type Scope, follow } from './path.ts';
import { fill, textOf } from './template.ts';

/** Elements of a list that are taken; the others are refused together. */
const maxItems = 10_000;

/** A body with its headers. */
export interface Given {
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
  /** Identity of the delivery, for events without an id of their own. */
  readonly id: string;
}

/**
 * The events that mappings make of a body. Pure; never throws; what cannot be made is told with the
 * number of its element.
 */
export function* applyMappings(mappings: readonly Mapping[], given: Given): Generator<Decoded> {
  let made = 0;
  const several = mappings.length > 1 || mappings.some(({ each }) => each !== undefined);
  for (const mapping of mappings) {
    const { items, left } = itemsOf(mapping, given);
    for (const [index, item] of items.entries()) {
      const scope: Scope = { item, body: given.body, headers: given.headers };
      if (!applies(mapping, scope)) continue;
      made++;
      const id = several ? `${given.id}/${made}` : given.id;
      yield eventOf(mapping, scope, { id, index });
    }
    if (left > 0)
      yield refused('TERR_INTAKE_TOO_MANY', `${left} elements behind the first ${maxItems}`);
  }
}

function itemsOf({ each }: Mapping, { body, headers }: Given) {
  if (each === undefined) return { items: [body], left: 0 };
  const list = follow(each, { item: body, body, headers });
  if (!Array.isArray(list)) return { items: [], left: 0 };
  return { items: list.slice(0, maxItems) as unknown[], left: Math.max(0, list.length - maxItems) };
}

function applies({ only, skip }: Mapping, scope: Scope): boolean {
  if (only !== undefined && !only.some((condition) => holds(condition, scope))) return false;
  return skip === undefined || !skip.some((condition) => holds(condition, scope));
}

function holds(condition: Condition, scope: Scope): boolean {
  return condition.every(({ path, is }) => {
    const found = follow(path, scope);
    if (typeof is === 'boolean') return (found !== undefined && found !== null) === is;
    const text = textOf(found);
    return text !== undefined && is.has(text);
  });
}

type Place = { readonly id: string; readonly index: number };

function eventOf(mapping: Mapping, scope: Scope, { id, index }: Place): Decoded {
  const draft: { -readonly [K in keyof Draft]?: unknown } = { id };
  for (const [name, field] of mapping.fields) {
    const value = readFieldOf(name, field, scope);
    if (value instanceof Refusal)
      return refused('TERR_INTAKE_DECODE', value.why, { field: name, index });
    if (value !== undefined) draft[name as keyof Draft] = value; // the reader knows the fields
  }
  if (typeof draft.type !== 'string')
    return refused('TERR_INTAKE_DECODE', 'type is found nowhere in this body', {
      field: 'type',
      index,
    });
  if (draft.type.startsWith('dev.cdeventsx.territory-'))
    return refused('TERR_INTAKE_FORBIDDEN', 'types of Territory itself are made by it alone', {
      field: 'type',
      index,
    });
  const attributes = attributesOf(mapping, scope);
  if (attributes !== undefined) draft.attributes = attributes;
  const tags = mapping.tags?.flatMap((tag) => textOf(valueOf(tag, scope)) ?? []);
  if (tags !== undefined && tags.length > 0) draft.tags = tags;
  // What is in it is checked as any event's is, by who takes it.
  return draft as Draft;
}

function attributesOf({ attributes }: Mapping, scope: Scope): Draft['attributes'] {
  const entries = attributes.flatMap(([name, field]) => {
    const text = textOf(valueOf(field, scope));
    return text === undefined ? [] : [[name, text] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Why a field cannot be made of what was found. */
class Refusal {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** A field in its own kind: text, number, ms, or any JSON for `data`. */
function readFieldOf(name: string, field: Field, scope: Scope): unknown {
  const value = valueOf(field, scope);
  if (value === undefined || value === null) return undefined;
  if (name === 'data') return value;
  if (name === 'metric' || name === 'ttl') return numberOf(name, value);
  if (name === 'time') return timeOf(value, field.as);
  const text = textOf(value);
  if (text !== undefined || value === '') return text;
  return new Refusal(`${name} must be text, and a list or an object stands there`);
}

function valueOf({ value, values, other }: Field, scope: Scope): unknown {
  const found = rawOf(value, scope);
  const word = textOf(found);
  if (values === undefined) return word === undefined ? (found ?? other) : found;
  if (word !== undefined && values.has(word)) return values.get(word);
  return other ?? found;
}

function rawOf(value: Value, scope: Scope): unknown {
  if ('constant' in value) return value.constant;
  return 'path' in value ? follow(value.path, scope) : fill(value.template, scope);
}

function numberOf(name: string, value: unknown): number | Refusal | undefined {
  if (value === '') return undefined;
  const number =
    typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : new Refusal(`${name} is no number`);
}

const perMs: Readonly<Record<Exclude<TimeFormat, 'rfc3339'>, number>> = {
  s: 1e-3,
  ms: 1,
  us: 1e3,
  ns: 1e6,
};

function timeOf(value: unknown, as: TimeFormat | undefined): number | Refusal | undefined {
  if (value === '') return undefined;
  if (as === 'rfc3339' || (as === undefined && typeof value === 'string')) {
    const time = typeof value === 'string' ? parseTime(value) : undefined;
    return time ?? new Refusal('time is not written as RFC 3339; say how with "as"');
  }
  const number = numberOf('time', value);
  if (typeof number !== 'number') return number;
  return Math.trunc(number / perMs[as ?? 'ms']);
}
