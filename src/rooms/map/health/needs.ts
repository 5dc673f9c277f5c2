import { processKey } from '../health.ts';
import type { MapModel } from '../model.ts';

/** A need of so many of its members, by their numbers. */
export interface GroupNeed {
  readonly members: readonly number[];
  /** 1 to the number of members. */
  readonly need: number;
}

/** What one node or process needs, by numbers. */
export interface Needs {
  readonly hard: number[];
  readonly soft: number[];
  readonly groups: GroupNeed[];
}

/**
 * Who needs what. Nodes and processes are numbered in the order of their ids, so that the least of
 * several does not depend on the order in which a map is written.
 */
export interface NeedGraph {
  readonly ids: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
  readonly needs: readonly Needs[];
  /** Who needs it, each once. */
  readonly neededBy: readonly (readonly number[])[];
  /** Processes that declare no measure and no names of their own, by number: they are what they need. */
  readonly isSum: readonly boolean[];
  /** Those of them that need another of them. */
  readonly sumsOfSums: readonly number[];
}

const known = new WeakMap<MapModel, NeedGraph>();

/** The graph of a map, made once for each. Flow and escalation do not carry health. */
export function needGraph(model: MapModel): NeedGraph {
  const found = known.get(model);
  if (found) return found;
  const made = makeGraph(model);
  known.set(model, made);
  return made;
}

function makeGraph(model: MapModel): NeedGraph {
  const keys = [...model.processes.keys()].map(processKey);
  const ids = [...model.nodes.keys(), ...keys].toSorted();
  const numbers = new Map(ids.map((id, number) => [id, number]));
  const needs = ids.map((): Needs => ({ hard: [], soft: [], groups: [] }));
  // A process may be named with or without its prefix, as it stands in map.yaml.
  const numberOf = (id: string) => numbers.get(id) ?? numbers.get(processKey(id));
  const add = (from: string, kind: 'hard' | 'soft', to: string): void => {
    const needed = numberOf(to);
    if (needed !== undefined) needs[numberOf(from) ?? -1]?.[kind].push(needed);
  };
  for (const { from, to, kind } of model.edges)
    if (kind === 'hard' || kind === 'soft') add(from, kind, to);
  for (const { id, needs: all } of model.processes.values())
    for (const { id: to, kind } of all) add(processKey(id), kind, to);
  for (const { from, members, need } of model.groups) {
    const there = [...new Set(members)].map(numberOf).filter((one) => one !== undefined);
    if (there.length === 0 || need < 1) continue;
    const group = { members: there, need: Math.min(need, there.length) };
    needs[numberOf(from) ?? -1]?.groups.push(group);
  }
  const sums = [...model.processes.values()].filter(
    ({ sli, names }) => sli === undefined && Object.keys(names).length === 0,
  );
  const keysOfSums = new Set(sums.map(({ id }) => processKey(id)));
  const isSum = ids.map((id) => keysOfSums.has(id));
  const sumsOfSums = [...ids.keys()].filter(
    (number) => isSum[number] && [...allNeeds(needs[number] ?? none)].some((one) => isSum[one]),
  );
  return { ids, numbers, needs, neededBy: reverse(needs), isSum, sumsOfSums };
}

const none: Needs = { hard: [], soft: [], groups: [] };

/** All that one needs, in whatever way, each once. */
export function allNeeds({ hard, soft, groups }: Needs): Set<number> {
  return new Set([...hard, ...soft, ...groups.flatMap(({ members }) => members)]);
}

function reverse(needs: readonly Needs[]): number[][] {
  const neededBy = needs.map((): number[] => []);
  for (const [number, of] of needs.entries())
    for (const needed of allNeeds(of)) neededBy[needed]?.push(number);
  return neededBy;
}
