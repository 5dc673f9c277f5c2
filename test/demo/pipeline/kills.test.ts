import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PNG } from 'pngjs';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, onTestFinished, test } from 'vitest';
import { findTools } from '../../../src/demo/tools.ts';
import {
  type Conservation,
  type Job,
  type Pipeline,
  type Running,
  openPipeline,
  until,
} from './pipeline.suite.ts';

const tools = findTools(process.env['PATH'] ?? '');

/** Everything in the time of a test. */
const quick = { ITEM_EVERY_MS: '20', POLL_MS: '200', LEASE_MS: '2000', LOOK_MS: '20' };

interface Chaos {
  readonly items: number;
  readonly kills: number;
  readonly seed: number;
}

/** Two encoders, of which one is killed again and again: `kills` times, evenly over the items. */
async function encodeUnderKills(
  pipeline: Pipeline,
  { items, kills, seed }: Chaos,
): Promise<{ readonly queue: Running; readonly feeds: Running; readonly end: Conservation }> {
  const random = xoroshiro128plus(seed);
  const feeds = await pipeline.start('feeds');
  const [queue, first, second] = await Promise.all([
    pipeline.start('queue'),
    pipeline.start('encoder', { TERRITORY_SLOT: '1' }),
    pipeline.start('encoder', { TERRITORY_SLOT: '2' }),
    pipeline.start('publisher'),
    pipeline.start('importer'),
  ]);
  const encoders = [first, second];
  const kept = async (): Promise<Conservation> => queue.get('/conservation');
  // Not among the last ones: those are the killed ones' own jobs, and nobody is to be killed thrice.
  const step = Math.max(1, Math.floor((items * 0.8) / kills));
  for (let kill = 0; kill < kills; kill++) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as items are published
    await until(kept, ({ published }) => published >= kill * step, 240_000);
    // oxlint-disable-next-line no-await-in-loop -- at any moment of its work
    await pause(uniformInt(random, 0, 120));
    const at = uniformInt(random, 0, 1);
    // oxlint-disable-next-line no-await-in-loop
    await encoders[at]?.end('SIGKILL');
    // oxlint-disable-next-line no-await-in-loop -- as whoever watches it does
    encoders[at] = await pipeline.start('encoder', { TERRITORY_SLOT: `${at + 1}` });
  }
  const end = await until(kept, ({ published }) => published >= items, 240_000);
  return { queue, feeds, end };
}

interface Output {
  readonly file: string;
  readonly sha256: string;
}

/** Every file of what is on the site, with what the table says of it. */
async function outputsOf(queue: Running): Promise<readonly Output[]> {
  const { jobs } = await queue.get<{ jobs: readonly Job[] }>('/jobs?stage=publish&limit=1000');
  const looks = await Promise.all(
    jobs.map(async ({ id }) => queue.get<{ outputs: readonly Output[] }>(`/jobs/${id}`)),
  );
  return looks.flatMap(({ outputs }) => outputs);
}

const digestOf = (file: string): string =>
  createHash('sha256').update(readFileSync(file)).digest('hex');

test('200 items and 20 random kills of encoders: 200 outputs, none twice, none lost', async () => {
  const pipeline = openPipeline({
    ...quick,
    ITEMS: '200',
    SHOWN: '200',
    ON_SITE: '500',
  });
  onTestFinished(pipeline.close);
  const { queue, feeds, end } = await encodeUnderKills(pipeline, {
    items: 200,
    kills: 20,
    seed: 8,
  });
  const none = { waiting: 0, inProgress: 0, dead: 0, cancelled: 0, lost: 0, twice: 0 };
  expect(end).toEqual({ imported: 200, published: 200, ...none });

  // What is on the site is what the feeds gave, once each.
  const given = await feeds.get<{ items: readonly { guid: string }[] }>('/items');
  expect(new Set(given.items.map(({ guid }) => guid)).size).toBe(200);
  const file = join(pipeline.store, 'public/items.json');
  const onSite = await until(
    () => (JSON.parse(readFileSync(file, 'utf8')) as { items: readonly { id: string }[] }).items,
    ({ length }) => length === 200,
  );
  expect(new Set(onSite.map(({ id }) => id)).size).toBe(200);

  // Each output is one file, whole, and no other file is there.
  const outputs = await outputsOf(queue);
  const files = readdirSync(join(pipeline.store, 'encoded')).map((name) => `encoded/${name}`);
  expect(files.toSorted()).toEqual(outputs.map((one) => one.file).toSorted());
  expect(files).toHaveLength(200);
  for (const output of outputs) {
    const path = join(pipeline.store, output.file);
    expect(digestOf(path)).toBe(output.sha256);
    expect(PNG.sync.read(readFileSync(path)).width).toBe(320);
  }

  // The kills were no kills of idle processes.
  const { jobs } = await queue.get<{ jobs: readonly Job[] }>('/jobs?stage=encode&limit=1000');
  const deaths = jobs.reduce((sum, job) => sum + job.deaths, 0);
  expect(deaths).toBeGreaterThanOrEqual(3);
  expect(jobs.filter((job) => job.deaths > 0).every(({ token }) => token > 1)).toBe(true);
}, 480_000);

test.runIf(tools.encoder === 'ffmpeg')(
  'the same with ffmpeg: clips are whole, and each has its picture',
  async () => {
    const pipeline = openPipeline({ ...quick, ITEMS: '9', ENCODER: 'ffmpeg' });
    onTestFinished(pipeline.close);
    const { queue, end } = await encodeUnderKills(pipeline, { items: 9, kills: 2, seed: 1 });
    expect(end).toMatchObject({ imported: 9, published: 9, lost: 0, twice: 0 });
    const outputs = await outputsOf(queue);
    // Three of four items are clips, of which there are two renditions.
    expect(outputs.filter(({ file }) => file.endsWith('-clip.mp4'))).toHaveLength(7);
    expect(outputs.filter(({ file }) => file.endsWith('-picture.png'))).toHaveLength(9);
    for (const output of outputs) {
      const path = join(pipeline.store, output.file);
      expect(digestOf(path)).toBe(output.sha256);
      const head = readFileSync(path).subarray(0, 12).toString('latin1');
      expect(head).toMatch(path.endsWith('.mp4') ? /ftyp/ : /PNG/);
    }
  },
  240_000,
);
