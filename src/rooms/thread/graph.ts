import { type EdgeKind, edgeKindList, edgeKinds } from './edge.ts';
import { EventIndex, hashOf } from './event-index.ts';
import { type Key, type Kind, kindOf, kinds, nameOf, shortName } from './thing.ts';

/** How much is kept. Reached, a tenth is forgotten: what has no links first, the oldest first. */
export interface Bounds {
  readonly things: number;
  readonly edges: number;
  /** Ids of events, by which links find them; twice as many at most. */
  readonly events: number;
}

export const defaultBounds: Bounds = { things: 500_000, edges: 1_500_000, events: 500_000 };

/** Where a fact stands: what an edge or a thing is known from. */
export interface Evidence {
  /** Event time: ms since the epoch, UTC. */
  readonly time: number;
  /** In the stream of facts. */
  readonly offset: number;
}

/** An edge as the graph keeps it. */
export interface Link {
  readonly from: number;
  readonly to: number;
  readonly kind: EdgeKind;
  readonly evidence: Evidence;
}

/** One fact adds so much at most; there is room for it before anything is forgotten. */
const spare = 512;
const parent = edgeKindList.indexOf('parent');

/**
 * Things and the edges between them, in columns: a million edges in 33 MB. Slots are used again once
 * their thing is forgotten. Slot 0 and edge 0 are never used, so that 0 means none.
 */
export class ThreadGraph {
  readonly bounds: Bounds;
  readonly counters = { folded: 0, forgottenThings: 0, forgottenEdges: 0 };
  readonly index: EventIndex;
  readonly slots = new Map<Key, number>();
  keys: (Key | undefined)[] = [undefined];
  freeThings: number[] = [];
  freeEdges: number[] = [];
  usedThings = 1;
  usedEdges = 1;
  readonly things;
  readonly edges;
  readonly names: Uint32Array;

  constructor(bounds: Bounds = defaultBounds) {
    this.bounds = bounds;
    this.index = new EventIndex(bounds.events);
    // Pages that nothing was written to take no memory.
    this.things = thingColumns(bounds.things + spare);
    this.edges = edgeColumns(bounds.edges + spare);
    this.names = new Uint32Array(2 ** Math.ceil(Math.log2(bounds.things / 2 + 2)));
  }

  get thingCount(): number {
    return this.slots.size;
  }

  get edgeCount(): number {
    return this.usedEdges - 1 - this.freeEdges.length;
  }

  get isFull(): boolean {
    return this.thingCount > this.bounds.things || this.edgeCount > this.bounds.edges;
  }

  keyAt(slot: number): Key {
    return this.keys[slot] ?? 'event/';
  }

  kindAt(slot: number): Kind {
    return kinds[this.things.kind[slot] ?? 0] ?? 'event';
  }

  /** When it was first heard of: its own first fact, or what named it before. */
  seenAt(slot: number): number {
    return this.things.seen[slot] ?? 0;
  }

  /** The slot of a thing, which is made if it is new. */
  slotOf(key: Key): number {
    const known = this.slots.get(key);
    if (known !== undefined) return known;
    const slot = this.freeThings.pop() ?? this.usedThings++;
    this.slots.set(key, slot);
    this.keys[slot] = key;
    this.place(slot, key);
    this.things.seen[slot] = Number.POSITIVE_INFINITY;
    return slot;
  }

  /** Puts a thing into the index of names. */
  place(slot: number, key: Key): void {
    const { things, names } = this;
    const kind = kindOf(key);
    const bucket = this.bucketOf(shortName(kind, nameOf(key)));
    things.kind[slot] = kinds.indexOf(kind);
    things.nextName[slot] = names[bucket] ?? 0;
    names[bucket] = slot;
  }

  bucketOf(name: string): number {
    return hashOf(name) & (this.names.length - 1);
  }

  /** Slots whose short name may be this one. */
  *named(name: string): Generator<number> {
    let slot = this.names[this.bucketOf(name)] ?? 0;
    for (; slot !== 0; slot = this.things.nextName[slot] ?? 0) yield slot;
  }

  /** A fact that the thing is the subject of. The first and the last count, whatever comes when. */
  tell(slot: number, { time, offset }: Evidence): void {
    const { things } = this;
    this.see(slot, time);
    // Of facts of one time the one that came first counts: a repeated one changes nothing.
    const before = things.firstOffset[slot] === 0;
    if (before || isEarlier(time, offset, things.firstTime[slot], things.firstOffset[slot])) {
      things.firstTime[slot] = time;
      things.firstOffset[slot] = offset;
    }
    const last = things.lastTime[slot] ?? 0;
    if (before || time > last || (time === last && offset < (things.lastOffset[slot] ?? 0))) {
      things.lastTime[slot] = time;
      things.lastOffset[slot] = offset;
    }
  }

