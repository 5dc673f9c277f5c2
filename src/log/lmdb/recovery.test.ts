import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ids, linesOf, placed } from '../example-lines.suite.ts';
import type { StreamName } from '../../event/event.ts';
import { scratchLogs } from './scratch-directory.suite.ts';
import { offsetKey, openStore, textKey, type Store } from './store.ts';

const { newDir, open } = scratchLogs('recovery');

/** Changes the files of a closed log behind its back. */
async function tamper(dir: string, change: (store: Store) => void): Promise<void> {
  const store = openStore({ dir, compression: 'none', mapBytes: 2 ** 30, readOnly: false });
  await store.env.batch(() => change(store));
  await store.env.flushed;
  await store.env.close();
}

/** Flips one bit in the lines of a record. */
function rot(store: Store, stream: StreamName, first: number): void {
  const value = store.streams[stream].getBinary(offsetKey(first));
  if (value === undefined) throw new Error(`no record at ${first}`);
  const last = value.length - 3;
  value[last] = (value[last] ?? 0) ^ 1;
  void store.streams[stream].put(offsetKey(first), value);
}

test('a damaged last record is put aside and the log goes on before it', async () => {
  const dir = newDir();
  const log = await open(dir);
  await log.append('facts', linesOf([{ id: 'a', subject: 'x' }]));
  await log.append('facts', linesOf([{ id: 'b', subject: 'x' }, { subject: 'y' }]));
  await log.close();
  await tamper(dir, (store) => rot(store, 'facts', 2));

  const problems: string[] = [];
  const again = await open(dir, { onProblem: (problem) => problems.push(problem) });
  const file = join(dir, 'quarantine-facts-2.bin');
  expect(problems).toEqual([
    `The last record of facts, at offset 2, is damaged (the checksum differs). ` +
      `It was moved to ${file}; the next event gets its offset.`,
  ]);
  expect(readFileSync(file).includes('"id":"b"')).toBe(true);
  expect(await placed(again, 'facts')).toEqual(['1 a']);
  expect([again.version('x'), again.version('y')]).toEqual([1, 0]);
  expect(await again.append('facts', ids('b'))).toMatchObject({ first: 2, count: 1 });
});

test('a damaged only record leaves an empty stream', async () => {
  const dir = newDir();
  const log = await open(dir);
  await log.append('readings', ids('a'));
  await log.close();
  await tamper(dir, (store) => rot(store, 'readings', 1));
  const again = await open(dir);
  expect(again.stat('readings')).toMatchObject({ first: 1, next: 1 });
  expect((await again.append('readings', ids('a'))).first).toBe(1);
});

test('a damaged record in the middle stops a reader, who can read on or leave it out', async () => {
  const dir = newDir();
  const log = await open(dir);
  for (const id of ['a', 'b', 'c']) await log.append('readings', ids(id));
  await log.close();
  await tamper(dir, (store) => rot(store, 'readings', 2));

  const problems: string[] = [];
  const again = await open(dir, { onProblem: (problem) => problems.push(problem) });
  const seen: number[] = [];
  const reading = (async () => {
    for await (const { first } of again.read('readings', 1)) seen.push(first);
  })();
  await expect(reading).rejects.toMatchObject({
    code: 'TERR_LOG_CORRUPT',
    message: expect.stringContaining(
      'offset 2 of readings is damaged: the checksum differs; the next is 3',
    ),
  });
  expect(seen).toEqual([1]);
  expect(await placed(again, 'readings', 3)).toEqual(['3 c']);
  expect(problems).toEqual([]);
  const left: number[] = [];
  for await (const { first } of again.read('readings', 1, { skipCorrupt: true })) left.push(first);
  expect(left).toEqual([1, 3]);
  expect(problems).toEqual([
    'The record at offset 2 of readings was left out: the checksum differs.',
  ]);
});

test('a log of a newer Territory is refused, and left alone', async () => {
  const dir = newDir();
  await (await open(dir)).close();
  await tamper(dir, (store) => void store.meta.put(textKey('format'), Buffer.from('2')));
  await expect(open(dir)).rejects.toMatchObject({
    code: 'TERR_LOG_VERSION',
    message: expect.stringContaining('has format 2, this Territory knows formats up to 1'),
  });
  expect(readdirSync(dir)).not.toContain('writer.lock');
  await expect(open(dir, { role: 'reader' })).rejects.toMatchObject({ code: 'TERR_LOG_VERSION' });
});

test('either way of storing is read by either', async () => {
  const dir = newDir();
  const note = 'the same again '.repeat(200);
  const first = await open(dir, { compression: 'none' });
  await first.append('facts', linesOf([{ id: 'a', note }]));
  await first.close();
  const second = await open(dir, { compression: 'lz4' });
  await second.append('facts', linesOf([{ id: 'b', note }]));
  await second.close();
  const third = await open(dir, { compression: 'none' });
  expect(await placed(third, 'facts')).toEqual(['1 a', '2 b']);
  const sizes: number[] = [];
  for await (const { bytes } of third.read('facts', 1)) sizes.push(bytes.length);
  expect(sizes[0]).toBe(sizes[1]);
});
