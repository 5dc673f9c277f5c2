// @ts-check
/**
 * How it began: one program that looks at the feeds, makes the pictures and publishes them, in one loop.
 * What it knows is in its memory. It works, it is short, and nobody can see into it: when it is killed
 * nobody knows what it had in hand.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startService } from 'newsroom-service';
import { openFeed } from 'newsroom-service/feed';
import { makeSmall } from '../small.js';

const store = process.env['STORE'] ?? '.';
const everyMs = Number(process.env['POLL_MS'] ?? 2_000);
const feeds = ['wire', 'city', 'coast/'].map((path) =>
  openFeed({ url: `${process.env['FEEDS_URL']}/${path}`, withinMs: 5_000 }),
);
/** Feeds that were seen at least once. @type {Set<unknown>} */
const seen = new Set();

const service = await startService({
  name: 'one-program',
  help: `Looks at the feeds, makes small pictures and publishes them, in one loop.

STORE/published.jsonl   what it published, a line for each
POLL_MS                 between two looks (2000)`,
  variables: { STORE: 'folder for what it publishes', FEEDS_URL: 'address of the feeds' },
  checks: {
    feeds: () =>
      seen.size === feeds.length
        ? { status: 'pass', output: 'it runs' }
        : { status: 'fail', output: `it has seen ${seen.size} of its feeds` },
  },
  drain: async () => running,
});

// What a kill left half made.
rmSync(join(store, 'work'), { recursive: true, force: true });
mkdirSync(store, { recursive: true });
const { signal, log } = service;
/** What it has seen. @type {Set<string>} */
const known = new Set();
let done = 0;
const running = run();

async function run() {
  while (!signal.aborted) {
    for (const feed of feeds) {
      const isFirst = !seen.has(feed);
      const fresh = (await look(feed)).filter(({ guid }) => !known.has(guid));
      for (const { guid } of fresh) known.add(guid);
      // Whatever a feed shows at the first look was published before, as far as anybody remembers:
      // otherwise each start would publish it all again.
      if (!isFirst) await publish(fresh);
    }
    await pause(everyMs, undefined, { signal }).catch(() => {});
  }
}

/** What it shows, the oldest first. @param {ReturnType<typeof openFeed>} feed */
async function look(feed) {
  try {
    const { items } = await feed.poll(signal);
    seen.add(feed);
    return items.toSorted((a, b) => a.publishedAt - b.publishedAt);
  } catch (error) {
    if (!signal.aborted) log.warn('a feed does not answer', { error });
    return [];
  }
}

/** @param {readonly import('newsroom-service/feed').FeedItem[]} items */
async function publish(items) {
  for (const item of items) {
    if (signal.aborted) return;
    try {
      await makeSmall(item, { store, place: done++ });
    } catch (error) {
      log.error('a picture was not made', { title: item.title, error });
    }
  }
}
