import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { definitionOf } from './checks.suite.ts';
import type { CheckDefinition, CheckState, LifePolicy } from './definition.ts';
import type { Judgement } from './judgement.ts';
import { defaultPolicy } from './life.ts';
import { minute, runAt, ten } from './life.suite.ts';
import type { CheckRun } from './run.ts';
import { type Evidence, type VerdictAnswer, verdictOf } from './verdict.ts';

const states: Readonly<Record<string, CheckState>> = {
  '.': 'ok',
  W: 'warning',
  C: 'critical',
  U: 'unknown',
};

interface Given {
  /** One a minute; the last ended just now. */
  readonly runs?: string;
  readonly more?: Partial<CheckRun>;
  readonly definition?: Partial<CheckDefinition>;
  readonly policy?: Partial<LifePolicy>;
  readonly quarantined?: boolean;
}

const now = ten + 60 * minute;

function evidence(id: string, given: Given): Evidence {
  const { runs = '', more, definition, policy, quarantined = false } = given;
  const interval = minute;
  return {
    definition: definitionOf(id, {
      isGate: true,
      tags: ['@gate'],
      environment: 'staging',
      ...definition,
    }),
    runs: runs
      .split('')
      .map((letter, i) =>
        runAt(now - (runs.length - i) * minute, states[letter] ?? 'unknown', more),
      ),
    settings: { policy: { ...defaultPolicy(interval), bootGrace: 0, ...policy }, interval },
    quarantined,
  };
}

const question = {
  application: 'shop',
  environment: 'staging',
  version: '1.1',
  tag: '@gate',
  since: ten,
  now,
} as const;

function ask(
  all: readonly Evidence[],
  { since, kept }: { since?: number | undefined; kept?: Judgement } = { since: ten },
): VerdictAnswer {
  return verdictOf({ ...question, since }, all, kept);
}

describe('of one check', () => {
  test.each([
    ['.', 'pass'],
    ['W', 'pass'],
    ['', 'not-enough-evidence'],
    ['U', 'not-enough-evidence'],
    ['..U', 'not-enough-evidence'],
    ['..C', 'not-enough-evidence'],
    ['..CC', 'not-enough-evidence'],
    ['..CCC', 'fail'],
    ['CCC', 'fail'],
    ['CCC.', 'not-enough-evidence'],
    ['CCC..', 'pass'],
    ['C.', 'not-enough-evidence'],
    ['CCUC', 'not-enough-evidence'],
  ] as const)('%s is %s', (runs, verdict) => {
    expect(ask([evidence('home', { runs })]).verdict).toBe(verdict);
  });

  test('runs before the deploy do not count, nor those that saw another version', () => {
    const home = evidence('home', { runs: '......' });
    expect(ask([home], { since: now - 30_000 })).toMatchObject({
      verdict: 'not-enough-evidence',
      checks: [{ id: 'home', runs: 0 }],
    });
    const other = evidence('home', { runs: '......', more: { release: '1.0' } });
    expect(ask([other]).verdict).toBe('not-enough-evidence');
    const same = evidence('home', { runs: '......', more: { release: '1.1' } });
    expect(ask([same]).verdict).toBe('pass');
  });

  test('nor those that looked back behind it', () => {
    const stream = evidence('home', { runs: '...', more: { lookbackMs: 10 * minute } });
    expect(ask([stream], { since: now - 5 * minute }).verdict).toBe('not-enough-evidence');
    expect(ask([stream], { since: now - 15 * minute }).verdict).toBe('pass');
  });

  test('what fails while it starts does not count', () => {
    const policy = { bootGrace: 5 * minute };
    const since = now - 4 * minute;
    expect(ask([evidence('home', { runs: 'CCCC', policy })], { since }).verdict).toBe(
      'not-enough-evidence',
    );
    expect(ask([evidence('home', { runs: '.CCC', policy })], { since }).verdict).toBe('fail');
  });

  test('silence passes nothing', () => {
    const home = evidence('home', { runs: '...' });
    const late = verdictOf({ ...question, now: now + 5 * minute }, [home], undefined);
    expect(late).toMatchObject({
      verdict: 'not-enough-evidence',
      checks: [{ summary: 'its last run is too long ago' }],
    });
  });
});

