import type { ThreadGraph } from '../../thread/graph.ts';
import { namesOf } from '../../thread/same.ts';
import { type Key, type Kind, kindOf } from '../../thread/thing.ts';
import { type Deliveries, type Deployment, findDeliveries } from './deliveries.ts';
import { type FlowingItem, type Moment, readItem } from './item.ts';
import type { StreamMarks } from './marks.ts';
import { branchOf, madeFrom, madeOf, openBranchOf, parentsOf, sources } from './near.ts';
import { pushedCommits } from './pushed.ts';
import type { WorkKind } from './work-kind.ts';

/** An item as it is known in threads. */
export interface FoundItem {
  readonly key: Key;
  readonly item: FlowingItem;
  readonly kind: WorkKind;
}

/** The moments of each thing, for one stream. */
export type MomentsByKey = ReadonlyMap<Key, readonly Moment[]>;

interface Given {
  readonly graph: ThreadGraph;
  readonly marks: StreamMarks;
  readonly moments: MomentsByKey;
  /** What the facts about a thing say that it is done for. */
  readonly kindOfWork: (key: Key) => WorkKind;
  /** The branch of a commit that came without its parents. */
  readonly branchOf: (commit: Key) => Key | undefined;
  /** ms since the epoch. */
  readonly now: number;
}

/** Which things are items; those of a later kind only where none of an earlier has them. */
const itemKinds: Readonly<Record<StreamMarks['kind'], readonly Kind[]>> = {
  change: ['change', 'commit'],
  incident: ['incident', 'condition'],
  case: ['case', 'ticket'],
  card: ['card', 'ticket'],
};

/** Items between two turns. */
const turn = 5;
/** Things that one item is followed to. */
const maxThings = 1000;

/** The items of a stream and their times. Yields between its steps, so that others get their turn. */
export function* findItems(given: Given): Generator<void, FoundItem[]> {
  const candidates =
    given.marks.kind === 'change' ? yield* changesOf(given) : yield* simpleOf(given);
  const found: FoundItem[] = [];
  for (const [at, { key, slots, more }] of candidates.entries()) {
    if (at % turn === 0) yield;
    const moments = newest([...momentsOf(given, slots), ...more]);
    const kind = kindOfItem(given, key, slots);
    for (const item of readItem(given.marks, moments, given.now)) found.push({ key, item, kind });
  }
  return found;
}

/** Facts of one item that are looked at: what flaps for years would take long to read. */
export const maxMoments = 2000;

function newest(moments: readonly Moment[]): readonly Moment[] {
  if (moments.length <= maxMoments) return moments;
  const byTime = (a: Moment, b: Moment): number =>
    b.time - a.time || a.mark - b.mark || a.thing - b.thing;
  return moments.toSorted(byTime).slice(0, maxMoments);
}

/** A thing that may be an item, and all that tells of it. */
interface Candidate {
  readonly key: Key;
  readonly slots: readonly number[];
  readonly more: readonly Moment[];
}

function momentsOf({ graph, marks, moments }: Given, slots: readonly number[]): Moment[] {
  return slots.flatMap((slot) =>
    (moments.get(graph.keyAt(slot)) ?? []).filter(
      ({ mark }) => marks.marks[mark]?.role !== 'rollback',
    ),
  );
}

/** The ticket that it was done for knows best. */
function kindOfItem({ graph, kindOfWork }: Given, key: Key, slots: readonly number[]): WorkKind {
  const own = slots.filter((slot) => isAbout(graph.kindAt(slot)));
  const asked = own.flatMap((slot) => [
    ...sources(graph, slot, 'asked'),
    ...sources(graph, slot, 'fixed'),
  ]);
  const keys = [
    ...asked.map((slot) => graph.keyAt(slot)),
    key,
    ...own.map((slot) => graph.keyAt(slot)),
  ];
  for (const one of keys) {
    const kind = kindOfWork(one);
    if (kind !== 'unknown') return kind;
  }
  return 'unknown';
}

const isAbout = (kind: Kind): boolean => kind === 'change' || kind === 'commit';

