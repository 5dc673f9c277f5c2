import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { definitionOf } from '../checks/checks.suite.ts';
import { type CheckVerdict, type Judgement, verdicts } from '../checks/judgement.ts';
import { defaultPolicy } from '../checks/life.ts';
import type { CheckRun } from '../checks/run.ts';
import { type Evidence, verdictOf } from '../checks/verdict.ts';
import { DeploysPlay, codeOf, hour, minute, noon } from './deploys.suite.ts';
import { mayOf } from './gates.ts';
import type { Knowledge } from './knowledge.ts';

function asking(checks: string | null = '@gate'): DeploysPlay {
  const play = new DeploysPlay();
  play.give({
    kind: 'environment',
    environment: 'production',
    changes: { after: 'staging', checks },
  });
  play.bring('2', { environment: 'staging' });
  return play;
}

const says = (verdict: CheckVerdict, reason = 'so it is'): Partial<Knowledge> => ({
  checked: { before: { verdict, reason } },
});

describe('an environment that asks for checks', () => {
  test.each([
    ['pass', 'passes', 'now'],
    ['not-enough-evidence', 'waits', 'later'],
    ['fail', 'refuses', 'refused'],
    ['nothing-to-check', 'refuses', 'refused'],
  ] as const)('%s of the environment before: it %s', (verdict, word, may) => {
    const play = asking();
    expect(play.word('check', {}, says(verdict))).toMatchObject([
      { word, reason: expect.stringContaining('so it is') as string },
    ]);
    expect(mayOf(play.words({}, says(verdict)))).toBe(may);
  });

  test('waits as long as nobody knows what they say', () => {
    expect(asking().word('check')).toMatchObject([{ word: 'waits' }]);
  });

  test('a gate that selects nothing says what would open it', () => {
    const reason = 'no check has @gate of shop in staging';
    expect(asking().word('check', {}, says('nothing-to-check', reason))).toMatchObject([
      {
        reason: `nothing checks 2: ${reason}`,
        lifts: expect.stringContaining('a check with @gate of shop in staging') as string,
      },
    ]);
  });

  test('what is asked for at a later time may pass until then', () => {
    const notBefore = noon + 5 * hour;
    expect(asking().word('check', { notBefore }, says('fail'))).toMatchObject([
      { word: 'waits', until: notBefore },
    ]);
  });

  test('one that does not asks nothing', () => {
    expect(asking(null).word('check', {}, says('fail'))).toMatchObject([{ word: 'passes' }]);
  });

  test('a gatekeeper goes through', () => {
    expect(asking().word('check', { breakGlass: true }, says('fail'))).toMatchObject([
      { word: 'warns' },
    ]);
  });
});

describe('asking for it', () => {
  const set = (changes: { checks?: string | null; after?: string | null }) =>
    codeOf(() => {
      const play = new DeploysPlay();
      play.give({ kind: 'environment', environment: 'production', changes });
    });

  test.each([
    [{ after: 'staging', checks: '@gate' }, 'nothing'],
    [{ after: 'staging', checks: null }, 'nothing'],
    [{ checks: '@gate' }, 'TERR_DEPLOYS_INVALID'],
    [{ after: 'staging', checks: 'gate' }, 'TERR_DEPLOYS_INVALID'],
    [{ after: 'staging', checks: '@gate or @smoke' }, 'TERR_DEPLOYS_INVALID'],
  ])('%j', (changes, code) => {
    expect(set(changes)).toBe(code);
  });

  test('what comes before cannot be taken away under it', () => {
    const play = asking();
    const take = {
      kind: 'environment',
      environment: 'production',
      changes: { after: null },
    } as const;
    expect(codeOf(() => play.give(take))).toBe('TERR_DEPLOYS_INVALID');
  });
});

/*
 * getsentry/snuba #4729: the checks that a bad release turned red were asked before its rollback,
 * and blocked the rollback that would have mended them.
 */
describe('a red check never keeps anybody from going back', () => {
  const run = (at: number, state: CheckRun['state'], release: string): CheckRun => ({
    check: 'home',
    slot: at,
    started: at,
    ended: at + 100,
    state,
    summary: state === 'ok' ? '' : 'status 500',
    durationMs: 100,
    lagMs: 0,
    attempts: 1,
    release,
    sha: '',
    performance: [],
  });

  /** Version 1 was good in staging; 2 is there now and every run of the check fails. */
  const red = (now: number): Evidence => ({
    definition: definitionOf('home', { isGate: true, environment: 'staging' }),
    runs: [
      ...[50, 49, 48].map((ago) => run(now - ago * minute, 'ok', '1')),
      ...[9, 8, 7, 6, 5, 4, 3, 2, 1].map((ago) => run(now - ago * minute, 'critical', '2')),
    ],
    settings: { policy: defaultPolicy(minute), interval: minute },
    quarantined: false,
  });
  const kept: Judgement = {
    application: 'shop',
    environment: 'staging',
    version: '1',
    tag: '@gate',
    verdict: 'pass',
    reason: 'The home page passed with 1 in staging',
    since: noon - hour,
    at: noon - 50 * minute,
  };

  /** What the server would find out of a version. */
  function knowledgeOf(play: DeploysPlay, version: string): Partial<Knowledge> {
    const place = { application: 'shop', environment: 'staging', tag: '@gate' } as const;
    const since = version === '2' ? play.now - 10 * minute : undefined;
    const one = version === '1' ? kept : undefined;
    const before = verdictOf({ ...place, version, since, now: play.now }, [red(play.now)], one);
    const here = one && { verdict: one.verdict, reason: one.reason };
    return { checked: { before, here }, red: ['The home page: status 500'] };
  }

  function broken(): DeploysPlay {
    const play = asking();
    play.bring('1', { environment: 'staging' });
    play.bring('1');
    play.bring('2');
    return play;
  }

  test('a rollback goes, whatever is red and whatever the gate says', () => {
    const play = broken();
    for (const version of ['1', '2']) {
      const words = play.words({ kind: 'rollback', version }, knowledgeOf(play, version));
      expect(words.filter(({ word }) => word === 'refuses' || word === 'waits')).toEqual([]);
      expect(mayOf(words)).toBe('now');
    }
  });

  test('a deploy of the version before asks its own verdict, not how it looks now', () => {
    const play = broken();
    const words = play.word('check', { version: '1' }, knowledgeOf(play, '1'));
    expect(words).toMatchObject([
      { word: 'passes', reason: expect.stringContaining('The home page passed with 1') as string },
      { word: 'warns', reason: expect.stringContaining('1 was not when it ran there') as string },
    ]);
  });

  test('the bad version itself is refused', () => {
    const play = broken();
    expect(play.word('check', {}, knowledgeOf(play, '2'))).toMatchObject([
      { word: 'refuses', reason: expect.stringContaining('failed with 2 in staging') as string },
      { word: 'refuses', reason: expect.stringContaining('is red in production') as string },
    ]);
  });

  test('whatever the checks say', () => {
    const word = fc.option(
      fc.record({ verdict: fc.constantFrom(...verdicts), reason: fc.string() }),
      { nil: undefined },
    );
    const property = fc.property(word, word, fc.array(fc.string()), (before, here, all) => {
      const play = broken();
      const knowledge = { checked: { before, here }, red: all };
      return mayOf(play.words({ kind: 'rollback', version: '1' }, knowledge)) === 'now';
    });
    expect(fc.check(property, { numRuns: 50 }).counterexample).toBeNull();
  });
});
