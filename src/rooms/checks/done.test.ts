import { expect, test } from 'vitest';
import { definitionOf } from './checks.suite.ts';
import { withDone } from './done.ts';
import { defaultPolicy } from './life.ts';
import { minute, runAt, ten } from './life.suite.ts';
import type { Evidence } from './verdict.ts';

const now = ten + 60 * minute;
const question = {
  application: 'shop',
  environment: 'staging',
  version: '1.1',
  tag: '@gate',
  since: ten,
  now,
};

/** One run a minute up to now, with these elapsed times. */
function measured(id: string, values: readonly number[], isGate = true): Evidence {
  return {
    definition: definitionOf(id, { isGate, environment: 'staging' }),
    runs: values.map((value, i) =>
      runAt(now - (values.length - i) * minute, 'ok', {
        release: '1.1',
        performance: [{ label: 'elapsed', value, unit: 's', critical: 1 }],
      }),
    ),
    settings: { policy: defaultPolicy(minute), interval: minute },
    quarantined: false,
  };
}

test('a release is done when its checks pass and its budgets are kept', () => {
  const done = withDone(question, [measured('home', [0.2, 0.3, 2, 0.2, 0.2])], undefined);
  expect(done).toMatchObject({ verdict: 'pass', missing: [] });
  expect(done.budgets).toMatchObject([
    { check: 'home', label: 'elapsed', median: 0.2, samples: 5, state: 'ok' },
  ]);
});

test('budgets count whatever the tags of their scenarios are', () => {
  const slow = measured('search', [1.5, 1.5, 1.25, 1.5, 1.5], false);
  const few = measured('basket', [0.1, 0.1], false);
  const done = withDone(
    question,
    [measured('home', [0.1, 0.1, 0.1, 0.1, 0.1]), slow, few],
    undefined,
  );
  expect(done.verdict).toBe('pass');
  expect(done.missing).toEqual([
    'elapsed of The search page is 1.5 s, and its limit 1 s',
    'elapsed of The basket page was measured 2 times; 5 times say something',
  ]);
});

test('a verdict that is no pass is missing too', () => {
  const { missing } = withDone(question, [], undefined);
  expect(missing).toEqual(['no check has @gate of shop in staging']);
});

test('of a release that is not there what was kept counts', () => {
  const budget = {
    check: 'home',
    name: 'The home page',
    label: 'elapsed',
    unit: 's',
    warning: null,
    critical: 1,
    last: 0.1,
    median: 0.1,
    samples: 40,
    state: 'ok',
  } as const;
  const kept = {
    ...question,
    verdict: 'pass' as const,
    reason: 'The home page passed with 1.1 in staging',
    at: now,
    budgets: [budget],
  };
  const gone = { ...question, since: undefined };
  const slow = measured('home', [9, 9, 9, 9, 9]);
  expect(withDone(gone, [slow], kept)).toMatchObject({
    isRecorded: true,
    budgets: [budget],
    missing: [],
  });
});
