import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planOf } from '../../checks/language/plan.ts';
import { readFeature } from '../../checks/language/feature.ts';
import { outboundOf } from '../../checks/run/outbound.ts';
import { runScenario } from '../../checks/run/scenario.ts';
import { vocabulary } from '../../checks/steps/vocabulary.ts';
import { type ChdbHistory, openChdbHistory } from '../../history/chdb/open.ts';
import { type Sent, insertEvents } from '../../history/insert-events.suite.ts';
import { askCoverage } from '../coverage/ask.ts';
import type { HistoryDesk } from '../parts.ts';
import type { LaneKnown } from '../where/runtime.ts';
import { streamQuestions } from './stream-questions.ts';

const minute = 60_000;
/** The clock of the stream. */
const now = Date.UTC(2026, 10, 26, 12);
const ago = (minutes: number): number => now - minutes * minute;

/** From `from` to `to` minutes ago, one each ten seconds. */
const each10s = (
  from: number,
  to: number,
  make: (i: number) => Partial<Sent> & Pick<Sent, 'type'>,
): Sent[] =>
  Array.from({ length: (from - to) * 6 }, (_, i) => ({
    id: '',
    time: ago(from) + i * 10_000,
    service: 'shop',
    environment: 'production',
    ...make(i),
  }));

const told: readonly Sent[] = [
  ...each10s(180, 0, (i) => ({
    type: 'metric',
    name: 'checkout.duration',
    metric: i % 10 === 0 ? 400 : 100,
    attributes: { unit: 'ms' },
  })),
  // Elsewhere it is far slower, which says nothing of production.
  ...each10s(60, 0, () => ({
    type: 'metric',
    name: 'checkout.duration',
    metric: 9000,
    environment: 'staging',
    attributes: { unit: 'ms' },
  })),
  ...each10s(180, 0, (i) => ({
    type: 'request',
    name: 'GET /cart',
    state: i % 50 === 0 ? 'critical' : 'ok',
    attributes: { 'span.kind': 'server' },
  })),
  // Was silent for eight minutes, six of them in the last ten.
  ...each10s(180, 12, () => ({ type: 'metric', name: 'queue.age', metric: 5 })),
  ...each10s(4, 0, () => ({ type: 'metric', name: 'queue.age', metric: 7 })),
  ...each10s(180, 45, () => ({ type: 'event', name: 'order.placed', metric: 3 })),
  {
    id: 'a',
    time: ago(30),
    type: 'event',
    name: 'alarm',
    service: 'shop',
    environment: 'production',
  },
  ...each10s(90, 0, (i) => ({
    type: 'metric',
    name: 'page',
    metric: i < 300 ? 100 + (i % 7) : 150 + (i % 7),
  })),
];

const dir = mkdtempSync(join(tmpdir(), 'territory-stream-'));
let history: ChdbHistory;
beforeAll(async () => {
  history = await openChdbHistory({ dir });
  await insertEvents(history, told);
});
afterAll(async () => {
  await history.close();
  rmSync(dir, { recursive: true });
});

const limits = { timeoutMs: 30_000, memoryBytes: 3e8 };
const desk: Pick<HistoryDesk, 'ask'> = { ask: async (question) => question(history, limits) };

const deploy = (version: string, at: number) => ({
  key: version,
  ids: [],
  state: 'succeeded' as const,
  version,
  names: [version],
  commit: undefined,
  started: undefined,
  at,
  actor: undefined,
  url: undefined,
  reason: undefined,
  evidence: [{}] as never,
});

const lanes = async (): Promise<readonly LaneKnown[]> => [
  {
    app: 'shop',
    environment: 'production',
    deploys: [deploy('v2', ago(40)), deploy('v1', ago(90))],
    instances: [],
    watched: [],
    contradiction: undefined,
  },
];

