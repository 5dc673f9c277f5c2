import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeDrafts } from '../../../event/codec.ts';
import type { Draft } from '../../../event/event.ts';
import { openLmdbLog } from '../../../log/lmdb/lmdb-log.ts';
import type { Log } from '../../../log/log.ts';

/** A durable log whose clock a test sets. */
export interface RecordedLog {
  /** A data directory; the log is below it. */
  readonly data: string;
  readonly dir: string;
  readonly log: Log;
  /** Events that are all received at `at`, ms. */
  readonly send: (at: number, ...drafts: readonly Partial<Draft>[]) => Promise<void>;
  readonly remove: () => Promise<void>;
}

export async function recordedLog(): Promise<RecordedLog> {
  const data = mkdtempSync(join(tmpdir(), 'territory-recorded-'));
  const dir = join(data, 'log');
  let clock = 0;
  const log = await openLmdbLog({ dir, role: 'writer', now: () => clock, identities: few });
  return {
    data,
    dir,
    log,
    send: async (at, ...drafts) => {
      clock = at;
      const whole = drafts.map((draft): Draft => ({ type: 'metric', ...draft }));
      const { facts, readings } = encodeDrafts(whole, '/test');
      if (facts) await log.append('facts', facts);
      if (readings) await log.append('readings', readings);
    },
    remove: async () => {
      await log.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

const few = { facts: 1_000, readings: 1_000 };
