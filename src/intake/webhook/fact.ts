import type { Draft, Json } from '../../event/event.ts';
import { isRecord } from '../../event/json.ts';
import { cut } from './body.ts';

/** What a row of a mapping says of one fact; the rest comes from what all facts of a product say. */
export interface Part {
  /** Its own identity, where it has one beside the delivery's: a commit. */
  readonly id?: string;
  /** URI of the repository or instance. */
  readonly source?: string;
  readonly subject?: string;
  /** ms since the epoch, UTC. */
  readonly time?: number | undefined;
  readonly service?: string | undefined;
  readonly host?: string | undefined;
  readonly environment?: string | undefined;
  readonly name?: string | undefined;
  readonly state?: string | undefined;
  readonly attributes?: Readonly<Record<string, string | undefined>>;
  /** Of a CDEvent: the content of its subject, as its schema wants it. */
  readonly content?: Content;
  /** Essential part of the payload. */
  readonly data?: Json;
}

/** What is undefined in it is left out. */
export interface Content {
  readonly [name: string]: string | readonly string[] | Content | undefined;
}

/** A fact before it has an identity. */
export interface Fact extends Part {
  readonly type: string;
}

/** Versions of the CDEvents 0.5.1 that we make; all others are 0.3.0. */
const versions: Readonly<Record<string, string>> = {
  'artifact.deleted': '0.2.0',
  'change.created': '0.4.0',
  'ticket.created': '0.2.0',
  'ticket.updated': '0.2.0',
  'ticket.closed': '0.2.0',
};

/** The whole type of a CDEvent: `change.created` is `dev.cdevents.change.created.0.4.0`. */
export function cdevent(name: string): string {
  return `dev.cdevents.${name}.${versions[name] ?? '0.3.0'}`;
}

/**
 * The whole type of a fact that CDEvents has no word for. Its schema allows nothing but letters in
 * the name of the subject and of what happened.
 */
export function custom(tool: string, subject: string, happened: string): string {
  const letters = (text: string, other: string): string =>
    text
      .toLowerCase()
      .replace(/_v\d+/g, '')
      .replace(/[^a-z]/g, '')
      .slice(0, 100) || other;
  return `dev.cdeventsx.${tool}-${letters(subject, 'event')}.${letters(happened, 'received')}.0.1.0`;
}

/** Who made the delivery, when it came, and what it is called. */
export interface Provenance {
  readonly id: string;
  /** Where the fact names no source. */
  readonly source: string;
  /** ms since the epoch, UTC. */
  readonly now: number;
}

/**
 * Facts of one delivery as events. The delivery's id is theirs, so that a redelivery is a duplicate;
 * where it tells of several things, it is followed by their number.
 */
export function* draftsOf(
  facts: Iterable<Fact>,
  from: Provenance,
  several: boolean,
): Generator<Draft> {
  let n = 0;
  for (const fact of facts) {
    const id = fact.id ?? (several ? `${from.id}/${++n}` : from.id);
    yield draftOf(fact, { ...from, id: cut(id) });
  }
}

function draftOf(fact: Fact, { id, source: other, now }: Provenance): Draft {
  const { type, service, host, environment, name, state, data } = fact;
  const source = reference(fact.source ?? other) || other;
  const time = fact.time ?? now;
  const subject = fact.subject === undefined ? undefined : cut(fact.subject);
  const attributes = pruned(fact.attributes ?? {});
  const bare = type.startsWith('dev.cdeventsx.');
  const payload = bare ? apart(data) : bodyOf(fact, { id, source, time });
  const about = { subject, service, host, environment, name, state };
  return {
    id,
    time,
    type,
    source,
    ...pruned(about),
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(payload !== undefined && { data: payload }),
  };
}

/** The CDEvent itself, as the schemas of 0.5.1 take it. */
function bodyOf(fact: Fact, at: { id: string; source: string; time: number }): Json {
  const { type, subject, content = {}, data } = fact;
  const timestamp = Math.abs(at.time) <= 8.64e15 ? new Date(at.time).toISOString() : '';
  return {
    context: { specversion: '0.5.1', id: at.id, source: at.source, type, timestamp },
    subject: { id: cut(subject ?? at.id), content: contentOf(content) },
    ...(isRecord(data) && { customData: data, customDataContentType: 'application/json' }),
  };
}

function contentOf(content: Content): Json {
  const entries = Object.entries(content).flatMap(([name, value]) => {
    if (value === undefined || value === '') return [];
    if (typeof value === 'string') return [[name, cut(value)] as const];
    return [[name, Array.isArray(value) ? [...value] : contentOf(value as Content)] as const];
  });
  return Object.fromEntries(entries) as Json;
}

/** A custom fact whose payload has a `context` would be taken for a whole CDEvent. */
function apart(data: Json | undefined): Json | undefined {
  return isRecord(data) && isRecord(data['context']) ? { payload: data as Json } : data;
}

function pruned(texts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(texts).flatMap(([name, text]) =>
    text === undefined || text === '' ? [] : [[name, cut(text)] as const],
  );
  return Object.fromEntries(entries.slice(0, 100));
}

/** A URI reference: what may not stand in one is written with percent signs. */
export function reference(text: string): string {
  return cut(text).replace(/[^\x21-\x7e]|["<>\\^`{|}]/gu, (char) => encodeURIComponent(char));
}