async function run(step: string) {
  const read = readFeature('x.feature', `Feature: x\n  Scenario: y\n    Then ${step}\n`);
  if (!('feature' in read)) throw new Error(JSON.stringify(read.findings));
  const { scenarios, findings } = planOf([read.feature], vocabulary);
  const [planned] = scenarios;
  if (!planned) throw new Error(JSON.stringify(findings));
  const coverage = askCoverage({
    history: desk,
    now: () => now,
    lag: () => ({ facts: { ms: 0 }, readings: { ms: 0 } }),
  });
  const stream = streamQuestions({
    environment: 'production',
    history: desk,
    coverage,
    lanes,
    now: () => now,
  });
  const surroundings = {
    base: undefined,
    outbound: outboundOf([]),
    secret: () => undefined,
    stream,
  };
  return runScenario(planned, surroundings, AbortSignal.timeout(60_000));
}

describe('what is said of events', () => {
  test.each([
    [
      'the 95th percentile of "checkout.duration" over 10 minutes should be under 500 ms',
      'passed',
      '',
    ],
    [
      'the 95th percentile of "checkout.duration" over 10 minutes should be under 0.3 s',
      'failed',
      'it is 0.4s',
    ],
    ['the median of "checkout.duration" over 10 minutes should be under 101', 'passed', ''],
    [
      'the 99th percentile of "checkout.duration" over 10 minutes should be under 500',
      'unknown',
      'there are 60 of name = "checkout.duration", at least 100 are needed',
    ],
    [
      'the 99th percentile of "checkout.duration" over 30 minutes should be under 500',
      'passed',
      '',
    ],
    [
      'the median of "queue.age" over 10 minutes should be under 9',
      'unknown',
      'silent for 6.0 min',
    ],
    [
      'the median of "queue.age" over 10 minutes should be under 9 s',
      'unknown',
      'the unit of name = "queue.age" is not known',
    ],
    ['the median of "never.heard" over 10 minutes should be under 9', 'unknown', 'there are 0'],
    ['the latest value of "queue.age" within 1 minute should be under 8', 'passed', ''],
    ['the latest value of "queue.age" within 1 minute should be under 7', 'failed', 'it is 7'],
    ['the error ratio of "shop" over 30 minutes should be below 3 percent', 'passed', ''],
    [
      'the error ratio of "shop" over 30 minutes should be below 1 percent',
      'failed',
      'it is 2.222%',
    ],
    ['the rate of "checkout.duration" over 10 minutes should be over 5 per minute', 'passed', ''],
    [
      'the rate of "checkout.duration" over 10 minutes should be under 5 per minute',
      'failed',
      'it is 6',
    ],
    ['the sum of "order.placed" over 60 minutes should be over 200', 'passed', ''],
    [
      'there should be at least 1 "order.placed" event in the last 15 minutes',
      'failed',
      'there are 0',
    ],
    ['there should be at least 1 "order.placed" event in the last 60 minutes', 'passed', ''],
    ['there should be at most 1 "alarm" event in the last 60 minutes', 'passed', ''],
    [
      'there should be no "alarm" events from "shop" since the last deploy',
      'failed',
      'there are 1',
    ],
    ['there should be no "other" events from "shop" since the last deploy', 'passed', ''],
    [
      'there should be no "alarm" events from "till" since the last deploy',
      'unknown',
      'no deploy of "till"',
    ],
    [
      '"page" of "shop" should be at most 10 percent slower than the last release',
      'failed',
      'slower',
    ],
    ['"page" of "shop" should be at most 60 percent slower than the last release', 'passed', ''],
    [
      '"alarm" of "shop" should be at most 10 percent slower than the last release',
      'unknown',
      '30 of each',
    ],
  ] as const)('%s: %s', async (step, state, words) => {
    const result = await run(step);
    expect([result.state, result.failure?.message ?? '']).toEqual([
      state,
      expect.stringContaining(words),
    ]);
  });
});

test('a query with a fault is told when it is read, not when it is run', () => {
  const step = `there should be at most 1 "state = 'x" events in the last 5 minutes`;
  const read = readFeature('x.feature', `Feature: x\n  Scenario: y\n    Then ${step}\n`);
  const { findings } = planOf('feature' in read ? [read.feature] : [], vocabulary);
  expect(findings).toMatchObject([{ line: 3, message: expect.stringContaining('column') }]);
});

test('a run says how far back it looked', async () => {
  const result = await run('the median of "checkout.duration" over 10 minutes should be under 101');
  expect(result.lookbackMs).toBe(10 * minute);
  expect(result.performance).toEqual([{ label: 'p50', value: 100, unit: '', critical: 101 }]);
});
