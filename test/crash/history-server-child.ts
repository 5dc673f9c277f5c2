import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeDrafts } from '../../src/event/codec.ts';
import { openChdbHistory } from '../../src/history/chdb/open.ts';
import { openLmdbLog } from '../../src/log/lmdb/lmdb-log.ts';
import { startFeeder } from '../../src/server/feeder/feeder.ts';

/** What the test wants of one life of the process. */
export interface Life {
  readonly dir: string;
  /** Kill the engine's process after so many ms; never when undefined. */
  readonly killEngineAfterMs?: number;
  /** Append nothing, wait until history has caught up, say so, and end in order. */
  readonly settle: boolean;
}

/** What the test hears. */
export type Heard =
  | { readonly kind: 'up' }
  | {
      readonly kind: 'settled';
      /** Offset of the last event in the log, of readings and facts. */
      readonly heads: readonly [number, number];
      /** [rows, distinct offsets, first, last] in history, likewise. */
      readonly rows: readonly (readonly unknown[])[];
    };

const life = JSON.parse(process.argv[2] ?? '{}') as Life;
const tell = (message: Heard): void => void process.send?.(message);

const dir = join(life.dir, 'log');
const log = await openLmdbLog({ dir, role: 'writer', now: Date.now, reserveBytes: 0 });
const history = await openChdbHistory({ dir: join(life.dir, 'history') });
const feeder = await startFeeder({
  logDir: dir,
  log,
  history,
  tmpDir: join(life.dir, 'tmp'),
  // Many small blocks: more moments at which a kill can hurt.
  blockAgeMs: 20,
});
tell({ kind: 'up' });
if (life.settle) await settle();
else await load();

/** Events of several days, so that a block has several parts. */
async function load(): Promise<void> {
  if (life.killEngineAfterMs !== undefined) setTimeout(history.killEngine, life.killEngineAfterMs);
  for (let i = 0; ; i++) {
    const readings = Array.from({ length: 500 }, (_, n) => ({
      type: 'metric',
      name: `m${n % 9}`,
      metric: n,
      time: Date.now() - (n % 3) * 86_400_000,
    }));
    const lines = encodeDrafts([...readings, { type: 'dev.cdevents.x' }], '/crash');
    if (lines.readings) await log.append('readings', lines.readings);
    if (lines.facts && i % 5 === 0) await log.append('facts', lines.facts);
    await sleep(2);
  }
}

async function settle(): Promise<void> {
  for (;;) {
    const { facts, readings } = feeder.lag();
    if (facts.events === 0 && readings.events === 0) break;
    await sleep(20);
  }
  const limits = { timeoutMs: 20_000, memoryBytes: 300 << 20 };
  const rows = [];
  for (const table of ['readings', 'facts'])
    rows.push(
      ...(
        await history.ask(
          `SELECT count(), uniqExact(off), min(off), max(off) FROM history.${table}`,
          limits,
        )
      ).rows,
    );
  const heads = [log.stat('readings').next - 1, log.stat('facts').next - 1] as const;
  tell({ kind: 'settled', heads, rows });
  await feeder.stop();
  await history.close();
  await log.close();
  process.disconnect();
}
