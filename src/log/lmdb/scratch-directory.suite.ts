import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import type { Log } from '../log.ts';
import { openLmdbLog, type LmdbLogOptions } from './lmdb-log.ts';

/** Opens logs in directories that vanish after the tests of the file, and closes them in time. */
export function scratchLogs(prefix: string) {
  const root = mkdtempSync(join(tmpdir(), `territory-${prefix}-`));
  const opened: Log[] = [];
  let count = 0;
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((log) => log.close()));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return {
    newDir: (): string => {
      count += 1;
      return join(root, `${count}`);
    },
    open: async (dir: string, more: Partial<LmdbLogOptions> = {}): Promise<Log> => {
      const log = await openLmdbLog({ dir, role: 'writer', now: Date.now, ...more });
      opened.push(log);
      return log;
    },
  };
}
