import type { ThreadGraph } from '../../thread/graph.ts';
import { namesOf } from '../../thread/same.ts';
import { madeFrom, parentsOf, placeOf } from './near.ts';
import { quietAfter } from './summary.ts';

/** A deployment as the facts tell it. */
export interface Deployment {
  readonly slot: number;
  /** ms since the epoch, UTC. */
  readonly time: number;
  /** What was there before came back. */
  readonly rollback: boolean;
}

/** What came of the commits in the places where they ran. */
export interface Deliveries {
  /** By commit: the deployments that brought it somewhere where it was not. */
  readonly brought: ReadonlyMap<number, readonly number[]>;
  /** By commit: when which of these was taken back. */
  readonly takenBack: ReadonlyMap<number, readonly TakenBack[]>;
  /** By deployment: the commits that it names. */
  readonly commits: ReadonlyMap<number, readonly number[]>;
}

export interface TakenBack {
  readonly time: number;
  readonly deployment: number;
}

/** One that runs, or would if what came later were taken away. */
interface Running {
  readonly slot: number;
  readonly commits: readonly number[];
  readonly brought: readonly number[];
}

/** Steps of the walk between two turns. */
const turn = 200;

/**
 * Which deployment brought each commit to each place first: the deployments of a place are gone through
 * in time, and each brings what is behind its commits and was not there. That costs one look at each
 * commit, however many deployments there are. What is older by `quietAfter` than the first deployment
 * that is known of a place may have been there before, and is left out. A rollback takes back what came
 * since its target; then the next deployment that has it brings it again.
 */
export function* findDeliveries(
  graph: ThreadGraph,
  deployments: readonly Deployment[],
): Generator<void, Deliveries> {
  const brought = new Map<number, number[]>();
  const takenBack = new Map<number, TakenBack[]>();
  const commits = new Map<number, readonly number[]>();
  const places = new Map<string, Place>();
  const inTurn = deployments.toSorted(
    (a, b) => a.time - b.time || (graph.keyAt(a.slot) < graph.keyAt(b.slot) ? -1 : 1),
  );
  for (const [at, deployment] of inTurn.entries()) {
    if (at % 10 === 0) yield;
    const { slot, time, rollback } = deployment;
    const named = commitsOf(graph, slot);
    commits.set(slot, named);
    const name = placeOf(graph, slot);
    const place = places.get(name) ?? { present: new Set(), running: [], floor: time - quietAfter };
    places.set(name, place);
    if (rollback) {
      const { gone, known } = takeBack(place, named);
      const away = gone.flatMap((one) => one.brought.map((commit) => [commit, one.slot] as const));
      for (const [commit, of] of away) push(takenBack, commit, { time, deployment: of });
      if (known) continue;
    }
    const fresh = yield* bring(graph, place, named);
    for (const commit of fresh) push(brought, commit, slot);
    place.running.push({ slot, commits: named, brought: fresh });
  }
  return { brought, takenBack, commits };
}

interface Place {
  /** Commits that are there. */
  readonly present: Set<number>;
  readonly running: Running[];
  /** What was committed before may always have been there. */
  readonly floor: number;
}

/** The commits that a deployment is made from; of a change those that it was merged as. */
function commitsOf(graph: ThreadGraph, deployment: number): number[] {
  const from = madeFrom(graph, deployment);
  const commits = from.filter((slot) => graph.kindAt(slot) === 'commit');
  const merged = from
    .filter((slot) => graph.kindAt(slot) === 'change')
    .flatMap((slot) => graph.targets(slot, 'merged'));
  const found = commits.length > 0 ? commits : merged;
  return [...new Set(found.flatMap((slot) => namesOf(graph, slot)))];
}

/** What is behind these commits and was not there. */
function* bring(
  graph: ThreadGraph,
  { present, floor }: Place,
  named: readonly number[],
): Generator<void, number[]> {
  const fresh: number[] = [];
  const open = named.filter((commit) => !present.has(commit));
  for (const commit of open) present.add(commit);
  for (let here = open.pop(); here !== undefined; here = open.pop()) {
    fresh.push(here);
    if (fresh.length % turn === 0) yield;
    for (const parent of parentsOf(graph, here)) {
      if (present.has(parent) || graph.seenAt(parent) < floor) continue;
      present.add(parent);
      open.push(parent);
    }
  }
  return fresh;
}

/**
 * What came since the target of a rollback. Where that is not `known`, the last alone; and where the
 * rollback names the last, it is the one that was taken back.
 */
function takeBack(
  { present, running }: Place,
  target: readonly number[],
): { readonly gone: readonly Running[]; readonly known: boolean } {
  const at = running.findLastIndex(({ commits }) => commits.some((one) => target.includes(one)));
  const last = Math.max(running.length - 1, 0);
  const gone = running.splice(at < 0 || at === last ? last : at + 1);
  for (const { brought } of gone) for (const commit of brought) present.delete(commit);
  return { gone, known: at >= 0 };
}

function push<K, V>(of: Map<K, V[]>, key: K, value: V): void {
  const known = of.get(key);
  if (known) known.push(value);
  else of.set(key, [value]);
}
