import { type PlacedEvent, decodeBatch } from '../../event/codec.ts';
import { type Json, type StreamName, streamNames } from '../../event/event.ts';
import type { Field, Where } from '../../event/where/ast.ts';
import { compileWhere } from '../../event/where/compile.ts';
import type { Log } from '../../log/log.ts';
import type { Parts } from '../parts.ts';

/** Why another event belongs to this one, and the query that finds it. */
export interface Reason {
  readonly because: string;
  readonly where: Where;
  /** How far around the event's time to look, ms. */
  readonly within: number;
}

export interface RelatedEvent {
  readonly because: string;
  readonly event: PlacedEvent;
}

const day = 86_400_000;
const longAgo = 5 * 365 * day;
const perReason = 50;
/** Without history the last so many facts and readings of the log are looked through. */
const lookBack = 20_000;

/** Attributes that name a trace, a change or a run: what shares one belongs together. */
const threads: readonly (readonly [attribute: string, because: string, within: number])[] = [
  ['trace.id', 'same trace', day],
  ['trace_id', 'same trace', day],
  ['vcs.ref.head.revision', 'same commit', longAgo],
  ['vcs.revision', 'same commit', longAgo],
  ['git.commit', 'same commit', longAgo],
  ['cicd.pipeline.run.id', 'same pipeline run', 30 * day],
  ['deployment.id', 'same deployment', 30 * day],
  ['case.id', 'same case', longAgo],
];

/** What to look for, from what the event says of itself. */
export function reasonsOf(event: PlacedEvent): Reason[] {
  const reasons: Reason[] = [];
  const add = (because: string, where: Where, within: number) =>
    reasons.push({ because, where, within });
  if (event.subject !== undefined)
    add('same subject', equal({ kind: 'column', name: 'subject' }, event.subject), longAgo);
  for (const [name, because, within] of threads) {
    const value = event.attributes?.[name];
    if (value) add(because, equal({ kind: 'attribute', name }, value), within);
  }
  const chain = textAt(event.data, ['context', 'chainId']);
  if (chain !== undefined) add('same chain', equal(data('context', 'chainId'), chain), longAgo);
  const id = textAt(event.data, ['context', 'id']) ?? event.id;
  for (const linked of linkedIds(event.data))
    add('linked', equal({ kind: 'column', name: 'id' }, linked), longAgo);
  const subjectId = textAt(event.data, ['subject', 'id']);
  if (subjectId !== undefined && subjectId !== event.subject)
    add('same subject', equal(data('subject', 'id'), subjectId), longAgo);
  if (id !== event.id) add('the same event', equal(data('context', 'id'), id), longAgo);
  return reasons;
}

/** Events that share something with this one, each once, the nearest in time first. */
export async function relatedTo(event: PlacedEvent, parts: Parts): Promise<RelatedEvent[]> {
  const reasons = reasonsOf(event);
  const history = parts.history.current();
  const found = history
    ? await askHistory(event, reasons, parts)
    : await scanLog(reasons, parts.log);
  const seen = new Set([placeOf(event)]);
  const fresh = found.filter((one) => {
    const place = placeOf(one.event);
    return !seen.has(place) && seen.add(place);
  });
  const distance = (one: RelatedEvent) => Math.abs(one.event.time - event.time);
  return fresh.toSorted((a, b) => distance(a) - distance(b)).slice(0, perReason * 4);
}

async function askHistory(
  event: PlacedEvent,
  reasons: readonly Reason[],
  parts: Parts,
): Promise<RelatedEvent[]> {
  const found: RelatedEvent[] = [];
  for (const { because, where, within } of reasons) {
    const range = { from: event.time - within, to: event.time + within };
    const query = { ...range, where, order: 'newest', limit: perReason } as const;
    // oxlint-disable-next-line no-await-in-loop -- one small question after the other spares memory
    const { events } = await parts.history.ask((h, limits) => h.events(query, limits));
    found.push(...events.map((one) => ({ because, event: one })));
  }
  return found;
}

async function scanLog(reasons: readonly Reason[], log: Log): Promise<RelatedEvent[]> {
  const tests = reasons.map(({ because, where }) => ({ because, matches: compileWhere(where) }));
  const look = (event: PlacedEvent): RelatedEvent[] => {
    const test = tests.find(({ matches }) => matches(event));
    return test ? [{ because: test.because, event }] : [];
  };
  const found: RelatedEvent[] = [];
  for (const stream of streamNames)
    for await (const batch of log.read(stream, Math.max(1, log.stat(stream).next - lookBack)))
      found.push(...decodeBatch(batch).flatMap(look));
  return found;
}

function placeOf({ stream, offset }: { stream: StreamName; offset: number }): string {
  return `${stream}-${offset}`;
}

function equal(field: Field, value: string): Where {
  return { kind: 'equal', field, value, not: false };
}

function data(...path: string[]): Field {
  return { kind: 'data', path };
}

function textAt(value: Json | undefined, path: readonly string[]): string | undefined {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || Array.isArray(here)) return undefined;
    here = (here as { readonly [key: string]: Json })[key];
  }
  return typeof here === 'string' && here !== '' ? here : undefined;
}

/** Ids that a CDEvent's `context.links` name (CDEvents 0.5, "Links"). */
function linkedIds(value: Json | undefined): string[] {
  const links = (value as { context?: { links?: unknown } } | undefined)?.context?.links;
  if (!Array.isArray(links)) return [];
  return links.flatMap((link: unknown) => {
    const { from, to, target } = (link ?? {}) as Record<
      string,
      { contextId?: unknown } | undefined
    >;
    return [from, to, target].flatMap((end) =>
      typeof end?.contextId === 'string' ? [end.contextId] : [],
    );
  });
}
