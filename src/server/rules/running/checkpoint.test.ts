import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { RuleSnapshot } from '../../../rules/engine/snapshot.ts';
import { encodeCheckpoint, encodeRule, readCheckpoint, writeCheckpoint } from './checkpoint.ts';

const dir = mkdtempSync(join(tmpdir(), 'territory-checkpoint-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const cursors = { facts: 3, readings: 40 };
const rule: RuleSnapshot = {
  rule: 'a',
  clock: 5,
  maxTime: 4,
  watermark: Number.NEGATIVE_INFINITY,
  upstream: [],
  addresses: ['/rate:1'],
  root: { labels: [], seen: 0, states: [undefined] },
  tables: [{ fields: ['host'], scopes: [{ labels: ['h'], seen: 1, states: [new Map([[1, 2]])] }] }],
  timers: [{ at: 9, address: '/rate:1', fields: ['host'], labels: ['h'] }],
};

test('what is written down is read again', async () => {
  const path = join(dir, 'new', 'state');
  await writeCheckpoint(path, encodeCheckpoint(cursors, [encodeRule(rule)]));
  expect(await readCheckpoint(path)).toEqual({ cursors, rules: [rule] });
});

test('what is damaged, cut off, absent or something else is not used', async () => {
  const path = join(dir, 'state');
  expect(await readCheckpoint(path)).toBeUndefined();
  await writeCheckpoint(path, encodeCheckpoint(cursors, [encodeRule(rule)]));
  const good = readFileSync(path);
  for (const at of [0, 18, good.length - 1]) {
    const bad = Buffer.from(good);
    bad[at] = (bad[at] ?? 0) ^ 1;
    writeFileSync(path, bad);
    expect(await readCheckpoint(path)).toBeUndefined();
  }
  for (const length of [0, 10, 20, good.length - 1]) {
    writeFileSync(path, good);
    truncateSync(path, length);
    expect(await readCheckpoint(path)).toBeUndefined();
  }
});
