import { type EdgeKind, edgeKinds } from './edge.ts';
import type { Evidence, Link, ThreadGraph } from './graph.ts';
import { includedIn } from './included.ts';
import { mainName, namesOf } from './same.ts';
import { type Key, type Kind, isHub } from './thing.ts';

/** Where a thing stands: causes above, effects below, hubs beside. */
export type Side = 'focus' | 'up' | 'down' | 'beside';

/** A thing of a thread. Times are ms since the epoch, UTC. */
export interface Thing {
  readonly key: Key;
  readonly kind: Kind;
  readonly side: Side;
  /** Edges between it and what was asked for; 0 for that itself. */
  readonly distance: number;
  /** When it was first heard of. */
  readonly seen: number;
  /** First and last fact that is about it; undefined where it is only named by others. */
  readonly first: Evidence | undefined;
  readonly last: Evidence | undefined;
  /** Things beyond it that are left out: it is where many threads meet. */
  readonly leftOut: number;
}

/** An edge of a thread, with the fact that says so. */
export interface ThreadEdge {
  readonly from: Key;
  readonly to: Key;
  readonly kind: EdgeKind;
  readonly evidence: Evidence;
}

export interface Thread {
  /** What was asked for first, then by time. */
  readonly things: readonly Thing[];
  readonly edges: readonly ThreadEdge[];
  /** Whether a bound of the walk was met, so that there may be more. */
  readonly cut: boolean;
}

/** Things on one side; those nearest stay. */
export const maxSide = 200;
/** A thing that leads to more is shown and not gone through. */
export const maxFan = 100;
/** Neighbours of a hub that was asked for, the newest. */
const maxOfHub = 50;

interface Step {
  readonly to: number;
  readonly kind: EdgeKind;
  readonly evidence: Evidence;
  /** Whether it is the edge's second end that the walk stands on. */
  readonly reversed: boolean;
}

/** One thread under way. */
class Walk {
  readonly graph: ThreadGraph;
  readonly placed = new Map<number, { side: Side; distance: number; leftOut: number }>();
  readonly edges = new Map<string, ThreadEdge>();
  cut = false;
  readonly #main = new Map<number, number>();
  readonly #names = new Map<number, readonly number[]>();

  constructor(graph: ThreadGraph) {
    this.graph = graph;
  }

  /** The slot under which a thing is shown. */
  mainOf(slot: number): number {
    const known = this.#main.get(slot);
    if (known !== undefined) return known;
    const names = namesOf(this.graph, slot);
    const main = mainName(this.graph, names);
    for (const name of names) this.#main.set(name, main);
    this.#names.set(main, names);
    return main;
  }

  /** All slots of a thing by the one under which it is shown. */
  namesOf(main: number): readonly number[] {
    return this.#names.get(this.mainOf(main)) ?? [main];
  }

  put(slot: number, side: Side, distance: number): void {
    this.placed.set(slot, { side, distance, leftOut: 0 });
  }

  join(here: number, step: Step): void {
    const [from, to] = step.reversed ? [step.to, here] : [here, step.to];
    const { kind, evidence } = step;
    const edge = { from: this.graph.keyAt(from), to: this.graph.keyAt(to), kind, evidence };
    const name = `${edge.from}\n${edge.to}\n${kind}`;
    const known = this.edges.get(name);
    if (!known || evidence.time < known.evidence.time) this.edges.set(name, edge);
  }

  seen(main: number): number {
    return Math.min(...this.namesOf(main).map((slot) => this.graph.seenAt(slot)));
  }