/** Incidents, cases and cards: what is told of them, and of what they are tracked as. */
function* simpleOf({ graph, marks, moments }: Given): Generator<void, Candidate[]> {
  const found: Candidate[] = [];
  const taken = new Set<number>();
  for (const kind of itemKinds[marks.kind]) {
    let seen = 0;
    for (const key of moments.keys()) {
      if (kindOf(key) !== kind) continue;
      if (seen++ % turn === 0) yield;
      const slot = graph.slots.get(key);
      if (slot === undefined || taken.has(slot)) continue;
      const slots = namesOf(graph, slot).flatMap((one) => [one, ...beside(graph, one)]);
      for (const one of slots) taken.add(one);
      found.push({ key, slots: [...new Set(slots)], more: [] });
    }
  }
  return found;
}

/** What the same trouble or wish is called elsewhere. */
function beside(graph: ThreadGraph, slot: number): number[] {
  const kinds: ReadonlySet<Kind> = new Set(['alert', 'ticket', 'card']);
  const found: number[] = [];
  for (const { to, kind } of graph.outgoing(slot))
    if (kind === 'tracked' || (kind === 'linked' && kinds.has(graph.kindAt(to)))) found.push(to);
  for (const { from, kind } of graph.incoming(slot)) if (kind === 'raised') found.push(from);
  return found;
}

function* changesOf(given: Given): Generator<void, Candidate[]> {
  const { graph, moments } = given;
  const deliveries = yield* findDeliveries(graph, yield* deploymentsIn(given));
  const near = new Near(given, deliveries);
  const { changes, commits } = yield* changesIn(graph, moments);
  const pushed = yield* pushedCommits(graph, changes, commits, given.branchOf);
  const covered = new Set<number>();
  const mainline = yield* mainlineOf(graph, changes);
  const found: Candidate[] = [];
  for (const [at, change] of changes.entries()) {
    if (at % turn === 0) yield;
    const own = ownCommits(
      graph,
      change,
      (one) => mainline.has(one) || deliveries.brought.has(one),
    );
    for (const commit of pushed.get(change.slot) ?? []) own.add(commit);
    for (const commit of own) covered.add(commit);
    const last = change.merged.length > 0 ? change.merged : change.heads;
    found.push(near.candidate(change.slot, own, last));
  }
  let seen = 0;
  for (const commit of commits) {
    if (seen++ % turn === 0) yield;
    // A merge is no work of its own.
    if (covered.has(commit) || parentsOf(graph, commit).length > 1) continue;
    found.push(near.candidate(commit, [commit], [commit]));
  }
  return found;
}

/** What changes were merged as, and what was there before. */
function* mainlineOf(
  graph: ThreadGraph,
  changes: readonly Change[],
): Generator<void, ReadonlySet<number>> {
  const mainline = new Set<number>();
  for (const [at, { merged }] of changes.entries()) {
    if (at % 100 === 0) yield;
    for (const one of merged.flatMap((commit) => [commit, ...parentsOf(graph, commit)]))
      mainline.add(one);
  }
  return mainline;
}

interface Change {
  readonly slot: number;
  readonly heads: readonly number[];
  readonly merged: readonly number[];
}

/** The changes that facts tell of, and the commits that may be part of one. */
function* changesIn(
  graph: ThreadGraph,
  moments: MomentsByKey,
): Generator<void, { readonly changes: readonly Change[]; readonly commits: readonly number[] }> {
  const slots = new Set<number>();
  const commits: number[] = [];
  let seen = 0;
  for (const key of moments.keys()) {
    if (seen++ % 200 === 0) yield;
    const slot = graph.slots.get(key);
    const kind = kindOf(key);
    if (slot === undefined) continue;
    if (kind === 'change') slots.add(slot);
    if (kind !== 'commit') continue;
    commits.push(slot);
    for (const change of [...graph.targets(slot, 'in'), ...sources(graph, slot, 'merged')])
      if (graph.kindAt(change) === 'change') slots.add(change);
  }
  const changes: Change[] = [];
  for (const slot of slots) {
    if (seen++ % 50 === 0) yield;
    const merged = graph.targets(slot, 'merged');
    const heads = sources(graph, slot, 'in');
    changes.push({ slot, merged, heads });
  }
  return { changes, commits };
}

