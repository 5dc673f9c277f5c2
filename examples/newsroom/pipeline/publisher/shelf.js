// @ts-check
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { archive } from '#jobs/upkeep.js';
import { feedOf, pageOf } from './pages.js';

/**
 * An item as the site shows it. Paths are below the store.
 * @typedef {object} Shown
 * @property {string} id
 * @property {string} title
 * @property {string} description
 * @property {string} feed
 * @property {number} publishedAt ms since the epoch
 * @property {string} [clip]
 * @property {string} [picture]
 * @property {number} [seconds]
 */

/** What is on the site: files that are written anew from the table, each whole or not at all. */
export class Shelf {
  #store;
  #jobs;
  #most;
  #count = 0;

  /**
   * @param {string} store
   * @param {import('#jobs/jobs.js').Jobs} jobs
   * @param {number} most items that stay
   */
  constructor(store, jobs, most) {
    this.#store = store;
    this.#jobs = jobs;
    this.#most = most;
    mkdirSync(join(store, 'public', 'items'), { recursive: true });
  }

  count() {
    return this.#count;
  }

  /**
   * The page of an item; it is linked once the item is on the site.
   * @param {string} id
   */
  put(id) {
    const item = this.#jobs.item(id);
    if (item !== undefined) this.#replace(`items/${id}.html`, pageOf(this.#shown(item)));
    return item;
  }

  /** Writes items.json and feed.xml, and removes what nobody needs any more. */
  write() {
    const rows = this.#jobs.rows(
      'select * from items where on_site_at is not null order by on_site_at desc, id limit ?',
      [this.#most],
    );
    const items = rows.map((item) => this.#shown(item));
    this.#replace('items.json', `${JSON.stringify({ items }, undefined, 1)}\n`);
    this.#replace('feed.xml', feedOf(items.slice(0, 30)));
    this.#count = items.length;
    this.#archive();
  }

  /** @param {import('#jobs/jobs.js').Item} item @returns {Shown} */
  #shown({ id, title, description, feed, published_at: publishedAt }) {
    const outputs = this.#jobs.rows('select * from outputs where item = ?', [id]);
    /** @param {string} rendition */
    const output = (rendition) => outputs.find((one) => one.rendition === rendition);
    const clip = output('clip');
    const picture = output('picture');
    return {
      id,
      title,
      description,
      feed,
      publishedAt,
      ...(clip && { clip: clip.file, seconds: clip.seconds }),
      ...(picture && { picture: picture.file }),
    };
  }

  /** Sources of what is on the site, and everything of items that left it. */
  #archive() {
    const done = this.#jobs.rows(
      'select id, file from items where on_site_at is not null and source_gone = 0',
    );
    for (const { file } of done) rmSync(join(this.#store, 'inbox', file), { force: true });
    const old = this.#jobs.rows(
      `select id from items where on_site_at is not null and archived_at is null
       order by on_site_at desc, id limit -1 offset ?`,
      [this.#most],
    );
    for (const { id } of old) {
      for (const { file } of this.#jobs.rows('select file from outputs where item = ?', [id]))
        rmSync(join(this.#store, file), { force: true });
      rmSync(join(this.#store, 'public', 'items', `${id}.html`), { force: true });
    }
    archive(this.#jobs, { sources: done.map(({ id }) => id), left: old.map(({ id }) => id) });
  }

  /**
   * @param {string} name below public/
   * @param {string} text
   */
  #replace(name, text) {
    const file = join(this.#store, 'public', name);
    const part = join(this.#store, 'public', `.part-${process.pid}`);
    writeFileSync(part, text);
    renameSync(part, file);
  }
}
