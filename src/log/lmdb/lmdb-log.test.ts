import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach } from 'vitest';
import { logSuite } from '../log.suite.ts';
import { openLmdbLog } from './lmdb-log.ts';

const root = mkdtempSync(join(tmpdir(), 'territory-log-'));
afterAll(() => rmSync(root, { recursive: true }));
let dir = root;
let count = 0;
beforeEach(() => {
  count += 1;
  dir = join(root, `${count}`);
});

for (const compression of ['lz4', 'none'] as const)
  logSuite(`lmdb, ${compression}`, {
    open: (options) => openLmdbLog({ ...options, dir, role: 'writer', compression }),
    reopen: (options) => openLmdbLog({ ...options, dir, role: 'writer', compression }),
  });
