// @ts-check
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomOf } from './random.js';
import { feeds, tell } from './stories.js';

/**
 * @typedef {'corrupt' | 'poison'} Fault
 * @typedef {import('./stories.js').Story & { n: number, feed: import('./stories.js').FeedName, guid: string, name: string, at: number, type: 'video/mp4' | 'image/png', fault?: Fault }} Item
 */

/** Items that are remembered; of older ones only their number is. */
const maxItems = 20_000;

/**
 * All that the feeds ever gave, kept in a file: after a restart they go on where they were.
 * @param {{ store: string, seed: number, video: boolean }} wish
 */
export function openItems({ store, seed, video }) {
  mkdirSync(store, { recursive: true });
  const file = join(store, 'items.jsonl');
  const items = existsSync(file) ? readItems(file) : [];
  let count = (items.at(-1)?.n ?? -1) + 1;
  if (items.length > maxItems) items.splice(0, items.length - maxItems);
  return {
    /** @returns {readonly Item[]} the oldest first */
    all: () => items,
    count: () => count,
    /**
     * @param {number} at ms since the epoch
     * @param {Fault} [fault]
     * @returns {Item}
     */
    add(at, fault) {
      const item = itemOf({ n: count, seed, at, video, fault });
      appendFileSync(file, `${JSON.stringify(item)}\n`);
      count += 1;
      items.push(item);
      if (items.length > maxItems) items.shift();
      return item;
    },
    /** @param {string} feed @param {number} most @returns {readonly Item[]} the newest of a feed, newest first */
    newest: (feed, most) =>
      items
        .slice(-most * feeds.length)
        .filter((item) => item.feed === feed)
        .toReversed(),
    /** @param {string} name without its ending */
    named: (name) => items.findLast((item) => item.name === name),
  };
}

/**
 * A line that a crash cut off is no item.
 * @param {string} file
 * @returns {Item[]}
 */
function readItems(file) {
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n');
  if (lines.at(-1) !== '') appendFileSync(file, '\n');
  return lines.flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

/**
 * @param {{ n: number, seed: number, at: number, video: boolean, fault: Fault | undefined }} about
 * @returns {Item}
 */
function itemOf({ n, seed, at, video, fault }) {
  const random = randomOf(seed * 1_000_003 + n);
  const feed = feeds[n % feeds.length] ?? feeds[0];
  const story = tell(feed, random);
  const words = story.title.toLowerCase().replaceAll(/[^a-z]+/g, '-');
  const name = feed.name === 'coast' ? `coast-${n}-${words}` : `${feed.name}-${n}`;
  // The poison is in a picture.
  const isVideo = video && fault !== 'poison' && n % 4 !== 3;
  return {
    n,
    feed: feed.name,
    guid: guidOf(feed.name, n, name),
    name,
    at,
    type: isVideo ? 'video/mp4' : 'image/png',
    ...(fault !== undefined && { fault }),
    ...story,
  };
}

/** @param {string} feed @param {number} n @param {string} name */
function guidOf(feed, n, name) {
  if (feed === 'wire') return `wire:clip:${n}`;
  return feed === 'city' ? `tag:city.example,2026:clips/${n}` : name;
}
