// @ts-check
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startService } from 'newsroom-service';
import { openJobs } from '#jobs/jobs.js';
import { openRoom } from '#jobs/room.js';
import { tellOf } from '#jobs/telling.js';
import { forget } from '#jobs/upkeep.js';
import { routesOf } from './routes.js';
import { samplingOf } from './sampling.js';
import { openToken } from './token.js';

const store = process.env['STORE'] ?? '.';
/** How often it looks for leases that ran out, ms. */
const expireMs = 500;
const sampleMs = Number(process.env['SAMPLE_MS'] ?? 5_000);
const upkeepMs = 60_000;
/** What nobody finished for so long is nobody's any more, ms. */
const abandonedMs = 10 * 60_000;

/** @type {import('#jobs/jobs.js').Jobs | undefined} */
let opened;
const jobs = () => (opened ??= openJobs(store));
/** @type {ReturnType<typeof openToken> | undefined} */
let token;
const room = openRoom(store);

const service = await startService({
  name: 'queue',
  help: `The table of jobs, for people: what waits and why, who works on what, and whether all that came in
is somewhere. It gives jobs back whose workers are gone. Importer, encoders and publisher use the table
themselves, so they go on without it.

GET  /jobs?state=&stage=&item=&limit=   jobs, the newest first
GET  /jobs/:id                          one, with its life
GET  /stages                            depth, ages, rates, percentiles, time to drain, workers
GET  /workers                           who is there
GET  /conservation                      imported = published + dead + cancelled + in the system
GET  /store                             bytes taken, and the limit
POST /jobs/:id/requeue | cancel | bury  with "authorization: Bearer" and what STORE/queue.token holds

SAMPLE_MS   between two events "queue.sampled" (5000)`,
  variables: { STORE: 'folder of the environment' },
  checks: {
    store: () => {
      const [{ n }] = jobs().rows('select count(*) as n from items');
      return { status: 'pass', output: `${n} items, ${room.check().output}` };
    },
  },
  routes: routesOf({
    jobs,
    room,
    mayChange: (request) => token?.(request) ?? false,
    tell: () => tellOf(service),
    log: () => service.log,
  }),
  drain: async () => opened?.close(),
});

for (const folder of ['work', 'inbox']) mkdirSync(join(store, folder), { recursive: true });
token = openToken(store);
const tell = tellOf(service);
const sample = samplingOf(service);

every(expireMs, () => {
  for (const { was, is } of jobs().expire()) {
    service.log.warn('a lease ran out', {
      job: is.id,
      item: is.item,
      worker: was.worker,
      state: is.state,
    });
    tell.expired(was, is);
  }
});
every(sampleMs, () => sample(jobs()));
every(upkeepMs, () => {
  const forgotten = forget(jobs());
  if (forgotten > 0) service.log.info('forgot', { jobs: forgotten });
  sweep(join(store, 'work'));
  sweep(join(store, 'inbox'), '.part-');
});

/**
 * At once, and then again and again while the service runs; what fails is said and tried again.
 * @param {number} ms
 * @param {() => void} act
 */
function every(ms, act) {
  const once = () => {
    if (service.signal.aborted) return;
    try {
      act();
    } catch (error) {
      service.log.error('the table of jobs does not answer', { error });
    }
  };
  once();
  setInterval(once, ms).unref();
}

/**
 * Removes what killed processes left half written.
 * @param {string} folder
 * @param {string} [beginning] of the names that are meant
 */
function sweep(folder, beginning = '') {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (name.startsWith(beginning) && age > abandonedMs) rmSync(file, { force: true });
  }
}