describe('of several', () => {
  const good = evidence('home', { runs: '...' });
  const bad = evidence('basket', { runs: 'CCC', more: { summary: 'status 500' } });
  const open = evidence('search', {});

  test('each has to pass', () => {
    expect(ask([good])).toMatchObject({
      verdict: 'pass',
      reason: 'The home page passed with 1.1 in staging',
    });
    expect(ask([good, open])).toMatchObject({
      verdict: 'not-enough-evidence',
      reason: '1 of 2 checks cannot say yet how 1.1 in staging is: The search page (no run yet)',
    });
    expect(ask([good, open, bad])).toMatchObject({
      verdict: 'fail',
      reason: '1 of 3 checks failed with 1.1 in staging: The basket page: status 500',
    });
  });

  test('a gate that selects nothing says so, and of what there are checks', () => {
    const shp = evidence('home', { runs: '...', definition: { application: 'shp' } });
    const production = evidence('home', { runs: '...', definition: { environment: 'production' } });
    const plain = evidence('home', { runs: '...', definition: { isGate: false } });
    expect(ask([shp, production, plain])).toMatchObject({
      verdict: 'nothing-to-check',
      reason: 'no check has @gate of shop in staging; there are checks of shp',
    });
  });

  test('a check of no application is asked about all', () => {
    const all = evidence('home', { runs: 'CCC', definition: { application: undefined } });
    expect(ask([good, all]).verdict).toBe('fail');
  });

  test('another tag selects others', () => {
    const smoke = evidence('home', { runs: '.', definition: { isGate: false, tags: ['@smoke'] } });
    expect(verdictOf({ ...question, tag: '@smoke' }, [smoke, bad], undefined).verdict).toBe('pass');
  });

  test('what is in quarantine holds nothing, and when all is, the gate is none', () => {
    const quarantined = { ...bad, quarantined: true };
    expect(ask([good, quarantined]).verdict).toBe('pass');
    expect(ask([quarantined])).toMatchObject({
      verdict: 'nothing-to-check',
      reason: 'the only check with @gate of shop in staging is in quarantine',
    });
  });
});

describe('of a release that does not run there', () => {
  const kept: Judgement = {
    application: 'shop',
    environment: 'staging',
    version: '1.0',
    tag: '@gate',
    verdict: 'pass',
    reason: 'all 3 checks passed with 1.0 in staging',
    since: ten,
    at: ten + 5 * minute,
  };

  test('what was kept counts, not how the checks look now', () => {
    const red = evidence('home', { runs: 'CCCCCC', more: { release: '1.1' } });
    const answer = verdictOf({ ...question, version: '1.0', since: undefined }, [red], kept);
    expect(answer).toMatchObject({ verdict: 'pass', isRecorded: true, since: ten });
    expect(answer.reason).toContain('all 3 checks passed with 1.0 in staging');
  });

  test('without it nothing is known', () => {
    expect(ask([evidence('home', { runs: '...' })], {})).toMatchObject({
      verdict: 'not-enough-evidence',
      isRecorded: false,
    });
  });
});

test('whatever ran: without a good run of its own no release passes', () => {
  const some = fc.array(fc.constantFrom('.', 'W', 'C', 'U'), { maxLength: 20 });
  const property = fc.property(some, fc.nat(25), fc.boolean(), (letters, ago, other) => {
    const more = other ? { release: '1.0' } : {};
    const home = evidence('home', { runs: letters.join(''), more });
    const since = now - ago * minute;
    const { verdict } = ask([home], { since });
    const own = home.runs.filter((run) => run.started >= since && run.release !== '1.0');
    const isGood = own.some(({ state }) => state === 'ok' || state === 'warning');
    return verdict !== 'pass' || isGood;
  });
  expect(fc.check(property, { numRuns: 500 }).counterexample).toBeNull();
});