  /** Everything that one step in a direction leads to, of all names of a thing. */
  steps(main: number, side: 'up' | 'down'): Step[] {
    return this.namesOf(main).flatMap((slot) => this.#stepsOf(slot, side));
  }

  /** The hubs that a thing touches. */
  hubs(main: number): Step[] {
    return this.namesOf(main).flatMap((slot) =>
      [...this.graph.outgoing(slot)]
        .filter(({ kind }) => edgeKinds[kind].way === 'context')
        .map((link) => this.#step(link, false)),
    );
  }

  #stepsOf(slot: number, side: 'up' | 'down'): Step[] {
    const steps: Step[] = [];
    const down = side === 'down';
    for (const link of down ? this.graph.outgoing(slot) : this.graph.incoming(slot))
      if (edgeKinds[link.kind].way === 'directed') steps.push(this.#step(link, !down));
    for (const reversed of [false, true])
      for (const link of reversed ? this.graph.incoming(slot) : this.graph.outgoing(slot))
        if (link.kind === 'chained') steps.push(...this.#chained(slot, link, side));
        else if (link.kind === 'linked')
          this.#either(slot, this.#step(link, reversed), side, steps);
    return steps;
  }

  #step({ from, to, kind, evidence }: Link, reversed: boolean): Step {
    return { to: this.mainOf(reversed ? from : to), kind, evidence, reversed };
  }

  #either(slot: number, step: Step, side: 'up' | 'down', steps: Step[]): void {
    const [here, there] = [this.seen(this.mainOf(slot)), this.seen(step.to)];
    if (side === 'down' ? there >= here : there <= here) steps.push(step);
  }

  /** All that is in one chain, as if each were linked to each. */
  #chained(slot: number, { to: chain }: Link, side: 'up' | 'down'): Step[] {
    const steps: Step[] = [];
    if (slot === chain || (this.graph.things.inDegree[chain] ?? 0) > maxSide) return steps;
    for (const { from, evidence } of this.graph.incoming(chain)) {
      if (this.mainOf(from) === this.mainOf(slot)) continue;
      const to = this.mainOf(from);
      this.#either(slot, { to, kind: 'chained', evidence, reversed: side === 'up' }, side, steps);
    }
    return steps;
  }
}

/** The thread of a thing: what led to it and what it led to, without going sideways. */
export function threadOf(graph: ThreadGraph, slot: number): Thread {
  const walk = new Walk(graph);
  const focus = walk.mainOf(slot);
  walk.put(focus, 'focus', 0);
  if (isHub(graph.kindAt(focus))) {
    aroundHub(walk, focus);
  } else {
    spread(walk, focus, 'up');
    spread(walk, focus, 'down');
    reasons(walk, focus);
    beside(walk);
  }
  return {
    things: [...walk.placed].map(([main, place]) => thingOf(walk, main, place)).sort(inOrder),
    edges: [...walk.edges.values()].filter((edge) => !isWeaker(edge, walk.edges)).sort(byTime),
    cut: walk.cut,
  };
}

function spread(walk: Walk, focus: number, side: 'up' | 'down'): void {
  const queue = [focus];
  const room = { left: maxSide };
  for (const here of queue) {
    const steps = stepsFrom(walk, here, side);
    const ahead = new Set(steps.map(({ to }) => to));
    if (ahead.size > maxFan && here !== focus) {
      leaveOut(walk, here, ahead.size);
      continue;
    }
    const inTurn = steps.toSorted((a, b) => newestFirst(walk, a.to, b.to));
    const fresh = inTurn.filter((step) => go(walk, here, step, { side, room }));
    queue.push(...fresh.map(({ to }) => to));
  }
}

/** A commit was asked for by what its change was: that is over the commit, though the change is below. */
function reasons(walk: Walk, focus: number): void {
  if (walk.graph.kindAt(focus) !== 'commit') return;
  const changes = walk.steps(focus, 'down').filter(({ kind }) => kind === 'in');
  for (const { to: change } of changes)
    for (const step of walk.steps(change, 'up')) {
      if (step.kind !== 'asked' && step.kind !== 'fixed') continue;
      if (go(walk, change, step, { side: 'up', room: { left: 1 } })) spread(walk, step.to, 'up');
    }
}

function stepsFrom(walk: Walk, here: number, side: 'up' | 'down'): Step[] {
  const steps = walk.steps(here, side);
  if (side === 'up' || walk.graph.kindAt(here) !== 'commit') return steps;
  const included = includedIn(walk.graph, here);
  return [
    ...steps,
    ...included.map(({ slot, evidence }): Step => {
      return { to: walk.mainOf(slot), kind: 'included', evidence, reversed: false };
    }),
  ];
}

