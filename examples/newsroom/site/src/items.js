// @ts-check
import { readFileSync, statSync } from 'node:fs';
import { builtInItems } from './built-in.js';

/**
 * A clip or picture that we sell.
 * @typedef {object} Item
 * @property {string} id
 * @property {string} title
 * @property {string} description
 * @property {string} feed where it came from
 * @property {number} publishedAt ms since the epoch
 * @property {string | undefined} clip path below STORE, of a video
 * @property {string | undefined} picture path below STORE
 * @property {number | undefined} seconds how long the video is
 */

/** The newest ones are sold; what is older is in the archive, which has no site yet. */
const maxItems = 48;

/**
 * What the pipeline published, read again when it changed.
 * @param {string} file items.json
 */
export function openItems(file) {
  /** @type {Item[]} */
  let items = [...builtInItems()];
  let seen = '';
  /** @returns {readonly Item[]} the newest first */
  const all = () => {
    const found = statSync(file, { throwIfNoEntry: false });
    const version = found === undefined ? '' : `${found.mtimeMs} ${found.size} ${found.ino}`;
    if (version === seen) return items;
    seen = version;
    items = found === undefined ? [...builtInItems()] : itemsIn(readFileSync(file, 'utf8'));
    return items;
  };
  return {
    all,
    /** @param {string} id */
    named: (id) => all().find((item) => item.id === id),
  };
}

/**
 * @param {string} text
 * @returns {Item[]}
 */
function itemsIn(text) {
  const value = JSON.parse(text);
  const list = Array.isArray(value) ? value : value.items;
  return list
    .map(itemOf)
    .toSorted((/** @type {Item} */ a, /** @type {Item} */ b) => b.publishedAt - a.publishedAt)
    .slice(0, maxItems);
}

/**
 * @param {any} raw as the publisher writes it
 * @returns {Item}
 */
const itemOf = (raw) => ({
  id: `${raw.id}`,
  title: `${raw.title}`,
  description: `${raw.description ?? ''}`,
  feed: `${raw.feed ?? ''}`,
  publishedAt: Number(raw.publishedAt),
  clip: raw.clip,
  picture: raw.picture,
  seconds: raw.seconds,
});
