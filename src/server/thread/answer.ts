import type { PlacedEvent } from '../../event/codec.ts';
import type { Log } from '../../log/log.ts';
import { edgeKinds } from '../../rooms/thread/edge.ts';
import type { Evidence, ThreadGraph } from '../../rooms/thread/graph.ts';
import { type Key, kindOf, nameOf } from '../../rooms/thread/thing.ts';
import type * as walk from '../../rooms/thread/walk.ts';
import type {
  Thread,
  ThreadEdge,
  ThreadEvidence,
  ThreadMatch,
  ThreadThing,
} from '../api/contract-thread.ts';
import { readFacts } from './facts.ts';
import { suspectsOf, wordsOf } from './words.ts';

type Facts = ReadonlyMap<number, PlacedEvent>;
export type Direction = 'both' | 'up' | 'down';

/** A thread with the words of its facts, which are read from the log. */
export async function tellThread(
  thread: walk.Thread,
  {
    log,
    direction,
    now,
  }: { readonly log: Log; readonly direction: Direction; readonly now: number },
): Promise<Pick<Thread, 'things' | 'edges' | 'cut'>> {
  const kept = onSide(thread, direction);
  const offsets = [
    ...kept.things.flatMap(({ first, last }) => [first?.offset ?? 0, last?.offset ?? 0]),
    ...kept.edges.map(({ evidence }) => evidence.offset),
  ];
  const facts = await readFacts(log, offsets);
  const places = placesOf(thread);
  const suspects = new Map([...facts.values()].flatMap((fact) => [...suspectsOf(fact)]));
  return {
    things: kept.things.map((thing) => thingOf(thing, { facts, suspects, places })),
    edges: kept.edges.map((edge) => edgeOf(edge, facts, now)),
    cut: kept.cut,
  };
}

function onSide(thread: walk.Thread, direction: Direction): walk.Thread {
  if (direction === 'both') return thread;
  const things = thread.things.filter(({ side }) => side === 'focus' || side === direction);
  const keys = new Set(things.map(({ key }) => key));
  const edges = thread.edges.filter(({ from, to }) => keys.has(from) && keys.has(to));
  return { ...thread, things, edges };
}

interface Known {
  readonly facts: Facts;
  /** What alerts call the changes that they suspect, by the ids of these. */
  readonly suspects: ReadonlyMap<string, string>;
  readonly places: ReadonlyMap<Key, Place>;
}

function thingOf(thing: walk.Thing, { facts, suspects, places }: Known): ThreadThing {
  const { key, kind, side, distance, seen, leftOut, first, last } = thing;
  const told = [first, last].flatMap((one) => (one && facts.get(one.offset)) ?? []);
  const words = told.map(wordsOf);
  const newest = told.at(-1);
  const place = places.get(key) ?? {};
  const title = titleOf(thing, { words, place, suspects });
  const url = words.find((one) => one.url !== undefined)?.url;
  return {
    key,
    kind,
    side,
    distance,
    seen,
    leftOut,
    name: shownName(key),
    ...place,
    ...(title !== undefined && { title }),
    ...(newest?.state !== undefined && { state: newest.state }),
    ...(url !== undefined && { url }),
    ...(first && { first: evidenceOf(first, facts) }),
    ...(last && { last: evidenceOf(last, facts) }),
  };
}

interface Place {
  readonly service?: string;
  readonly environment?: string;
}

/** Where things run, from the hubs that they touch. */
function placesOf({ edges }: walk.Thread): Map<Key, Place> {
  const places = new Map<Key, Place>();
  for (const { from, to, kind } of edges) {
    const hub = kindOf(to);
    if (kind !== 'at' || (hub !== 'service' && hub !== 'environment')) continue;
    places.set(from, { ...places.get(from), [hub]: nameOf(to) });
  }
  return places;
}

function titleOf(
  { key, kind }: walk.Thing,
  from: {
    readonly words: readonly { readonly title: string | undefined }[];
    readonly place: Place;
    readonly suspects: ReadonlyMap<string, string>;
  },
): string | undefined {
  const titles = from.words.flatMap(({ title }) => title ?? []);
  if (kind === 'event') return titles[0] ?? from.suspects.get(nameOf(key).split('\t').at(-1) ?? '');
  const { service, environment } = from.place;
  if (kind === 'deployment' && service !== undefined && environment !== undefined)
    return `${service} to ${environment}`;
  // A title may be changed; an alert begins with the one that it was told by.
  return kind === 'alert' ? titles[0] : titles.at(-1);
}

/** As people write it: an event without the tab between source and id. */
const shownName = (key: Key): string => nameOf(key).replace('\t', ' ');

function edgeOf(
  { from, to, kind, evidence }: walk.ThreadEdge,
  facts: Facts,
  now: number,
): ThreadEdge {
  const { forward, backward } = edgeKinds[kind];
  const certainty = kind === 'suspected' ? 'suspected' : kind === 'included' ? 'derived' : 'stated';
  const told = evidenceOf(evidence, facts);
  return { from, to, kind, forward, backward, certainty, evidence: told, age: now - told.time };
}

function evidenceOf({ time, offset }: Evidence, facts: Facts): ThreadEvidence {
  const fact = facts.get(offset);
  if (!fact) return { stream: 'facts', offset, time };
  const { what, who } = wordsOf(fact);
  const { id, source } = fact;
  return { stream: 'facts', offset, time, id, source, what, ...(who !== undefined && { who }) };
}

/** What a text may mean, with titles. */
export async function tellMatches(
  graph: ThreadGraph,
  slots: readonly number[],
  log: Log,
): Promise<ThreadMatch[]> {
  const offsetOf = (slot: number): number => graph.things.lastOffset[slot] ?? 0;
  const facts = await readFacts(log, slots.map(offsetOf));
  return slots.map((slot) => {
    const key = graph.keyAt(slot);
    const fact = facts.get(offsetOf(slot));
    const title = fact && wordsOf(fact).title;
    const match = { key, kind: kindOf(key), name: shownName(key), seen: graph.seenAt(slot) };
    return { ...match, ...(title !== undefined && { title }) };
  });
}
