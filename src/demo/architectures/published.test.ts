import { appendFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Published } from './published.ts';

test('reads on line by line, from what is there at first; half a line waits for its end', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'published-')), 'published.jsonl');
  const early = await Published.from(file);
  await early.readOn();
  expect(early.times.size).toBe(0);
  appendFileSync(file, '{"guid":"a"}\n{"guid":"b"}\n{"gu');
  const late = await Published.from(file);
  await early.readOn();
  expect([...early.times]).toEqual([
    ['a', 1],
    ['b', 1],
  ]);
  appendFileSync(file, 'id":"c"}\nnot a line of ours\n{"guid":"a"}\n');
  await early.readOn();
  expect([...early.times]).toEqual([
    ['a', 2],
    ['b', 1],
    ['c', 1],
  ]);
  await late.readOn();
  expect([...late.times.keys()]).toEqual(['a']);
});
