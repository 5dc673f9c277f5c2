// @ts-check
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openFeed } from 'newsroom-service/feed';
import { isNoRoom } from '#jobs/room.js';
import { tellOf } from '#jobs/telling.js';

/** Bytes of one clip; a larger one is not taken. */
const maxBytes = 64 * 1024 * 1024;
/** Items that are on their way and remembered as told of. */
const maxDiscovered = 1_000;

/** What is made of which files. @type {Record<string, string[]>} */
const renditions = { 'video/mp4': ['clip', 'picture'], 'image/png': ['picture'] };

/**
 * @typedef {import('newsroom-service/feed').FeedItem} FeedItem
 * @typedef {object} Parts
 * @property {import('newsroom-service').Service} service
 * @property {import('#jobs/jobs.js').Jobs} jobs
 * @property {string} store
 * @property {string} base address of the feeds
 * @property {number} pollMs
 * @property {number} withinMs
 */

/** Follows one feed for as long as the service runs. */
export class Import {
  #parts;
  #feed;
  #inbox;
  #trouble = '';
  /** Told of, and not here yet. @type {Set<string>} */
  #discovered = new Set();

  /**
   * @param {string} path of the feed, below `base`
   * @param {Parts} parts
   */
  constructor(path, parts) {
    this.name = path.replace('/', '');
    this.#parts = parts;
    this.#feed = openFeed({ url: `${parts.base}/${path}`, withinMs: parts.withinMs });
    this.#inbox = join(parts.store, 'inbox');
    mkdirSync(this.#inbox, { recursive: true });
    /** Resolves when the service ends, and nothing is half taken. */
    this.ended = this.#run();
  }

  /** What is wrong with it, if something is. */
  get trouble() {
    return this.#trouble;
  }

  async #run() {
    const { service, pollMs } = this.#parts;
    const { signal } = service;
    while (!signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await this.#look();
      // oxlint-disable-next-line no-await-in-loop -- not at once
      await pause(pollMs, undefined, { signal }).catch(() => {});
    }
  }

  async #look() {
    const { service, jobs } = this.#parts;
    const began = performance.now();
    try {
      const { status, items } = await this.#feed.poll(service.signal);
      const fresh = items.filter(({ guid }) => !jobs.isKnown(guid));
      this.#tellPolled(began, { status: `${status}`, items: `${fresh.length}` });
      this.#trouble = '';
      // The oldest first, as they came.
      for (const item of fresh.toSorted((a, b) => a.publishedAt - b.publishedAt))
        // oxlint-disable-next-line no-await-in-loop -- the feeds' servers are somebody else's
        await this.#try(item);
    } catch (error) {
      if (service.signal.aborted) return;
      const reason = reasonOf(error);
      if (this.#trouble === '') service.log.warn('a feed fails', { feed: this.name, reason });
      this.#trouble = reason;
      this.#tellPolled(began, { status: 'failed', items: '0', reason });
    }
  }

  /** @param {number} began @param {Record<string, string>} attributes */
  #tellPolled(began, attributes) {
    const ms = Math.round(performance.now() - began);
    this.#parts.service.events.send({
      type: 'feed.polled',
      subject: `feed/${this.name}`,
      metric: ms / 1000,
      attributes: { feed: this.name, ms: `${ms}`, ...attributes },
    });
  }

  /** What does not come is tried again with the next look; the others come. @param {FeedItem} item */
  async #try(item) {
    const { signal, log } = this.#parts.service;
    if (signal.aborted) return;
    try {
      await this.#take(item);
    } catch (error) {
      if (signal.aborted) return;
      // A feed does not send again what did not change.
      this.#feed.forget();
      const reason = reasonOf(error);
      log.warn('an item did not come', { feed: this.name, guid: item.guid, reason });
      if (isNoRoom(error)) this.#trouble = reason;
    }
  }

  /** @param {FeedItem} item */
  async #take({ guid, title, description, type, url, publishedAt: published_at }) {
    const { service, jobs } = this.#parts;
    const feed = this.name;
    const id = `${feed}-${createHash('sha256').update(guid).digest('hex').slice(0, 10)}`;
    const about = { subject: `item/${id}`, attributes: { feed, item: id, title } };
    if (!this.#discovered.has(id)) service.events.send({ type: 'item.discovered', ...about });
    this.#remember(id);
    const wanted = renditions[type];
    if (wanted === undefined)
      throw new Error(`nothing is made of ${type || 'a file without type'}`);
    const file = `${id}.${type === 'image/png' ? 'png' : 'mp4'}`;
    const bytes = await this.#download(url, join(this.#inbox, file));
    service.events.send({ type: 'item.downloaded', metric: bytes, ...about });
    const taken = { id, guid, feed, title, description, type, file, published_at };
    const tell = tellOf(service);
    for (const job of jobs.take(taken, wanted) ?? []) tell.job('enqueued', job);
    this.#discovered.delete(id);
    service.log.info('took', { item: id, title, bytes });
  }

  /** @param {string} id */
  #remember(id) {
    this.#discovered.add(id);
    const [oldest] = this.#discovered;
    if (this.#discovered.size > maxDiscovered && oldest !== undefined)
      this.#discovered.delete(oldest);
  }

  /**
   * The file appears in the inbox when it is whole.
   * @param {string} url
   * @param {string} file
   * @returns {Promise<number>} bytes
   */
  async #download(url, file) {
    const { service, withinMs } = this.#parts;
    const signal = AbortSignal.any([service.signal, AbortSignal.timeout(withinMs * 4)]);
    const answer = await fetch(url, { signal });
    if (!answer.ok || answer.body === null) throw new Error(`${url} answers ${answer.status}`);
    const part = join(this.#inbox, `.part-${randomUUID()}`);
    try {
      const bytes = await writeAll(answer.body, part);
      await rename(part, file);
      return bytes;
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }
}

/**
 * @param {AsyncIterable<Uint8Array>} body
 * @param {string} file
 * @returns {Promise<number>} bytes
 */
async function writeAll(body, file) {
  const handle = await open(file, 'wx');
  let bytes = 0;
  try {
    for await (const piece of body) {
      bytes += piece.length;
      if (bytes > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`);
      await handle.writeFile(piece);
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

/** @param {unknown} error */
const reasonOf = (error) => (error instanceof Error ? error.message : String(error));