  see(slot: number, time: number): void {
    if (time < (this.things.seen[slot] ?? 0)) this.things.seen[slot] = time;
  }

  /** Adds an edge; of several facts that say the same the earliest is its evidence. */
  link(from: number, to: number, kind: EdgeKind, evidence: Evidence): void {
    this.see(from, evidence.time);
    this.see(to, evidence.time);
    if (from === to) return;
    const { edges } = this;
    const code = edgeKindList.indexOf(kind);
    const known = this.#edge(from, to, code);
    if (known !== 0) {
      const { time, offset } = evidence;
      if (!isEarlier(time, offset, edges.time[known], edges.offset[known])) return;
      edges.time[known] = time;
      edges.offset[known] = offset;
      return;
    }
    const edge = this.freeEdges.pop() ?? this.usedEdges++;
    edges.from[edge] = from;
    edges.to[edge] = to;
    edges.kind[edge] = code;
    edges.time[edge] = evidence.time;
    edges.offset[edge] = evidence.offset;
    this.attach(edge);
  }

  /** Puts an edge into the lists of its ends. */
  attach(edge: number): void {
    const { edges, things } = this;
    const [from, to] = [edges.from[edge] ?? 0, edges.to[edge] ?? 0];
    edges.nextOut[edge] = things.out[from] ?? 0;
    edges.nextIn[edge] = things.in[to] ?? 0;
    things.out[from] = edge;
    things.in[to] = edge;
    add(things.outDegree, from);
    add(things.inDegree, to);
    const kind = edges.kind[edge] ?? 0;
    if (kind === parent || edgeKinds[edgeKindList[kind] ?? 'at'].way === 'context') return;
    add(things.links, from);
    add(things.links, to);
  }

  /** The edge of this kind between two, 0 when there is none: the shorter list is looked through. */
  #edge(from: number, to: number, code: number): number {
    const { edges, things } = this;
    const outwards = (things.outDegree[from] ?? 0) <= (things.inDegree[to] ?? 0);
    let edge = (outwards ? things.out[from] : things.in[to]) ?? 0;
    while (edge !== 0) {
      const ends = edges.from[edge] === from && edges.to[edge] === to;
      if (ends && edges.kind[edge] === code) return edge;
      edge = (outwards ? edges.nextOut[edge] : edges.nextIn[edge]) ?? 0;
    }
    return 0;
  }

  /** Where the edges of one kind lead, without what else they say. */
  targets(slot: number, kind: EdgeKind): number[] {
    const { edges, things } = this;
    const code = edgeKindList.indexOf(kind);
    const found: number[] = [];
    for (let edge = things.out[slot] ?? 0; edge !== 0; edge = edges.nextOut[edge] ?? 0)
      if (edges.kind[edge] === code) found.push(edges.to[edge] ?? 0);
    return found;
  }

  /** Edges from a thing, and to it. */
  *outgoing(slot: number): Generator<Link> {
    let edge = this.things.out[slot] ?? 0;
    for (; edge !== 0; edge = this.edges.nextOut[edge] ?? 0) yield this.linkAt(edge);
  }

  *incoming(slot: number): Generator<Link> {
    let edge = this.things.in[slot] ?? 0;
    for (; edge !== 0; edge = this.edges.nextIn[edge] ?? 0) yield this.linkAt(edge);
  }

  linkAt(edge: number): Link {
    const { edges } = this;
    return {
      from: edges.from[edge] ?? 0,
      to: edges.to[edge] ?? 0,
      kind: edgeKindList[edges.kind[edge] ?? 0] ?? 'linked',
      evidence: { time: edges.time[edge] ?? 0, offset: edges.offset[edge] ?? 0 },
    };
  }
}

function isEarlier(time: number, offset: number, thanTime = 0, thanOffset = 0): boolean {
  return time < thanTime || (time === thanTime && offset < thanOffset);
}

function add(counts: Uint32Array, at: number): void {
  counts[at] = (counts[at] ?? 0) + 1;
}

function thingColumns(size: number) {
  return {
    kind: new Uint8Array(size),
    seen: new Float64Array(size),
    firstTime: new Float64Array(size),
    firstOffset: new Float64Array(size),
    lastTime: new Float64Array(size),
    lastOffset: new Float64Array(size),
    out: new Uint32Array(size),
    in: new Uint32Array(size),
    outDegree: new Uint32Array(size),
    inDegree: new Uint32Array(size),
    /** Edges that a thread goes over: neither parents nor hubs. */
    links: new Uint32Array(size),
    nextName: new Uint32Array(size),
  };
}

function edgeColumns(size: number) {
  return {
    from: new Uint32Array(size),
    to: new Uint32Array(size),
    kind: new Uint8Array(size),
    time: new Float64Array(size),
    offset: new Float64Array(size),
    nextOut: new Uint32Array(size),
    nextIn: new Uint32Array(size),
  };
}
