import { expect, test } from 'vitest';
import type { Build } from '../../../server/api/contract-builds.ts';
import type { Where } from '../../../server/api/contract-releases.ts';
import { deploysOf, placesForOthers, redKeys, titleOf, turnedRed } from './board-data.ts';

const build = (repository: string, verdict: Build['verdict'], pipeline = 'ci'): Build => ({
  repository,
  pipeline,
  branch: 'main',
  verdict,
  since: 0,
  running: null,
  last: null,
  runs: [],
});

test('a siren sounds for what turned red, not for what was red when the board was opened', () => {
  const before = redKeys([build('a', 'red'), build('b', 'green')]);
  const now = redKeys([build('a', 'red'), build('b', 'red')]);
  expect(turnedRed(undefined, before)).toEqual([]);
  expect(turnedRed(before, before)).toEqual([]);
  expect(turnedRed(before, now)).toEqual(['b ci main']);
  expect(turnedRed(now, before)).toEqual([]);
});

test('a pipeline is named where a repository has several', () => {
  const [ci, nightly, other] = [
    build('h/o/a', 'red'),
    build('h/o/a', null, 'nightly'),
    build('h/o/b', 'red'),
  ];
  const all = [ci, nightly, other];
  expect(all.map((one) => titleOf(one, all))).toEqual(['a ci', 'a nightly', 'b']);
});

test.each([
  { red: 0, deploys: 0, places: 36 },
  { red: 0, deploys: 2, places: 30 },
  { red: 1, deploys: 2, places: 12 },
  { red: 2, deploys: 0, places: 24 },
  { red: 6, deploys: 4, places: 6 },
  { red: 60, deploys: 4, places: 6 },
])(
  'with $red red and $deploys deploys there is room for $places more',
  ({ red, deploys, places }) => {
    expect(placesForOthers(red, deploys)).toBe(places);
  },
);

test('a deploy that failed stays until one went well after it', () => {
  const deploy = (state: 'failed' | 'succeeded', at: number) => ({
    environment: 'production',
    state,
    version: '1',
    started: null,
    at,
    thread: '',
    evidence: [],
  });
  const where = (failedAt: number): Where => ({
    time: 0,
    environments: ['production'],
    lanes: [
      {
        app: 'shop',
        environment: 'production',
        verdict: 'claimed',
        because: '',
        age: null,
        version: '1',
        since: 5,
        now: deploy('succeeded', 5),
        previous: null,
        running: [],
        lastFailed: deploy('failed', failedAt),
        runs: [],
        behind: null,
      },
    ],
  });
  expect(deploysOf(where(6))).toMatchObject([{ app: 'shop', state: 'failed' }]);
  expect(deploysOf(where(4))).toEqual([]);
});
