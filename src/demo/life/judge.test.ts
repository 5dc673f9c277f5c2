import { describe, expect, test } from 'vitest';
import type { Alert } from '../../server/api/contract-alerts.ts';
import type { Deploy } from '../../server/api/contract-deploys.ts';
import { people } from '../repositories/people.ts';
import { nextOf } from './choose.ts';
import { numberOf, releaseBehind, takenBackIn, toRevert } from './judge.ts';
import type { Landing } from './memory.ts';

const minute = 60_000;
const ended = 1_000 * minute;

/** A deploy of release_4 that ended well. */
const deploy = (with_: Partial<Deploy> = {}): Deploy =>
  ({
    id: 'd4',
    kind: 'deploy',
    app: 'site',
    environment: 'production',
    version: 'release_4',
    previous: 'release_3',
    state: 'succeeded',
    started: ended - 20_000,
    ended,
    ...with_,
  }) as Deploy; // what is looked at

const suspect = {
  source: 'territory/deploys',
  id: 'x',
  type: 'dev.cdevents.service.deployed.0.3.0',
  time: ended,
  what: 'site release_4 deployed',
  score: 0.9,
  because: ['it came 40 s before'],
};

const alert = (with_: Partial<Alert> = {}): Alert =>
  ({
    id: 'a',
    state: 'open',
    service: 'site',
    environment: 'production',
    openedAt: ended + minute,
    suspects: [suspect],
    ...with_,
  }) as Alert; // what is looked at

const older = deploy({ id: 'd3', version: 'release_3', previous: 'release_2', ended: ended - 9e5 });

describe('what on call takes back', () => {
  test('is the release that stands there, that the suspects name, soon after it came', () => {
    expect(releaseBehind(alert(), [deploy(), older])?.id).toBe('d4');
    expect(releaseBehind(alert({ environment: undefined as never }), [deploy()])?.id).toBe('d4');
  });

  test.each<[string, Partial<Alert>, readonly Deploy[]]>([
    ['an alert that is over', { state: 'resolved' }, [deploy()]],
    ['one of staging', { environment: 'staging' }, [deploy()]],
    ['one of another service', { service: 'payments' }, [deploy()]],
    ['one without suspects', { suspects: [] }, [deploy()]],
    ['one that suspects an older release', {}, [deploy({ version: 'release_5' })]],
    [
      'one that suspects a release with a longer number',
      { suspects: [{ ...suspect, what: 'site release_40 deployed' }] },
      [deploy()],
    ],
    ['one that suspects a commit', { suspects: [{ ...suspect, type: 'x' }] }, [deploy()]],
    ['one that was there before', { openedAt: ended - minute }, [deploy()]],
    ['one that came much later', { openedAt: ended + 16 * minute }, [deploy()]],
    ['somebody went back already', {}, [deploy({ kind: 'rollback' }), deploy()]],
    ['somebody is going back', {}, [deploy({ kind: 'rollback', state: 'running' }), deploy()]],
    ['the next is on its way', {}, [deploy({ state: 'waiting' }), deploy()]],
    ['nothing was ever deployed', {}, []],
  ])('is nothing: %s', (_, how, deploys) => {
    expect(releaseBehind(alert(how), deploys)).toBeUndefined();
  });

  test('a deploy that is running elsewhere is in nobody’s way', () => {
    const elsewhere = deploy({ environment: 'staging', state: 'running' });
    expect(releaseBehind(alert(), [elsewhere, deploy()])?.id).toBe('d4');
  });
});

const back = deploy({ id: 'd5', kind: 'rollback', version: 'release_3', previous: 'release_4' });

describe('what was taken back', () => {
  test('by somebody, and by itself', () => {
    const itself = deploy({ id: 'd6', version: 'release_6', state: 'rolled-back' });
    expect(takenBackIn([itself, back, deploy(), older], 'site')).toMatchObject([
      { from: 'release_6', to: 'release_3', deploy: { id: 'd6' } },
      { from: 'release_4', to: 'release_3', deploy: { id: 'd5' } },
    ]);
  });

  test('not what failed, runs, is elsewhere, or had nothing before it', () => {
    const none = [
      { ...back, state: 'failed' as const },
      { ...back, state: 'running' as const },
      { ...back, environment: 'staging' },
      { ...back, app: 'encoder' },
      { ...back, previous: null },
    ];
    expect(takenBackIn(none, 'site')).toEqual([]);
  });
});

const landing = (n: number, with_: Partial<Landing> = {}): Landing => ({
  repository: 'site',
  id: `site/${n}`,
  merge: `${n}`.repeat(40),
  number: 10 + n,
  title: `change ${n}`,
  card: 'NEWS-1',
  author: people.site[0],
  version: `release_${n}`,
  reverted: false,
  ...with_,
});
const site = { app: 'site', repository: 'site' } as const;
const idsOf = (landings: readonly Landing[], deploys: readonly Deploy[]): readonly string[] =>
  toRevert(landings, deploys, site).map(({ id }) => id);

describe('what developers take off main', () => {
  const all = [1, 2, 3, 4, 5].map((n) => landing(n));

  test('is what the version brought that was taken back, and nothing else', () => {
    expect(idsOf(all, [back, deploy()])).toEqual(['site/4']);
    expect(idsOf(all, [deploy(), older])).toEqual([]);
  });

  test('is all that came since the version that stands there now, the newest first', () => {
    const far = { ...back, previous: 'release_5', version: 'release_2' };
    expect(idsOf(all, [far])).toEqual(['site/5', 'site/4', 'site/3']);
  });

  test('is not what is off already, what took something off, or of another repository', () => {
    expect(idsOf([landing(4, { reverted: true })], [back])).toEqual([]);
    expect(idsOf([landing(4, { id: 'revert/14' })], [back])).toEqual([]);
    expect(idsOf([landing(4, { repository: 'pipeline' })], [back])).toEqual([]);
  });
});

test.each([
  ['release_12', 12],
  ['release_', NaN],
  ['3f2a91c', NaN],
])('the number of %s is %d', (version, number) => {
  expect(numberOf(version)).toBe(number);
});

describe('which change comes next', () => {
  const listed = ['a', 'b'].map((id) => ({ id, kind: 'good' })) as never;

  test('is the first that is not on main, also one that came off again', () => {
    expect(nextOf(listed, 'good', [])?.id).toBe('a');
    expect(nextOf(listed, 'good', [{ id: 'a', reverted: false }])?.id).toBe('b');
    expect(nextOf(listed, 'good', [{ id: 'a', reverted: true }])?.id).toBe('a');
    expect(nextOf(listed, 'leak', [])).toBeUndefined();
  });
});
