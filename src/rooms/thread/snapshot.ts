import { edgeKindList } from './edge.ts';
import { Generation } from './event-index.ts';
import { ThreadGraph, type Bounds } from './graph.ts';
import { type Key, kinds } from './thing.ts';

/** Of what is in a snapshot; another one is not read. */
const version = 1;
/** Keys that are written at once: their encoding is what takes time. */
const keysAtOnce = 20_000;

/** One part of a snapshot: plain data, or a column of numbers by its name. */
export type Part =
  | { readonly kind: 'head'; readonly head: Head }
  | { readonly kind: 'keys'; readonly keys: readonly (string | null)[] }
  | { readonly kind: 'column'; readonly name: string; readonly bytes: Uint8Array };

interface Head {
  /** Everything that the numbers mean something by. */
  readonly shape: string;
  readonly usedThings: number;
  readonly usedEdges: number;
  readonly freeThings: readonly number[];
  readonly freeEdges: readonly number[];
  readonly counters: Readonly<ThreadGraph['counters']>;
  readonly index: { readonly counts: readonly [number, number]; readonly forgotten: number };
}

const shapeOf = (bounds: Bounds): string =>
  JSON.stringify([version, kinds, edgeKindList, bounds.things, bounds.edges, bounds.events]);

type Column = Uint8Array | Uint32Array | Float64Array;

function columnsOf(graph: ThreadGraph): [name: string, column: Column, used: number][] {
  const named = (of: Readonly<Record<string, Column>>, prefix: string, used: number) =>
    Object.entries(of).map(([name, column]): [string, Column, number] => {
      return [`${prefix}.${name}`, column, used];
    });
  return [
    ...named(graph.things, 'things', graph.usedThings),
    ...named(graph.edges, 'edges', graph.usedEdges),
    ['names', graph.names, graph.names.length],
  ];
}

/** A graph in parts, each made when it is asked for; nothing may be folded in between. */
export function* snapshotOf(graph: ThreadGraph): Generator<Part> {
  const { usedThings, usedEdges, freeThings, freeEdges, counters, index } = graph;
  const counts: [number, number] = [index.current.count, index.previous.count];
  const held = { counts, forgotten: index.forgotten };
  const shape = shapeOf(graph.bounds);
  const free = { freeThings: [...freeThings], freeEdges: [...freeEdges] };
  yield {
    kind: 'head',
    head: { shape, usedThings, usedEdges, ...free, counters: { ...counters }, index: held },
  };
  for (let at = 0; at < usedThings; at += keysAtOnce) {
    const keys = graph.keys.slice(at, Math.min(usedThings, at + keysAtOnce));
    yield { kind: 'keys', keys: Array.from(keys, (key) => key ?? null) };
  }
  for (const [name, column, used] of columnsOf(graph))
    yield { kind: 'column', name, bytes: bytesOf(column.subarray(0, used)) };
  yield { kind: 'column', name: 'index.current', bytes: bytesOf(index.current.words) };
  yield { kind: 'column', name: 'index.previous', bytes: bytesOf(index.previous.words) };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Column): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** The graph that a snapshot is of; undefined when it is of another shape or not whole. */
export function graphFrom(parts: readonly Part[], bounds: Bounds): ThreadGraph | undefined {
  const head = parts.find((part) => part.kind === 'head')?.head;
  if (head?.shape !== shapeOf(bounds)) return undefined;
  const graph = new ThreadGraph(bounds);
  graph.usedThings = head.usedThings;
  graph.usedEdges = head.usedEdges;
  graph.freeThings = [...head.freeThings];
  graph.freeEdges = [...head.freeEdges];
  Object.assign(graph.counters, head.counters);
  graph.keys = parts.flatMap((part) =>
    part.kind === 'keys' ? part.keys.map((key) => (key ?? undefined) as Key | undefined) : [],
  );
  if (graph.keys.length !== graph.usedThings) return undefined;
  for (const [slot, key] of graph.keys.entries()) if (key !== undefined) graph.slots.set(key, slot);
  const bytes = new Map(
    parts.flatMap((part) => (part.kind === 'column' ? [[part.name, part.bytes] as const] : [])),
  );
  for (const [name, column, used] of columnsOf(graph)) {
    const stored = bytes.get(name);
    const into = bytesOf(column.subarray(0, used));
    if (stored?.byteLength !== into.byteLength) return undefined;
    into.set(stored);
  }
  return restoreIndex(graph, head, bytes);
}

function restoreIndex(
  graph: ThreadGraph,
  head: Head,
  bytes: ReadonlyMap<string, Uint8Array>,
): ThreadGraph | undefined {
  const generation = (name: string, count: number): Generation | undefined => {
    const stored = bytes.get(name);
    if (!stored || stored.byteLength % 20 !== 0) return undefined;
    const words = new Uint32Array(stored.byteLength / 4);
    bytesOf(words).set(stored);
    const made = new Generation(words.length / 5, words);
    made.count = count;
    return made;
  };
  const [now, before] = head.index.counts;
  const current = generation('index.current', now);
  const previous = generation('index.previous', before);
  if (current?.words.length !== graph.index.current.words.length || !previous) return undefined;
  graph.index.current = current;
  graph.index.previous = previous;
  graph.index.forgotten = head.index.forgotten;
  return graph;
}
