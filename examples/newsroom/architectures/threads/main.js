// @ts-check
/**
 * The next stage: the feeds are looked at here, pictures are made in threads, and between them stands a
 * queue in memory. It is faster, and says how much waits; when it is killed, the queue and the count are
 * gone with it.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { startService } from 'newsroom-service';
import { openFeed } from 'newsroom-service/feed';

/** @typedef {import('newsroom-service/feed').FeedItem} FeedItem */

const store = process.env['STORE'] ?? '.';
const everyMs = Number(process.env['POLL_MS'] ?? 2_000);
const threads = Number(process.env['THREADS'] ?? 2);
const feeds = ['wire', 'city', 'coast/'].map((path) =>
  openFeed({ url: `${process.env['FEEDS_URL']}/${path}`, withinMs: 5_000 }),
);
/** Feeds that were seen at least once. @type {Set<unknown>} */
const seen = new Set();
/** @type {FeedItem[]} */
const queue = [];
/** Workers that have nothing to do. @type {Worker[]} */
const idle = [];
let place = 0;
const counts = { imported: 0, inProgress: 0, done: 0, failed: 0 };

const service = await startService({
  name: 'threads',
  help: `Looks at the feeds; threads make small pictures and publish them.

GET /counts             what it did since it was started, and what waits
STORE/published.jsonl   what it published, a line for each
POLL_MS                 between two looks (2000)
THREADS                 that make pictures (2)`,
  variables: { STORE: 'folder for what it publishes', FEEDS_URL: 'address of the feeds' },
  checks: {
    feeds: () =>
      seen.size === feeds.length
        ? { status: 'pass', output: `${queue.length} wait` }
        : { status: 'fail', output: `it has seen ${seen.size} of its feeds` },
  },
  routes: {
    'GET /counts': (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ ...counts, waiting: queue.length }));
    },
  },
  drain: async () => {
    await Promise.all(running);
    while (counts.inProgress > 0) await pause(20);
  },
});

// What a kill left half made.
rmSync(join(store, 'work'), { recursive: true, force: true });
mkdirSync(store, { recursive: true });
const { signal, log } = service;
/** @type {Set<string>} */
const known = new Set();
for (let n = 0; n < threads; n++) startThread();
const running = feeds.map(async (feed) => importFrom(feed));

/** @param {ReturnType<typeof openFeed>} feed */
async function importFrom(feed) {
  while (!signal.aborted) {
    try {
      const { items } = await feed.poll(signal);
      const fresh = items.filter(({ guid }) => !known.has(guid));
      for (const { guid } of fresh) known.add(guid);
      // What a feed shows at the first look was published before, as far as anybody remembers.
      if (seen.has(feed)) take(fresh.toSorted((a, b) => a.publishedAt - b.publishedAt));
      seen.add(feed);
    } catch (error) {
      if (!signal.aborted) log.warn('a feed does not answer', { error });
    }
    await pause(everyMs, undefined, { signal }).catch(() => {});
  }
}

/** @param {readonly FeedItem[]} items */
function take(items) {
  counts.imported += items.length;
  queue.push(...items);
  giveOut();
}

function giveOut() {
  while (!signal.aborted && queue.length > 0 && idle.length > 0) {
    counts.inProgress += 1;
    idle.shift()?.postMessage({ item: queue.shift(), store, place: place++ });
  }
}

function startThread() {
  const worker = new Worker(new URL('worker.js', import.meta.url));
  idle.push(worker);
  worker.on('message', ({ failed }) => {
    if (failed) log.error('a picture was not made', { reason: failed });
    ended(failed ? 'failed' : 'done');
    idle.push(worker);
    giveOut();
  });
  worker.on('error', (error) => {
    log.error('a thread died', { error });
    // What it had in hand is gone with it.
    if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
    else ended('failed');
    startThread();
    giveOut();
  });
}

/** @param {'done' | 'failed'} how */
function ended(how) {
  counts.inProgress -= 1;
  counts[how] += 1;
}