/** Takes one step; whether what it leads to is new. */
function go(
  walk: Walk,
  here: number,
  step: Step,
  { side, room }: { readonly side: 'up' | 'down'; readonly room: { left: number } },
): boolean {
  const known = walk.placed.get(step.to);
  if (known) {
    if (known.side === side || known.side === 'focus') walk.join(here, step);
    return false;
  }
  if (room.left === 0) {
    walk.cut = true;
    return false;
  }
  room.left--;
  walk.put(step.to, side, (walk.placed.get(here)?.distance ?? 0) + 1);
  walk.join(here, step);
  return true;
}

function leaveOut(walk: Walk, here: number, count: number): void {
  const place = walk.placed.get(here);
  if (place) place.leftOut += count;
}

const newestFirst = (walk: Walk, a: number, b: number): number =>
  walk.seen(b) - walk.seen(a) || (walk.graph.keyAt(a) < walk.graph.keyAt(b) ? -1 : 1);

/** The hubs that what was found touches; nothing beyond them. */
function beside(walk: Walk): void {
  for (const [main, { distance }] of walk.placed) {
    if (isHub(walk.graph.kindAt(main))) continue;
    for (const step of walk.hubs(main)) {
      if (!walk.placed.has(step.to)) walk.put(step.to, 'beside', distance + 1);
      walk.join(main, step);
    }
  }
}

/** What touches a hub that was asked for: the newest, and nothing beyond. */
function aroundHub(walk: Walk, hub: number): void {
  const links = [...walk.graph.incoming(hub)].filter(
    ({ kind }) => edgeKinds[kind].way === 'context',
  );
  const newest = links.sort((a, b) => b.evidence.time - a.evidence.time || b.from - a.from);
  for (const { from, kind, evidence } of newest.slice(0, maxOfHub)) {
    const main = walk.mainOf(from);
    if (!walk.placed.has(main)) walk.put(main, 'down', 1);
    walk.join(hub, { to: main, kind, evidence, reversed: true });
  }
  if (links.length > maxOfHub) leaveOut(walk, hub, links.length - maxOfHub);
}

function thingOf(
  walk: Walk,
  main: number,
  place: { readonly side: Side; readonly distance: number; readonly leftOut: number },
): Thing {
  const { graph } = walk;
  const told = walk.namesOf(main).filter((slot) => (graph.things.firstOffset[slot] ?? 0) > 0);
  const evidence = (of: 'first' | 'last'): Evidence[] =>
    told.map((slot) => ({
      time: graph.things[`${of}Time`][slot] ?? 0,
      offset: graph.things[`${of}Offset`][slot] ?? 0,
    }));
  return {
    key: graph.keyAt(main),
    kind: graph.kindAt(main),
    ...place,
    seen: walk.seen(main),
    first: evidence('first').sort(earlier)[0],
    last: evidence('last').sort((a, b) => b.time - a.time || a.offset - b.offset)[0],
  };
}

/** What says less than another edge between the same two: that it was tried once it was done. */
function isWeaker({ from, to, kind }: ThreadEdge, edges: ReadonlyMap<string, unknown>): boolean {
  const stronger = kind === 'attempted' ? 'deployed' : kind === 'asked' ? 'fixed' : undefined;
  return stronger !== undefined && edges.has(`${from}\n${to}\n${stronger}`);
}

const earlier = (a: Evidence, b: Evidence): number => a.time - b.time || a.offset - b.offset;

/** What was asked for first; then by time, and of one time what is nearer to a cause. */
function inOrder(a: Thing, b: Thing): number {
  const first = Number(b.side === 'focus') - Number(a.side === 'focus');
  const depth = ({ side, distance }: Thing): number => (side === 'up' ? -distance : distance);
  const time = ({ first: told, seen }: Thing): number => told?.time ?? seen;
  return first || time(a) - time(b) || depth(a) - depth(b) || (a.key < b.key ? -1 : 1);
}

function byTime(a: ThreadEdge, b: ThreadEdge): number {
  const name = ({ from, to, kind }: ThreadEdge): string => `${from}\n${to}\n${kind}`;
  return earlier(a.evidence, b.evidence) || (name(a) < name(b) ? -1 : 1);
}
