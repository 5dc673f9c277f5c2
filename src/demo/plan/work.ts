import { type ChangeKind, changeKinds } from '../repositories/changes.ts';
import { chanceOf } from './chance.ts';

/** A developer takes something up. */
export interface Work {
  /** From 0. */
  readonly nth: number;
  /** s from the beginning of the company at speed 1; it begins then or later, one after the other. */
  readonly at: number;
  readonly repository: 'site' | 'pipeline';
  readonly kind: ChangeKind;
}

/** The kinds that do harm, in the order in which they come up; seed 1 begins with the first. */
const bad: readonly ChangeKind[] = ['latency', 'browser', 'migration', 'leak'];

/** Of so many changes one does harm. */
const every = 4;
/** Between two changes, s. */
const gap = { least: 120, most: 240 };
/** After one that does harm: until somebody has seen it, gone back, and taken it back; s. */
const aftermath = { least: 270, most: 330 };

/** The first good one, and the one that the story is about. */
const beginning = [3, 60] as const;

/**
 * What the developers take up, without end and the same for the same seed: a good change, then the one
 * that does harm which the story is about, then one every two to four minutes. From then on one of each
 * four does harm, never the first of them, so that two never come in a row.
 */
export function* workOf(seed: number): Generator<Work, never> {
  const chance = chanceOf(seed, 'changes');
  const kindOf = (which: number): ChangeKind => {
    // A seed below 1 counts backwards.
    const at = (((seed - 1 + which) % bad.length) + bad.length) % bad.length;
    return bad[at] ?? 'latency';
  };
  yield { nth: 0, at: beginning[0], repository: 'site', kind: 'good' };
  yield { nth: 1, at: beginning[1], repository: 'site', kind: kindOf(0) };
  let at = beginning[1] + chance.whole(aftermath.least, aftermath.most);
  let nth = 2;
  for (let round = 1; ; round += 1) {
    const harmful = chance.whole(1, every - 1);
    for (let one = 0; one < every; one += 1) {
      const kind = one === harmful ? kindOf(round) : 'good';
      const repository = kind === 'good' && chance.happens(0.3) ? 'pipeline' : 'site';
      yield { nth, at, repository, kind };
      nth += 1;
      const { least, most } = kind === 'good' ? gap : aftermath;
      at += chance.whole(least, most);
    }
  }
}

/** Whether a change does harm once customers use it. */
export const isHarmful = (kind: ChangeKind): boolean => kind !== changeKinds[0];
