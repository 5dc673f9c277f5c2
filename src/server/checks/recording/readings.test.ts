import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeLine, encodeLine } from '../../../event/codec.ts';
import { checkStates } from '../../../rooms/checks/definition.ts';
import { type CheckRun, checksSource, missReasons } from '../../../rooms/checks/run.ts';
import { draftOfMissed, draftsOfRun, outcomeOf } from './readings.ts';

const about = { application: 'shop', environment: 'staging', interval: 60_000 };
const ten = Date.UTC(2026, 10, 26, 10);

const run: CheckRun = {
  check: 'staging.shop.the-home-page',
  slot: ten,
  started: ten + 3,
  ended: ten + 215,
  state: 'critical',
  summary: 'I should get a 200 status code: expected 200; https://www.example.org/ answered 500',
  durationMs: 212,
  lagMs: 3,
  attempts: 1,
  release: 'v42',
  sha: 'ab'.repeat(32),
  performance: [{ label: 'elapsed', value: 0.211, unit: 's', critical: 1 }],
};

/** As it comes back from the log. */
function stored(draft: Parameters<typeof encodeLine>[0], source = checksSource) {
  const place = { stream: 'readings', offset: 7, received: ten, source } as const;
  return decodeLine(encodeLine(draft, source), place);
}

test('a run is one small reading of a check, and one for each value', () => {
  const [check, value] = draftsOfRun(run, about, 3);
  expect(check).toMatchObject({
    id: `staging.shop.the-home-page-${ten}`,
    type: 'check',
    name: run.check,
    service: 'shop',
    environment: 'staging',
    state: 'critical',
    metric: 0.212,
    ttl: 180,
  });
  expect(value).toMatchObject({
    type: 'metric',
    name: 'staging.shop.the-home-page.elapsed',
    metric: 0.211,
    attributes: { unit: 's' },
  });
  expect(encodeLine(check ?? { type: '' }, checksSource).length).toBeLessThan(600);
});

test('nobody else tells what came of a slot', () => {
  const [check] = draftsOfRun(run, about, 3);
  if (!check) throw new Error('nothing');
  expect(outcomeOf(stored(check, '/tokens/x'))).toBeUndefined();
});

test('what is read back is what was written', () => {
  const word = fc.string({ minLength: 1, maxLength: 30 });
  const value = fc.record(
    {
      label: word,
      value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n || 0),
      unit: fc.constantFrom('', 's', 'B', '%', 'c'),
      warning: fc.integer(),
      critical: fc.integer(),
    },
    { requiredKeys: ['label', 'value', 'unit'] },
  );
  const runs = fc.record({
    check: word,
    slot: fc.nat(),
    started: fc.nat(),
    ended: fc.nat(),
    state: fc.constantFrom(...checkStates),
    summary: fc.string({ maxLength: 500 }),
    durationMs: fc.nat(),
    lagMs: fc.nat(),
    attempts: fc.integer({ min: 1, max: 3 }),
    release: fc.option(word, { nil: undefined }),
    sha: word,
    performance: fc.array(value, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(runs, (one) => {
      const [check] = draftsOfRun(one, about, 3);
      expect(check && outcomeOf(stored(check))).toEqual({ kind: 'run', run: one });
    }),
  );
  const misses = fc.record({
    check: word,
    slot: fc.nat(),
    why: fc.constantFrom(...missReasons),
    slots: fc.integer({ min: 1 }),
  });
  fc.assert(
    fc.property(misses, (missed) => {
      expect(outcomeOf(stored(draftOfMissed(missed, about)))).toEqual({ kind: 'missed', missed });
    }),
  );
});
