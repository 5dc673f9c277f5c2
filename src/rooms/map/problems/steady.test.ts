import { expect, test } from 'vitest';
import type { MapProblem } from '../seen.ts';
import { SteadyProblems, steadyAfter } from './steady.ts';

const problem = (id: string): MapProblem => ({
  id,
  kind: 'contradiction',
  message: id,
  since: 0,
  evidence: [],
});
const written = (...ids: string[]) => new Map(ids.map((id) => [id, problem(id)]));
const ids = (list: readonly MapProblem[]) => list.map(({ id }) => id);

test('what is there for a while is found, and what is gone for a while is resolved', () => {
  const steady = new SteadyProblems();
  expect(ids(steady.look(written(), [problem('a')], 0).found)).toEqual([]);
  expect(ids(steady.look(written(), [problem('a')], steadyAfter - 1).found)).toEqual([]);
  expect(ids(steady.look(written(), [problem('a')], steadyAfter).found)).toEqual(['a']);
  const later = steadyAfter * 5;
  expect(ids(steady.look(written('a'), [], later).resolved)).toEqual([]);
  expect(ids(steady.look(written('a'), [], later + steadyAfter).resolved)).toEqual(['a']);
});

test('what comes and goes is neither', () => {
  const steady = new SteadyProblems();
  for (let time = 0; time < 20 * steadyAfter; time += steadyAfter / 2) {
    const now = time % steadyAfter === 0 ? [problem('a')] : [];
    expect(steady.look(written(), now, time).found).toEqual([]);
    expect(steady.look(written('b'), [...now, problem('b')], time).resolved).toEqual([]);
  }
});
