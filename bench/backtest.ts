import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Batch } from '../src/event/batch.ts';
import { EventReader } from '../src/event/event-reader.ts';
import { openLmdbLog } from '../src/log/lmdb/lmdb-log.ts';
import { restoreLog } from '../src/log/lmdb/restore.ts';
import type { Backtest } from '../src/rules/backtest/result.ts';
import { Bodies } from './load/events.ts';
import { machine, show } from './report.ts';

/**
 * A log of readings at the rate of 20 million in 24 hours, tried against ten rules (rules/ten.ts) as
 * the server does it: compiled, in a thread of its own, from the log on disk to the JSON of the result.
 * Beside it a bare JavaScript loop over the same events that computes what one of the rules does, the
 * rate by host and minute, and one that only reads them.
 */
const millions = Number(process.argv[2] ?? 20);
const rounds = Number(process.argv[3] ?? 2);

const total = millions * 1_000_000;
const hours = (24 * millions) / 20;
const start = Date.UTC(2026, 0, 1);
const end = start + hours * 3_600_000;
/** One second's events come as one batch, as from an agent. */
const perBatch = Math.round(total / ((end - start) / 1000));

async function* batches(): AsyncGenerator<Batch> {
  const bodies = new Bodies({ count: 200, batch: perBatch, ids: false });
  for (let first = 1, at = start; at < end; first += perBatch, at += 1000) {
    const bytes = Buffer.from(bodies.next(at));
    yield {
      stream: 'readings',
      first,
      count: perBatch,
      received: at + 20,
      source: '/bench',
      bytes,
    };
  }
}

async function writeLog(dir: string): Promise<number> {
  const begun = performance.now();
  const options = { dir, now: Date.now, compression: 'lz4', mapBytes: 2 ** 40 } as const;
  const { readings } = await restoreLog(options, batches());
  console.log(
    `log: ${readings.toLocaleString('en')} readings over ${hours} h, written in ${seconds(begun)} s`,
  );
  return readings;
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

/** The built product where there is one: what the server runs. */
async function product() {
  const built = new URL('../dist/server/rules/backtest/backtest.js', import.meta.url);
  const sources = new URL('../src/server/rules/backtest/backtest.ts', import.meta.url);
  const url = existsSync(built) ? built : sources;
  console.log(`code: ${url === built ? 'dist' : 'src (tsx)'}`);
  return (await import(url.href)) as typeof import('../src/server/rules/backtest/backtest.ts');
}

type Run = (dir: string, file: string) => Promise<Backtest>;

function backtestRun({ runBacktest }: Awaited<ReturnType<typeof product>>): Run {
  return async (dir, file) => {
    const text = await runBacktest(
      { logDir: dir, from: start, to: end, rules: { files: [join(import.meta.dirname, file)] } },
      { history: 'not here', limits: { time: 3_600_000, memory: 2 ** 31 } },
    );
    return JSON.parse(text) as Backtest;
  };
}

/** The sum of `metric` by host and minute, as the rule `host-rate` has it. */
async function bareLoop(dir: string, computes: boolean): Promise<number> {
  const log = await openLmdbLog({ dir, role: 'reader', now: Date.now });
  const reader = new EventReader();
  let rates = 0;
  let minute = 0;
  let sums = new Map<string, number>();
  for await (const batch of log.read('readings', 1)) {
    for (const event of reader.read(batch)) {
      if (!computes || event.type !== 'metric') continue;
      const own = Math.floor(event.time / 60_000);
      if (own !== minute) {
        rates += sums.size;
        sums = new Map();
        minute = own;
      }
      const host = event.host ?? '';
      sums.set(host, (sums.get(host) ?? 0) + (event.metric ?? 1));
    }
  }
  await log.close();
  return rates + sums.size;
}

/** What a run took: by the clock, and of the processors, which others on the machine change less. */
interface Took {
  readonly clock: number;
  readonly cpu: number;
}

async function timed<T>(run: () => Promise<T>): Promise<readonly [Took, result: T]> {
  const begun = performance.now();
  const before = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(before);
  return [{ clock: (performance.now() - begun) / 1000, cpu: (user + system) / 1e6 }, result];
}

console.log(machine());
const dir = mkdtempSync(join(tmpdir(), 'territory-bench-'));
try {
  const events = await writeLog(dir);
  const run = backtestRun(await product());
  const times: Record<string, Took[]> = {};
  const add = (name: string, took: Took): void => void (times[name] ??= []).push(took);
  for (let round = 0; round < rounds; round++) {
    const [ten, result] = await timed(() => run(dir, 'rules/ten.ts'));
    add('ten rules', ten);
    if (round === 0) tell(result);
    const [one] = await timed(() => run(dir, 'rules/one.ts'));
    add('one rule', one);
    const [loop, rates] = await timed(() => bareLoop(dir, true));
    add('bare loop for that rule', loop);
    if (round === 0) console.log(`the bare loop finds ${rates.toLocaleString('en')} rates`);
    const [reading] = await timed(() => bareLoop(dir, false));
    add('reading and decoding alone', reading);
  }
  for (const [name, values] of Object.entries(times)) {
    const clock = values.map((one) => one.clock);
    const rates = show(
      clock.map((value) => events / value),
      'events/s',
    );
    const cpu = show(
      values.map((one) => one.cpu),
      's of processor',
    );
    console.log(`${name}: ${show(clock, 's')}, ${rates}, ${cpu}`);
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}

function tell({ rules, input, emitted, leftOut }: Backtest): void {
  const counts = rules.map(
    ({ name, counts: { alert, emit, notify }, keys, late, failed }) =>
      `  ${name}: ${alert} alert decisions, ${emit} emitted, ${notify} messages, ${keys} keys, ${late} late, ${failed} failed`,
  );
  console.log(
    `ten rules over ${input.events.toLocaleString('en')} events, complete: ${input.complete}`,
  );
  console.log(counts.join('\n'));
  console.log(`  ${emitted.length + leftOut.emitted} events came back to the rules`);
}
