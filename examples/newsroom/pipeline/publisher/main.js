// @ts-check
import { startService } from 'newsroom-service';
import { openJobs } from '#jobs/jobs.js';
import { openRoom } from '#jobs/room.js';
import { Worker } from '#jobs/worker.js';
import { Shelf } from './shelf.js';

const store = process.env['STORE'] ?? '.';
/** @type {import('#jobs/jobs.js').Jobs | undefined} */
let opened;
const jobs = () => (opened ??= openJobs(store));
/** @type {Shelf | undefined} */
let shelf;

const worker = new Worker('publish', { jobs, room: openRoom(store), work: publish });

const service = await startService({
  name: 'publisher',
  help: `Takes jobs of the stage "publish": an item whose renditions are all there gets its page in
STORE/public/items, and its place in STORE/public/items.json and feed.xml. What is older than the newest
ones goes into the archive: its files are removed.

ON_SITE      items that stay (300)
LEASE_MS     how long it may be silent before its job is taken again (5000)`,
  variables: { STORE: 'folder of the environment' },
  checks: {
    shelf: () => ({ status: 'pass', output: `${shelf?.count() ?? 0} items on the site` }),
    work: () => worker.check(),
  },
  drain: async () => {
    await worker.ended();
    opened?.close();
  },
});
shelf = new Shelf(store, jobs(), Number(process.env['ON_SITE'] ?? 300));
// What the table says is what is on the site, whatever happened between the two the last time.
shelf.write();
worker.start(service);

/**
 * @param {import('#jobs/worker.js').Job} job
 * @returns {Promise<import('#jobs/worker.js').Result>}
 */
async function publish(job) {
  const item = shelf?.put(job.item);
  if (item === undefined) throw new Error(`there is no item ${job.item}`);
  return { done: () => onSite(item) };
}

/** @param {import('#jobs/jobs.js').Item} item */
function onSite(item) {
  shelf?.write();
  service.events.send({
    type: 'item.published',
    subject: `item/${item.id}`,
    metric: (Date.now() - item.published_at) / 1000,
    attributes: { feed: item.feed, item: item.id, title: item.title },
  });
  service.log.info('published', { item: item.id, title: item.title });
}
