import { expect, test } from 'vitest';
import type { WhereLane } from '../../server/api/contract-releases.ts';
import { heldBy } from './held.ts';
import { countsOf, isNew, rowsOf, shortVersion } from './rows.ts';

const lane = (app: string, environment: string, more: Partial<WhereLane> = {}): WhereLane => ({
  app,
  environment,
  verdict: 'claimed',
  because: '',
  age: 0,
  version: '1.0',
  since: 0,
  now: null,
  previous: null,
  running: [],
  lastFailed: null,
  runs: [],
  behind: null,
  ...more,
});
const where = (...lanes: WhereLane[]) => ({ time: 0, environments: [], lanes });

test('every word of the filter must stand somewhere in what is shown of an application', () => {
  const all = where(
    lane('shop', 'staging', { verdict: 'mixed' }),
    lane('shop', 'production', { version: 'v2' }),
    lane('search', 'production'),
  );
  const fits = (filter: string): string[] => rowsOf(all, filter).map(({ app }) => app);
  expect(fits('')).toEqual(['shop', 'search']);
  expect(fits('  PROD mixed ')).toEqual(['shop']);
  expect(fits('v2')).toEqual(['shop']);
  expect(fits('search mixed')).toEqual([]);
});

test('what is wrong and what keeps deploys out can be filtered for', () => {
  const finding = { kind: 'disk-differs', channel: 'D', time: 0 } as const;
  const findings = [
    { ...finding, level: 'critical' as const, text: 'disk differs in 1.0: a.js' },
    { ...finding, level: 'note' as const, text: 'beside the files' },
  ];
  const all = where(lane('shop', 'staging', { findings }), lane('search', 'production'));
  const locked = ({ app }: WhereLane): string => (app === 'search' ? 'locked' : '');
  const fits = (filter: string): string[] => rowsOf(all, filter, locked).map(({ app }) => app);
  expect(fits('disk a.js')).toEqual(['shop']);
  expect(fits('LOCKED')).toEqual(['search']);
  expect(countsOf(all)).toBe('2 claimed · 1 finding');
});

test.each([
  ['all', true],
  ['production', true],
  ['staging', false],
  ['shop@all', true],
  ['shop@production', true],
  ['shop@staging', false],
  ['search@all', false],
  ['@acme/shop@all', false],
])('a gate of %s holds shop in production: %s', (scope, holds) => {
  const gate = {
    id: 'x',
    word: 'locked',
    scope,
    text: '',
    by: 'ann',
    when: 'until',
    at: 1,
  } as const;
  expect(heldBy([{ ...gate, state: 'warning' }], 'shop', 'production') !== undefined).toBe(holds);
  expect(heldBy([{ ...gate, state: 'told' }], 'shop', 'production')).toBeUndefined();
});

test('the verdicts are counted, the ones that need a look first', () => {
  expect(countsOf(where(lane('a', 'x'), lane('b', 'x', { verdict: 'contradicted' })))).toBe(
    '1 contradicted · 1 claimed',
  );
  expect(countsOf(where())).toBe('');
});

test('new is what was deployed in the last two hours; a discovery was not deployed then', () => {
  const now = {
    environment: 'x',
    state: 'succeeded',
    version: '1',
    started: null,
    at: 0,
    thread: '',
    evidence: [],
  } as const;
  const hour = 3_600_000;
  const laneOf = (state: 'succeeded' | 'discovered') =>
    lane('a', 'x', { now: { ...now, state, evidence: [] } });
  expect(isNew(laneOf('succeeded'), hour)).toBe(true);
  expect(isNew(laneOf('succeeded'), 3 * hour)).toBe(false);
  expect(isNew(laneOf('discovered'), hour)).toBe(false);
  expect(isNew(lane('a', 'x'), hour)).toBe(false);
});

test.each([
  ['3f2a91c0d5e6f708192a3b4c5d6e7f8091a2b3c4', '3f2a91c0d5'],
  ['release_412', 'release_412'],
  [null, 'no version'],
])('%s in little room is %s', (version, short) => {
  expect(shortVersion(version)).toBe(short);
});