/** Its head, what is behind that and nowhere else, and what it was merged as. */
function ownCommits(
  graph: ThreadGraph,
  { heads, merged }: Change,
  known: (commit: number) => boolean,
): Set<number> {
  const base = merged
    .flatMap((commit) => parentsOf(graph, commit))
    .filter((one) => !heads.includes(one));
  const branches = heads
    .filter((head) => !merged.includes(head))
    .flatMap((head) =>
      merged.length > 0 ? branchOf(graph, head, base) : openBranchOf(graph, head, known),
    );
  return new Set([...merged, ...heads, ...branches]);
}

/** The deployments that facts of this stream tell of. */
function* deploymentsIn({ graph, marks, moments }: Given): Generator<void, Deployment[]> {
  const found: Deployment[] = [];
  let seen = 0;
  for (const [key, list] of moments) {
    if (seen++ % 200 === 0) yield;
    const slot = kindOf(key) === 'deployment' ? graph.slots.get(key) : undefined;
    if (slot === undefined) continue;
    const of = (role: string): number[] =>
      list.filter(({ mark }) => marks.marks[mark]?.role === role).map(({ time }) => time);
    const [rollbacks, done] = [of('rollback'), of('exit')];
    const times = rollbacks.length > 0 ? rollbacks : done;
    if (times.length > 0)
      found.push({ slot, time: Math.min(...times), rollback: rollbacks.length > 0 });
  }
  return found;
}

/** What tells of a change: its commits, what was made of them, and what brought them where they run. */
class Near {
  readonly #given: Given;
  readonly #deliveries: Deliveries;
  readonly #done: ReadonlySet<number>;
  readonly #made = new Map<number, readonly number[]>();
  readonly #carried = new Map<number, readonly number[]>();

  constructor(given: Given, deliveries: Deliveries) {
    this.#given = given;
    this.#deliveries = deliveries;
    this.#done = new Set(deliveries.commits.keys());
  }

  /** @param last commits by which it is delivered */
  candidate(slot: number, own: Iterable<number>, last: readonly number[]): Candidate {
    const { graph } = this.#given;
    const slots = new Set<number>(this.#madeOf(slot));
    for (const commit of own) for (const one of this.#madeOf(commit)) slots.add(one);
    const { brought } = this.#deliveries;
    const carriers = last.flatMap((commit) => brought.get(commit) ?? []);
    for (const one of carriers.flatMap((deployment) => this.#carriedBy(deployment))) slots.add(one);
    return {
      key: graph.keyAt(slot),
      slots: [...slots].slice(0, maxThings),
      more: last.flatMap((one) => this.#backs(one)),
    };
  }

  /** Without deployments that were done: whether they brought it is another question. */
  #madeOf(slot: number): readonly number[] {
    const known = this.#made.get(slot);
    if (known) return known;
    const made = madeOf(this.#given.graph, slot).filter((one) => !this.#done.has(one));
    this.#made.set(slot, made);
    return made;
  }

  /** The deployment, what it was made from, and what else was made of its commits. */
  #carriedBy(deployment: number): readonly number[] {
    const known = this.#carried.get(deployment);
    if (known) return known;
    const { graph } = this.#given;
    const commits = this.#deliveries.commits.get(deployment) ?? [];
    const from = madeFrom(graph, deployment).filter((one) => !isAbout(graph.kindAt(one)));
    const carried = [
      ...new Set([
        deployment,
        ...from,
        ...commits.flatMap((commit) => this.#madeOf(commit).filter((one) => one !== commit)),
      ]),
    ];
    this.#carried.set(deployment, carried);
    return carried;
  }

  /** Where it was taken back after it had left a stage. */
  #backs(commit: number): Moment[] {
    const { graph, marks, moments } = this.#given;
    return (this.#deliveries.takenBack.get(commit) ?? []).flatMap(({ time, deployment }) => {
      const left = (moments.get(graph.keyAt(deployment)) ?? []).flatMap(({ mark }) => {
        const found = marks.marks[mark];
        return found?.role === 'exit' ? found.stage : [];
      });
      if (left.length === 0) return [];
      return [{ time, mark: marks.back + Math.min(...left), thing: deployment }];
    });
  }
}
