import type { MapProblem, MapProblemKind } from '../seen.ts';
import { doubts } from './doubts.ts';
import { offTheMap } from './off-map.ts';
import { silentProblems } from './silent.ts';
import type { Situation } from './situation.ts';
import { lastHeard, sightingsOf } from './whereabouts.ts';

/** Problems that are told at once; of more only the number. */
export const maxProblems = 500;

/** In this order they are told. */
const order: readonly MapProblemKind[] = [
  'contradiction',
  'unexplained',
  'need-without-effect',
  'stale',
  'declared-never-seen',
  'seen-never-declared',
];

/** Where the map and what happens do not agree, in a stable order; at most `maxProblems`. */
export function findProblems(situation: Situation): readonly MapProblem[] {
  return lookForProblems(situation).problems;
}

/** The same, with how many more there were. */
export function lookForProblems(situation: Situation): {
  readonly problems: readonly MapProblem[];
  readonly left: number;
} {
  const sightings = sightingsOf(situation);
  const off = offTheMap(sightings, situation, maxProblems);
  const all = [
    ...doubts(situation),
    ...silentProblems(situation, lastHeard(sightings, situation)),
    ...off.problems,
  ].toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.id < b.id ? -1 : 1));
  const problems = all.slice(0, maxProblems);
  return { problems, left: off.left + all.length - problems.length };
}
