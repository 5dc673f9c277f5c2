import {
  type Health,
  type HealthById,
  type HealthState,
  type Observed,
  processKey,
} from '../health.ts';
import type { MapModel } from '../model.ts';
import { assess } from './assess.ts';
import { needGraph } from './needs.ts';
import { isBad, rankOf } from './order.ts';

/** What would become of a node or process. */
export interface Simulated {
  readonly id: string;
  /** As it is shown now. */
  readonly from: HealthState;
  readonly to: HealthState;
  /** As in `Health`: own id first, one of those that went down last. */
  readonly because: readonly string[];
}

/**
 * What would get worse if these went down, without themselves: processes first, the worst and then
 * the most critical first. It asks what would follow, and so takes what is seen to be good now
 * among those that need them as not known: that the application works today says nothing of a day
 * without its database. What follows from that alone is not counted: both sides of the comparison
 * are without it.
 */
export function simulate(
  model: MapModel,
  observed: ReadonlyMap<string, Observed>,
  down: readonly string[],
): readonly Simulated[] {
  const gone = new Set(down);
  const without = new Map(observed);
  for (const id of dependentsOf(model, gone))
    if (observed.get(id)?.state === 'ok') without.set(id, { state: 'no-evidence', evidence: [] });
  const now = assess(model, observed);
  const before = assess(model, without);
  for (const id of gone) without.set(id, { state: 'down', evidence: [] });
  const after = assess(model, without);
  const changes = [...after].flatMap(([id, health]) =>
    gone.has(id) ? [] : changeOf(id, health, { now, before }),
  );
  return inOrder(changes, model);
}

/** Processes first, the worst, then the most critical. */
function inOrder(changes: readonly Simulated[], model: MapModel): Simulated[] {
  const processes = new Map([...model.processes].map(([id, one]) => [processKey(id), one]));
  const level = (id: string): number => processes.get(id)?.criticality ?? Infinity;
  return changes.toSorted(
    (a, b) =>
      Number(processes.has(b.id)) - Number(processes.has(a.id)) ||
      rankOf(b.to) - rankOf(a.to) ||
      byNumber(level(a.id), level(b.id)) ||
      (a.id < b.id ? -1 : 1),
  );
}

const byNumber = (a: number, b: number): number => Number(a > b) - Number(a < b);

interface Compared {
  readonly now: HealthById;
  readonly before: HealthById;
}

function changeOf(id: string, { shown, because }: Health, { now, before }: Compared): Simulated[] {
  const was = before.get(id)?.shown ?? 'no-evidence';
  // That less would be known is no damage.
  if (!isBad(rankOf(shown)) || rankOf(shown) <= rankOf(was)) return [];
  return [{ id, from: now.get(id)?.shown ?? 'no-evidence', to: shown, because }];
}

/** All that need them, however indirectly, without themselves. */
function dependentsOf(model: MapModel, of: ReadonlySet<string>): string[] {
  const { ids, numbers, neededBy } = needGraph(model);
  const reached = new Set([...of].flatMap((id) => numbers.get(id) ?? []));
  // A Set gives what is added while it is gone through.
  for (const number of reached) for (const one of neededBy[number] ?? []) reached.add(one);
  return [...reached].map((number) => ids[number] ?? '').filter((id) => !of.has(id));
}

/** Processes that a sentence names before it counts the rest. */
const maxNamed = 10;

const words: Readonly<Record<HealthState, string>> = {
  ok: 'ok',
  'at-risk': 'at risk',
  degraded: 'degraded',
  down: 'down',
  'no-evidence': 'no evidence',
};

/** `if orders-db went down: checkout down, browse at risk`, by the titles of the map. */
export function sentenceOf(
  model: MapModel,
  down: readonly string[],
  changes: readonly Simulated[],
): string {
  const processes = new Map([...model.processes].map(([id, one]) => [processKey(id), one]));
  const title = (id: string) => (processes.get(id) ?? model.nodes.get(id))?.title ?? id;
  const named = changes.filter(({ id }) => processes.has(id));
  const parts = named.slice(0, maxNamed).map(({ id, to }) => `${title(id)} ${words[to]}`);
  if (named.length > maxNamed) parts.push(`and ${named.length - maxNamed} more`);
  const nodes = changes.length - named.length;
  const rest = nodes === 1 ? '1 node would get worse' : `${nodes} nodes would get worse`;
  const none = nodes === 0 ? 'nothing else would change' : `no process would change, ${rest}`;
  const who = down.map(title).join(' and ');
  return `if ${who} went down: ${parts.length === 0 ? none : parts.join(', ')}`;
}
