import { expect, test } from 'vitest';
import { definitionOf } from '../../rooms/checks/checks.suite.ts';
import { Blames } from './blames.ts';

const definitions = new Map(['a', 'b', 'c'].map((id) => [id, definitionOf(id)]));
const on = (...checks: string[]) => checks.map((check) => ({ check, slot: 100 }));
const stood = { why: 'a step of it did not come to an end', isBound: true, isLoading: false };

test('whose step was at work is not run until it is changed; the others only missed a slot', () => {
  const blames = new Blames();
  const fallen = { ...stood, underway: on('a', 'b'), culprit: { check: 'b', slot: 100 } };
  expect(blames.fell(fallen, definitions, 7)).toMatchObject([
    { kind: 'missed', missed: { check: 'a', slot: 100, why: 'stopped' } },
    { kind: 'run', run: { check: 'b', state: 'unknown', summary: stood.why } },
  ]);
  expect([...blames.banned(definitions).keys()]).toEqual(['b']);
  const changed = new Map([...definitions, ['b', definitionOf('b', { sha: 'other' })]]);
  expect(blames.banned(changed).size).toBe(0);
});

test('where it can not be said, it is found out by running one of them at a time', () => {
  const blames = new Blames();
  blames.fell({ ...stood, underway: on('a', 'b'), culprit: undefined }, definitions, 7);
  expect(blames.banned(definitions).size).toBe(0);
  expect(blames.suspects).toEqual(['a', 'b']);
  blames.cleared('a');
  blames.fell({ ...stood, underway: on('a', 'b', 'c'), culprit: undefined }, definitions, 8);
  expect([...blames.banned(definitions).keys()]).toEqual(['b']);
});

test('a thread that ends for another reason is nobody to blame for', () => {
  const blames = new Blames();
  blames.fell(
    { ...stood, isBound: false, underway: on('a'), culprit: { check: 'a', slot: 100 } },
    definitions,
    7,
  );
  expect([blames.banned(definitions).size, blames.suspects]).toEqual([0, []]);
});
