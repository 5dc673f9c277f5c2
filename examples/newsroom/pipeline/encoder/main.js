// @ts-check
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startService } from 'newsroom-service';
import { thumbnailOf } from 'newsroom-service/thumbnail';
import { openJobs } from '#jobs/jobs.js';
import { openRoom } from '#jobs/room.js';
import { Worker } from '#jobs/worker.js';
import { runFfmpeg } from './ffmpeg.js';
import { recipes } from './recipes.js';

const store = process.env['STORE'] ?? '.';
const hasFfmpeg = process.env['ENCODER'] === 'ffmpeg';
const withinMs = Number(process.env['ENCODE_WITHIN_MS'] ?? 60_000);

/** @type {import('#jobs/jobs.js').Jobs | undefined} */
let opened;
const jobs = () => (opened ??= openJobs(store));
const room = openRoom(store);
const worker = new Worker('encode', { jobs, room, work: encode });

const service = await startService({
  name: 'encoder',
  help: `Takes jobs of the stage "encode": makes a smaller clip of a clip, and a small picture of it. A file
is in STORE/encoded when it is whole, or not at all.

ENCODER            ffmpeg: clips and pictures; javascript: pictures only (javascript)
ENCODE_WITHIN_MS   how long one job may take (60000)
LEASE_MS           how long it may be silent before its job goes to another one (5000)
STORE_QUOTA        bytes that what is made may take; the file STORE/quota wins`,
  variables: { STORE: 'folder of the environment' },
  checks: { store: room.check, work: () => worker.check() },
  drain: async () => {
    await worker.ended();
    opened?.close();
  },
});
for (const folder of ['work', 'encoded']) mkdirSync(join(store, folder), { recursive: true });
worker.start(service);

/**
 * @param {import('#jobs/worker.js').Job} job
 * @param {import('#jobs/worker.js').Doing} doing
 * @returns {Promise<import('#jobs/worker.js').Result>}
 */
async function encode(job, doing) {
  const item = jobs().item(job.item);
  if (item === undefined) throw new Error(`there is no item ${job.item}`);
  const source = join(store, 'inbox', item.file);
  const ending = job.rendition === 'clip' ? 'mp4' : 'png';
  // With the token: who lost the lease, and goes on, writes into a file of its own.
  const part = join(store, 'work', `${job.id}-${job.token}.${ending}`);
  const name = `${job.item}-${job.rendition}.${ending}`;
  try {
    const seconds = await make({ item, job, source, part }, doing);
    const content = await readFile(part);
    room.require(0);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return {
      output: { file: `encoded/${name}`, bytes: content.length, sha256, seconds },
      keep: () => renameSync(part, join(store, 'encoded', name)),
    };
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/**
 * @param {{ item: import('#jobs/jobs.js').Item, job: import('#jobs/worker.js').Job, source: string, part: string }} about
 * @param {import('#jobs/worker.js').Doing} doing
 * @returns {Promise<number | null>} seconds of a clip
 */
async function make({ item, job, source, part }, { signal, progress }) {
  if (item.type === 'image/png') {
    const { png, width, height, caption } = await thumbnailOf(await readFile(source), {
      width: 320,
    });
    await writeFile(part, png);
    service.log.info('made small', { job: job.id, item: item.id, width, height, caption });
    return null;
  }
  if (!hasFfmpeg) throw new Error('there is no ffmpeg here, and this is a clip');
  const recipe = recipes[`${job.rendition}`];
  if (recipe === undefined) throw new Error(`nobody knows how to make a ${job.rendition}`);
  const { seconds, tookS } = await runFfmpeg(recipe(source, part), { signal, progress, withinMs });
  service.log.info('encoded', {
    job: job.id,
    item: item.id,
    rendition: job.rendition,
    seconds,
    tookS,
    realTimeFactor: Math.round((seconds / tookS) * 10) / 10,
  });
  return job.rendition === 'clip' ? seconds : null;
}
