import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ChdbHistory, openChdbHistory } from '../../../history/chdb/open.ts';
import { insertEvents } from '../../../history/insert-events.suite.ts';
import type { Backtest } from '../../../rules/backtest/result.ts';
import { type AskHistory, defaultLimits, runBacktest } from './backtest.ts';
import { type RecordedLog, recordedLog } from './recording.suite.ts';

vi.setConfig({ testTimeout: 60_000 });

const start = Date.UTC(2026, 0, 1, 12);
const second = 1_000;
/** More than two pages. */
const count = 24_000;

let dir: string;
let history: ChdbHistory;
let recorded: RecordedLog;

/** Ten readings and a fact each second; the first two thirds of the readings have left the log. */
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'territory-history-'));
  history = await openChdbHistory({ dir, queriesAtOnce: 2, queriesWaiting: 2 });
  recorded = await recordedLog();
  const sent = Array.from({ length: count }, (_, i) => ({
    id: `n${i}`,
    type: 'metric',
    name: 'n',
    host: `h${i % 7}`,
    metric: 1,
    attributes: { odd: 'a "text"\n' },
    time: start + i * 100,
  }));
  for (let i = 0; i < count; i += 10) {
    const at = start + i * 100 + 950;
    const fact = { type: 'dev.cdevents.build.started.0.2.0', time: at };
    // oxlint-disable-next-line no-await-in-loop -- received one after the other
    await recorded.send(at, ...sent.slice(i, i + 10), fact);
  }
  await insertEvents(history, [
    ...sent,
    { id: 'f', type: 'dev.cdevents.build.started.0.2.0', time: start + 60 * second },
  ]);
  await recorded.log.trim('readings', (count / 3) * 2);
});

afterAll(async () => {
  await recorded.remove();
  await history.close();
  rmSync(dir, { recursive: true });
});

test('the same rates, whether readings come from the log or from history', async () => {
  const ask: AskHistory = (question) =>
    question(history, { timeoutMs: 20_000, memoryBytes: 300 << 20 });
  const source = `import { events, rule } from 'territory/rules';
rule('rates', () => events.where('name = "n" and label.odd ~= "text"').rate('10s').emit({ name: 'rate' }));
`;
  const to = start + (count / 10) * second;
  const text = await runBacktest(
    { logDir: recorded.dir, from: start, to, rules: { source } },
    { history: ask, limits: defaultLimits },
  );
  const found = JSON.parse(text) as Backtest;
  expect(found.input).toMatchObject({ readings: count, facts: count / 10, complete: true });
  expect(found.input.sources.map((one) => `${one.stream} ${one.source}`)).toEqual([
    'facts log',
    'readings gap', // before anything was sent: only the warm-up lies there
    'readings history',
    'readings log',
  ]);
  expect(found.rules[0]).toMatchObject({ late: 0, counts: { emit: count / 100 } });
  expect(new Set(found.emitted.map(({ metric }) => metric))).toEqual(new Set([10]));
});
