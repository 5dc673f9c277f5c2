import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { ownModule } from '../../launch/own-module.ts';
import { ids, linesOf, placed } from '../example-lines.suite.ts';
import { HeadFile } from './head-file.ts';
import { scratchLogs } from './scratch-directory.suite.ts';

const { newDir, open } = scratchLogs('reader');
const follower = ownModule(import.meta.url, '../../../test/crash/log-reader-child.ts');

/** Waits for the follower's next message. */
async function said(from: Worker | ChildProcess): Promise<unknown> {
  const [message] = await once(from, 'message');
  return message;
}

test('a worker thread follows the log and keeps its cursor in it', async () => {
  const dir = newDir();
  const log = await open(dir);
  await log.append('readings', linesOf([{ id: 'a', note: 'x'.repeat(3_000) }]));
  const worker = new Worker(follower.url, {
    workerData: { dir, until: 3 },
    execArgv: [...follower.execArgv],
  });
  expect(await said(worker)).toBe('1 1');
  await log.append('readings', ids('b', 'c'));
  expect(await said(worker)).toBe('2 2');
  expect(await said(worker)).toBe('done');
  await once(worker, 'exit');
  expect(log.notes.get('cursor')).toBe(3);
  expect((await log.append('readings', ids('d'))).first).toBe(4);
});

test('another process follows the log, but cannot write notes', async () => {
  const dir = newDir();
  const log = await open(dir);
  await log.append('readings', linesOf([{ id: 'a', note: 'x'.repeat(3_000) }]));
  const orders = JSON.stringify({ dir, until: 3 });
  const child = fork(follower.url, [orders], { execArgv: [...follower.execArgv] });
  expect(await said(child)).toBe('1 1');
  await log.append('readings', ids('b', 'c'));
  expect(await said(child)).toBe('2 2');
  expect(await said(child)).toBe('TERR_LOG_READ_ONLY');
  await once(child, 'exit');
});

test('a reader sees what the writer sees, and can change nothing', async () => {
  const dir = newDir();
  const log = await open(dir);
  await log.append('facts', linesOf([{ id: 'a', subject: 'x' }, { id: 'b' }]));
  const reader = await open(dir, { role: 'reader' });
  expect(await placed(reader, 'facts')).toEqual(['1 a', '2 b']);
  expect(reader.stat('facts')).toEqual(log.stat('facts'));
  expect(reader.version('x')).toBe(1);
  expect(reader.offsetAt('facts', 0)).toBe(1);
  const refused = { code: 'TERR_LOG_READ_ONLY' };
  await expect(reader.append('facts', ids('c'))).rejects.toMatchObject(refused);
  await expect(reader.trim('facts', 2)).rejects.toMatchObject(refused);
  await reader.close();
  expect(await placed(log, 'facts')).toEqual(['1 a', '2 b']);
});

test('where no log is, a reader is told so', async () => {
  const dir = newDir();
  await expect(open(dir, { role: 'reader' })).rejects.toMatchObject({ code: 'TERR_LOG_ABSENT' });
});

test('what is committed but not yet published as durable is not read', async () => {
  const dir = newDir();
  const log = await open(dir);
  await log.append('readings', ids('a'));
  await log.append('readings', ids('b'));
  const file = new HeadFile(dir, 'writer');
  file.publish({ facts: 1, readings: 2 });
  const reader = await open(dir, { role: 'reader' });
  expect(await placed(reader, 'readings')).toEqual(['1 a']);
  expect(reader.stat('readings').next).toBe(2);
  file.publish({ facts: 1, readings: 3 });
  expect(await placed(reader, 'readings')).toEqual(['1 a', '2 b']);
  file.close();
});

test('a head file that is half written counts as not moved', async () => {
  const dir = newDir();
  const log = await open(dir);
  await log.append('readings', ids('a'));
  const reader = await open(dir, { role: 'reader' });
  expect(reader.stat('readings').next).toBe(2);
  writeFileSync(join(dir, 'head'), Buffer.alloc(24, 7));
  expect(reader.stat('readings').next).toBe(2);
  await log.append('readings', ids('b'));
  expect(reader.stat('readings').next).toBe(3);
});
