import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { jobHome } from './built.suite.ts';
import { formatMark, orderIn } from './folder.ts';
import { followJob } from './following.ts';
import type { LogPiece } from './job.ts';
import { markOf } from './processes.ts';
import { tidy } from './tidying.ts';

const home = jobHome();
let names = 0;

/** A folder as a job leaves it: of one that has ended, or that this process minds. */
function jobFolder(log: string | undefined, { ended = true, at = 0, inside = '' } = {}): string {
  const folder = join(home(), inside, `job-${(names += 1)}`);
  const limits = { total: 1_000, silence: 1_000, log: 10_000 };
  const order = {
    format: 'territory.job/1',
    id: 'x',
    task: folder,
    argv: [],
    cwd: '/',
    env: [],
    limits,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'order.json'), JSON.stringify({ ...order, at }));
  const mark = markOf(process.pid);
  if (mark !== undefined) writeFileSync(join(folder, 'pid'), formatMark(mark));
  if (log !== undefined) writeFileSync(join(folder, 'log'), log);
  if (ended) writeFileSync(join(folder, 'rc'), '0\n');
  return folder;
}

async function follow(
  folder: string,
  from = 0,
  signal = AbortSignal.timeout(15_000),
): Promise<LogPiece[]> {
  const pieces: LogPiece[] = [];
  for await (const piece of followJob(folder, from, signal)) pieces.push(piece);
  return pieces;
}

const textOf = (pieces: readonly LogPiece[]): string => pieces.map(({ text }) => text).join('');

test('pieces are bounded, follow each other, and split no letter', async () => {
  const log = `a${'€'.repeat(100_000)}😀\n`;
  const pieces = await follow(jobFolder(log));
  expect(textOf(pieces)).toBe(log);
  let at = 0;
  for (const { offset, text, next } of pieces) {
    expect(offset).toBe(at);
    expect(next - offset).toBe(Buffer.byteLength(text));
    expect(next - offset).toBeLessThanOrEqual(65_536);
    expect(text).not.toContain('\ufffd');
    at = next;
  }
  expect(at).toBe(Buffer.byteLength(log));
});

test('it goes on from any offset, at the next letter', async () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'ö', '€', '😀', '\n'), maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(letters, fc.nat(60), async (log, from) => {
      const folder = jobFolder(log);
      const bytes = Buffer.from(log);
      let start = Math.min(from, bytes.length);
      while (((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
      expect(textOf(await follow(folder, from))).toBe(bytes.toString('utf8', start));
      rmSync(folder, { recursive: true });
    }),
    { numRuns: 60 },
  );
});

test('what comes is given as it comes, a letter when it is whole, and the end is the end of the job', async () => {
  const folder = jobFolder(undefined, { ended: false });
  const seen: string[] = [];
  const following = (async () => {
    for await (const { text } of followJob(folder, 0, AbortSignal.timeout(15_000))) seen.push(text);
  })();
  const euro = Buffer.from('€');
  writeFileSync(join(folder, 'log'), Buffer.concat([Buffer.from('one\n'), euro.subarray(0, 2)]));
  await vi.waitFor(() => expect(seen.join('')).toBe('one\n'), 10_000);
  writeFileSync(join(folder, 'log'), euro.subarray(2), { flag: 'a' });
  await vi.waitFor(() => expect(seen.join('')).toBe('one\n€'), 10_000);
  writeFileSync(join(folder, 'log'), 'two', { flag: 'a' });
  writeFileSync(join(folder, 'rc'), '0\n');
  await following;
  expect(seen.join('')).toBe('one\n€two');
});

test('it ends when it is asked to, and when the folder is removed', async () => {
  const folder = jobFolder('one\n', { ended: false });
  const asked = new AbortController();
  const following = follow(folder, 0, asked.signal);
  asked.abort();
  expect(textOf(await following)).toMatch(/^(one\n)?$/);
  const removed = follow(folder);
  await vi.waitFor(() => expect(readdirSync(folder).length).toBeGreaterThan(2), 10_000);
  rmSync(folder, { recursive: true });
  expect(textOf(await removed)).toMatch(/^(one\n)?$/);
  await expect(follow(folder)).rejects.toMatchObject({ code: 'TERR_RUNNER_JOB' });
});

test('the oldest jobs that are over are removed, and what killed starters left', async () => {
  const inside = 'tidy';
  const over = [3, 1, 2, 4].map((at) => jobFolder('', { inside, at }));
  const runs = jobFolder('', { inside, at: 0, ended: false });
  for (const name of ['draft', '.removed.job-0', 'other']) mkdirSync(join(home(), inside, name));
  writeFileSync(join(home(), inside, 'draft', '.order.json.1.ab'), '{');
  writeFileSync(join(home(), inside, 'other', 'notes'), '');
  for (const name of ['draft', 'other']) utimesSync(join(home(), inside, name), 0, 0);
  const nameOf = (folder: string | undefined): string => folder?.split('/').at(-1) ?? '';
  expect(await tidy(join(home(), inside), 2)).toEqual([nameOf(over[1]), nameOf(over[2])]);
  expect(readdirSync(join(home(), inside)).toSorted()).toEqual(
    [nameOf(over[0]), nameOf(over[3]), nameOf(runs), 'other'].toSorted(),
  );
  expect(orderIn(runs)).toBeDefined();
  expect(await tidy(join(home(), inside), 2)).toEqual([]);
  expect(await tidy(join(home(), 'nowhere'), 2)).toEqual([]);
  expect(existsSync(join(home(), 'nowhere'))).toBe(false);
});
