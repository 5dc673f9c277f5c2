import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockDirectory } from './directory-lock.ts';
import { identityOf } from './process-identity.ts';
import { scratchLogs } from './scratch-directory.suite.ts';

const { newDir, open } = scratchLogs('lock');
const now = Date.now;

function freshDir(): string {
  const dir = newDir();
  mkdirSync(dir);
  return dir;
}

function holdAs(dir: string, holder: unknown): void {
  writeFileSync(join(dir, 'writer.lock'), JSON.stringify(holder));
}

/** Takes the lock and gives it back; throws when someone holds it. */
function take(dir: string): string {
  lockDirectory(dir, now).release();
  return 'taken';
}

const own = identityOf(process.pid);

test('two writers of one directory: the second is told the process of the first', async () => {
  const dir = newDir();
  const first = await open(dir);
  await expect(open(dir)).rejects.toMatchObject({
    code: 'TERR_LOG_LOCKED',
    message: expect.stringContaining(`Process ${process.pid} writes ${dir}`),
  });
  await first.close();
  expect(existsSync(join(dir, 'writer.lock'))).toBe(false);
  expect((await open(dir)).stat('facts').next).toBe(1);
});

test('a living process elsewhere holds it, a dead one does not', async () => {
  const dir = freshDir();
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  holdAs(dir, identityOf(child.pid ?? 0));
  expect(() => lockDirectory(dir, now)).toThrow(`Process ${child.pid} writes`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(take(dir)).toBe('taken');
});

test('another process that got the same id later does not hold it', () => {
  const dir = freshDir();
  holdAs(dir, { ...own, started: '1' });
  expect(take(dir)).toBe('taken');
});

test('a lock from before the machine was started again is void', () => {
  const dir = freshDir();
  holdAs(dir, { ...own, boot: 'earlier' });
  expect(take(dir)).toBe('taken');
});

test('in another container the sign of life decides', () => {
  const dir = freshDir();
  holdAs(dir, { ...own, pid: 1, namespace: 'pid:[1]' });
  expect(() => lockDirectory(dir, now)).toThrow('Process 1 writes');
  const path = join(dir, 'writer.lock');
  const old = new Date(now() - 11_000);
  utimesSync(path, old, old);
  expect(take(dir)).toBe('taken');
});

test.each(['', '{"pid":', '[]', 'null'])('a lock file of %j holds nobody off', (text) => {
  const dir = freshDir();
  writeFileSync(join(dir, 'writer.lock'), text);
  expect(take(dir)).toBe('taken');
});

test('releasing does not take away the lock of who came after', () => {
  const dir = freshDir();
  const lock = lockDirectory(dir, now);
  holdAs(dir, { pid: 1 });
  lock.release();
  expect(readFileSync(join(dir, 'writer.lock'), 'utf8')).toBe('{"pid":1}');
});

test('a dead lock is taken over by one', () => {
  const dir = freshDir();
  holdAs(dir, { ...own, started: '1' });
  const outcomes = Array.from({ length: 8 }, () => {
    try {
      return lockDirectory(dir, now);
    } catch {
      return undefined;
    }
  });
  expect(outcomes.filter((o) => o !== undefined)).toHaveLength(1);
  for (const lock of outcomes) lock?.release();
});
