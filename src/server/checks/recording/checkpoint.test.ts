import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyLedger } from '../../../rooms/checks/ledger.ts';
import { defaultPolicy, startLife } from '../../../rooms/checks/life.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { Lived } from './lives.ts';

const lived: Lived = {
  life: startLife(5, defaultPolicy(60_000)),
  outcomes: [],
  ledger: emptyLedger,
  alarm: undefined,
  slots: 3,
  missed: 1,
};

test('what was written is read again, unless it is damaged', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'checkpoint-')), 'state');
  expect(await readCheckpoint(path)).toBeUndefined();
  const lives = new Map(Array.from({ length: 120 }, (_, i) => [`check-${i}`, lived]));
  await writeCheckpoint(path, { next: 77, lives });
  expect(await readCheckpoint(path)).toEqual({ next: 77, lives });
  const bytes = readFileSync(path);
  for (const at of [3, 20, Math.floor(bytes.length / 2), bytes.length - 2]) {
    const damaged = Buffer.from(bytes);
    damaged[at] = (damaged[at] ?? 0) ^ 0xff;
    writeFileSync(path, damaged);
    // oxlint-disable-next-line no-await-in-loop -- the same file
    expect(await readCheckpoint(path)).toBeUndefined();
  }
  writeFileSync(path, bytes.subarray(0, -9));
  expect(await readCheckpoint(path)).toBeUndefined();
});
