import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Counting } from '../../../src/demo/architectures/architectures.ts';
import { askProcess } from '../../../src/demo/chaos/ask-process.ts';
import { deedsOf } from '../../../src/demo/chaos/company-deeds.ts';
import type { Deeds } from '../../../src/demo/chaos/deeds.ts';
import { makeRoom } from '../../../src/demo/chaos/full-disk.ts';
import { encoderAt } from '../../../src/demo/chaos/encoders.ts';
import { architectureReading, architecturesIn } from '../../../src/rooms/demo/architectures.ts';
import type { PlacedEvent } from '../../../src/event/codec.ts';
import { type SmallCompany, openSmallCompany } from './small-company.suite.ts';

const long = 90_000;
const patience = { timeout: 60_000, interval: 100 };
let small: SmallCompany;
let deeds: Deeds;
let counting: Counting;

beforeAll(async () => {
  small = await openSmallCompany();
  deeds = deedsOf(small.company);
  counting = await Counting.from(small.company);
}, long);
afterAll(async () => small?.close(), long);

const never = new AbortController().signal;
const health = async (port: number): Promise<number> =>
  (await fetch(`http://127.0.0.1:${port}/healthz`)).status;

/** How the three stand, as the room reads what is told of them. */
async function standing() {
  const readings = (await counting.look()) as PlacedEvent[];
  const [program, threads, processes] = architecturesIn(
    readings.filter(({ type }) => type === architectureReading),
  );
  if (!program || !threads || !processes) throw new Error('three are told of');
  return { program, threads, processes };
}

test('an encoder that is killed in its work is started again', { timeout: long }, async () => {
  const { encoders } = small.company.ports;
  const pids = async () => (await Promise.all(encoders.map(encoderAt))).map((one) => one?.pid);
  const before = await pids();
  const { said, over } = await deeds['killed-encoder'](never);
  expect(said).toMatch(/pid \d+ got SIGKILL in the middle of a job/);
  expect(await over()).toMatch(/an encoder with pid \d+ runs in its place after/);
  const after = await pids();
  expect(after.filter((pid) => before.includes(pid))).toHaveLength(1);
});

test(
  'all three are killed: two lose what came meanwhile, the third nothing',
  { timeout: long },
  async () => {
    await vi.waitFor(async () => {
      const { program, threads, processes } = await standing();
      for (const { counts } of [program, threads, processes])
        expect(counts.done).toBeGreaterThan(3);
    }, patience);
    const { said, over } = await deeds['kill-all-three'](never);
    expect(said).toMatch(/the one program, the threads and the encoder with pid \d+ got SIGKILL/);
    expect(await over()).toMatch(/^all three run again/);
    await vi.waitFor(async () => {
      const { program, threads, processes } = await standing();
      expect(program.counts).toMatchObject({ restarts: 1, twice: 0 });
      expect(threads.counts).toMatchObject({ restarts: 1, twice: 0 });
      // Half a second without a program, and what it did not remember.
      expect(program.counts.lost).toBeGreaterThan(0);
      expect(threads.counts.lost).toBeGreaterThan(0);
      expect(processes.counts).toMatchObject({ lost: 0, twice: 0 });
      expect(processes.counts.restarts).toBeGreaterThan(0);
      // Nobody can see into the one program; the others say what they have.
      expect(program.counts).not.toHaveProperty('imported');
      expect(threads.counts.imported).toBeGreaterThan(3);
      expect(processes.sees.length).toBeGreaterThan(program.sees.length);
    }, patience);
  },
);

test('a clip with broken content is put aside', { timeout: long }, async () => {
  const { said, over } = await deeds['corrupt-file'](never);
  expect(said).toMatch(/of the feed (wire|city|coast) has broken content/);
  expect(await over()).toMatch(/^job \d+ was put aside after 3 tries and .*: it is no whole PNG/);
});

test('a picture that kills who makes it small is put aside', { timeout: long }, async () => {
  const { said, over } = await deeds['poison-job'](never);
  expect(said).toMatch(/kills who makes it small/);
  expect(await over()).toMatch(/^job \d+ was put aside after 3 deaths and/);
  const { processes } = await standing();
  expect(processes.counts).toMatchObject({ lost: 0, twice: 0 });
  expect(processes.counts.dead).toBe(2);
});

test(
  'a store that is full stops encoders until there is room again',
  { timeout: long },
  async () => {
    const { encoders } = small.company.ports;
    const ending = new AbortController();
    const { said, over } = await deeds['full-disk'](ending.signal);
    expect(said).toMatch(/may have \d+\.\d MB, half of what it has/);
    await vi.waitFor(async () => expect(await health(encoders[0])).toBe(503), patience);
    const { waiting } = await askProcess(small.company.ports.queue, 'GET /conservation');
    await vi.waitFor(async () => {
      const now = await askProcess(small.company.ports.queue, 'GET /conservation');
      expect(Number(now['waiting'])).toBeGreaterThan(Number(waiting));
    }, patience);
    ending.abort();
    expect(await over()).toMatch(/there is room again, after/);
    await vi.waitFor(async () => expect(await health(encoders[0])).toBe(200), patience);
  },
);

test('what a demo that was killed left full is empty for the next', async () => {
  const { company } = small;
  const quota = join(company.places.store('production'), 'quota');
  writeFileSync(quota, '1\n');
  await makeRoom(company);
  expect(existsSync(quota)).toBe(false);
});

test('slow feeds answer late, and at once when that ends', { timeout: long }, async () => {
  const { feeds } = small.company.ports;
  const ending = new AbortController();
  const { said, over } = await deeds['slow-feed'](ending.signal);
  expect(said).toBe('every answer of the feeds comes 12 s late');
  expect(await health(feeds)).toBe(503);
  ending.abort();
  expect(await over()).toMatch(/the feeds answer at once again/);
  expect(await health(feeds)).toBe(200);
});

test('the payment provider is gone, and comes back', { timeout: long }, async () => {
  const { payments } = small.company.ports;
  const ending = new AbortController();
  const { over } = await deeds['payments-down'](ending.signal);
  await expect(health(payments)).rejects.toThrow(/fetch failed/);
  ending.abort();
  expect(await over()).toMatch(/runs again after/);
  expect(await health(payments)).toBe(200);
});

test('what can not be done is said', { timeout: long }, async () => {
  const { company } = small;
  const elsewhere = { ...company, ports: { ...company.ports, feeds: 9 } };
  const none = deedsOf(elsewhere);
  await expect(none['slow-feed'](never)).rejects.toThrow(/fetch failed/);
  await expect(none['poison-job'](never)).rejects.toThrow(/fetch failed/);
});
