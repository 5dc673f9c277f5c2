import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ids, linesOf, placed } from '../example-lines.suite.ts';
import type { Log } from '../log.ts';
import { scratchLogs } from './scratch-directory.suite.ts';

const { open } = scratchLogs('unused');
const root = mkdtempSync(join(tmpdir(), 'territory-full-'));
const mounted: string[] = [];
const full = { code: 'TERR_LOG_FULL', status: 507 };

/** A file system of its own; undefined where this process may not mount one. */
function mountSmall(name: string, megabytes: number): string | undefined {
  const dir = join(root, name);
  mkdirSync(dir);
  try {
    const size = `size=${megabytes}m`;
    execFileSync('/usr/bin/mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', dir], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  mounted.push(dir);
  return dir;
}

const small = mountSmall('small', 6);
const spare = mountSmall('spare', 16);

// Runs after the hook of scratchLogs that closes the logs.
afterAll(() => {
  for (const dir of mounted) execFileSync('/usr/bin/umount', ['-l', dir]);
  rmSync(root, { recursive: true, force: true });
});

const note = 'x'.repeat(100_000);

/** Appends until it is refused, and tells how many were taken. */
async function fill(log: Log): Promise<number> {
  for (let n = 0; n < 200; n++) {
    try {
      await log.append('readings', linesOf([{ id: `e${n}`, note }]));
    } catch (error) {
      if (String(error).includes('TERR_LOG_FULL')) return n;
      throw error;
    }
  }
  throw new Error('the file system never got full');
}

describe.skipIf(small === undefined)('on a file system of 6 MB (mounting needs root)', () => {
  test('a commit that finds no room is FULL, loses nothing, and appends go on after a trim', async () => {
    let clock = 0;
    const dir = join(small ?? '', 'log');
    const ballast = join(small ?? '', 'ballast');
    writeFileSync(ballast, Buffer.alloc(2e6));
    const options = { compression: 'none', reserveBytes: 0, monotonic: () => clock } as const;
    const log = await open(dir, options);
    const taken = await fill(log);
    expect(taken).toBeGreaterThan(20);
    expect((await placed(log, 'readings')).length).toBe(taken);
    expect(log.stat('readings').next).toBe(taken + 1);
    // At once again: refused without asking the disk.
    await expect(log.append('facts', ids('a'))).rejects.toMatchObject(full);
    expect(log.counters().refusedFull).toBe(2);
    expect(log.state()).toBe('full');

    await log.trim('readings', 15);
    clock += 1_000;
    expect(log.state()).toBe('ok');
    // The very event that found no room is not a duplicate of itself.
    const again = await log.append('readings', linesOf([{ id: `e${taken}`, note }]));
    expect(again).toEqual({ first: taken + 1, count: 1, duplicates: [] });
    await log.notes.set('cursor', 1);
    await log.close();

    await expect(open(dir, options)).rejects.toMatchObject({
      ...full,
      message: expect.stringContaining('Less than 1 MiB is free'),
    });
    truncateSync(ballast, 0);
    const reopened = await open(dir, options);
    expect(reopened.stat('readings')).toMatchObject({ first: 15, next: taken + 2 });
    expect((await placed(reopened, 'readings')).length).toBe(taken + 2 - 15);
  });
});

describe.skipIf(spare === undefined)('on a file system of 16 MB (mounting needs root)', () => {
  test('appends are refused while others leave less than the reserve', async () => {
    let clock = 0;
    const log = await open(join(spare ?? '', 'log'), {
      reserveBytes: 8e6,
      monotonic: () => clock,
    });
    await log.append('facts', ids('a'));
    const ballast = join(spare ?? '', 'ballast');
    writeFileSync(ballast, Buffer.alloc(10e6));
    // One look at the file system holds for a second.
    await log.append('facts', ids('b'));
    clock += 1_000;
    await expect(log.append('facts', ids('c'))).rejects.toMatchObject({
      ...full,
      message: expect.stringMatching(/MB are free at .* and 8\.0 MB are kept in reserve/),
    });
    await log.notes.set('cursor', 2);
    truncateSync(ballast, 0);
    clock += 1_000;
    expect((await log.append('facts', ids('c'))).first).toBe(3);
  });

  test('what trimming left inside the file counts as room', async () => {
    let clock = 0;
    const dir = join(spare ?? '', 'reused');
    const log = await open(dir, {
      compression: 'none',
      reserveBytes: 4e6,
      monotonic: () => (clock += 1_000),
    });
    const taken = await fill(log);
    await log.trim('readings', taken + 1);
    expect((await log.append('readings', linesOf([{ note }]))).count).toBe(1);
  });
});
