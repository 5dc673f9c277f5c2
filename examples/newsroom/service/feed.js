// @ts-check
import { XMLParser } from 'fast-xml-parser';

/**
 * One clip that a feed offers.
 * @typedef {object} FeedItem
 * @property {string} guid the same for the same clip, whatever else of it changes
 * @property {string} title
 * @property {string} description
 * @property {number} publishedAt ms since the epoch
 * @property {string} url of the clip or picture
 * @property {string} type video/mp4 or image/png
 * @property {string} picture address of a picture of it, PNG
 */

/**
 * @typedef {object} Polled
 * @property {number} status of HTTP
 * @property {readonly FeedItem[]} items none where nothing changed (304)
 */

/** Characters of a feed that is read; a longer one is refused. */
const maxLength = 2_000_000;

/**
 * A feed that is asked again and again: RSS, Atom, or a directory's listing. It is only sent when it
 * changed, as far as its server knows of conditional requests.
 * @param {{ url: string, withinMs: number }} wish
 */
export function openFeed({ url, withinMs }) {
  /** @type {Record<string, string>} */
  let known = {};
  return {
    /**
     * Rejects where it does not answer in time, or not with a feed.
     * @param {AbortSignal} signal
     * @returns {Promise<Polled>}
     */
    async poll(signal) {
      const within = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
      const answer = await fetch(url, { headers: known, signal: within });
      const { status, headers } = answer;
      if (status === 304) return { status, items: [] };
      if (!answer.ok) {
        await answer.body?.cancel();
        throw new Error(`it answers ${status}`);
      }
      const items = readFeed(await textOfBody(answer), url);
      // Only once it was understood: what was not is asked for again.
      const etag = headers.get('etag');
      const modified = headers.get('last-modified');
      known = {
        ...(etag !== null && { 'if-none-match': etag }),
        ...(modified !== null && { 'if-modified-since': modified }),
      };
      return { status, items };
    },
    /** The next poll gets everything, whether or not it changed. */
    forget() {
      known = {};
    },
  };
}

/**
 * Rejects as soon as there is more than anybody would read: a feed that does not end fills no memory.
 * @param {Response} answer
 */
async function textOfBody({ body }) {
  let text = '';
  for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += piece;
    if (text.length > maxLength) throw new Error(`it has more than ${maxLength} characters`);
  }
  return text;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  htmlEntities: true,
  isArray: (name) => ['item', 'entry', 'link', 'enclosure'].includes(name),
});

/**
 * What stands in a feed; an entry without identity, time or clip is left out. Throws an Error where it
 * is none.
 * @param {string} text
 * @param {string} base address of the feed
 * @returns {FeedItem[]}
 */
export function readFeed(text, base) {
  if (/^\s*(<!doctype html|<html)/i.test(text)) return readListing(text, base);
  const document = parser.parse(text);
  const rss = document.rss?.channel;
  if (rss !== undefined)
    return whole((rss.item ?? []).map((/** @type {any} */ item) => fromRss(item, base)));
  if (document.feed !== undefined)
    return whole((document.feed.entry ?? []).map((/** @type {any} */ one) => fromAtom(one, base)));
  throw new Error('it is no feed: neither RSS, Atom nor a listing');
}

/** @param {any} item @param {string} base @returns {FeedItem} */
const fromRss = (item, base) => ({
  guid: textOf(item.guid),
  title: textOf(item.title),
  description: textOf(item.description),
  publishedAt: Date.parse(textOf(item.pubDate)),
  ...mediaOf(item.enclosure?.[0], item['media:thumbnail']?.url, base),
});

/** @param {any} entry @param {string} base @returns {FeedItem} */
function fromAtom(entry, base) {
  /** @param {string} rel */
  const link = (rel) => entry.link?.find((/** @type {any} */ one) => one.rel === rel);
  const enclosure = link('enclosure');
  return {
    guid: textOf(entry.id),
    title: textOf(entry.title),
    description: textOf(entry.summary),
    publishedAt: Date.parse(textOf(entry.published ?? entry.updated)),
    ...mediaOf(
      enclosure && { url: enclosure.href, type: enclosure.type },
      link('preview')?.href,
      base,
    ),
  };
}

/** @type {Record<string, string>} */
const types = { mp4: 'video/mp4', png: 'image/png' };

/**
 * A listing as web servers make it of a directory: a line for each file, with its time. Of a clip and a
 * picture with the same name, the picture shows the clip.
 * @param {string} text
 * @param {string} base
 * @returns {FeedItem[]}
 */
function readListing(text, base) {
  const line = /<a href="([\w-]+)\.(mp4|png)">[^<]*<\/a>\s+(\d{2}-\w{3}-\d{4} \d{2}:\d{2}:\d{2})/g;
  /** @type {Map<string, Map<string, number>>} */
  const files = new Map();
  for (const [, name = '', ending = '', time = ''] of text.matchAll(line)) {
    const endings = files.get(name) ?? new Map();
    files.set(name, endings.set(ending, Date.parse(`${time.replaceAll('-', ' ')} UTC`)));
  }
  const items = [...files].map(([name, endings]) => {
    const ending = endings.has('mp4') ? 'mp4' : 'png';
    return {
      guid: name,
      title: titleIn(name),
      description: '',
      publishedAt: endings.get(ending) ?? NaN,
      ...mediaOf({ url: `${name}.${ending}`, type: types[ending] }, `${name}.png`, base),
    };
  });
  return whole(items);
}

/** A title out of a name such as `coast-42-storm-waves-hit-the-pier`.
 * @param {string} name */
function titleIn(name) {
  const words = name.replace(/^[a-z]+-\d+-/, '').replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * @param {{ url?: string, type?: string | undefined } | undefined} media
 * @param {string | undefined} picture
 * @param {string} base
 */
function mediaOf(media, picture, base) {
  const { url = '', type = '' } = media ?? {};
  const shown = picture ?? (type === 'image/png' ? url : '');
  return { url: absolute(url, base), type, picture: absolute(shown, base) };
}

/** @param {string} url @param {string} base */
const absolute = (url, base) => (URL.canParse(url, base) && url ? new URL(url, base).href : '');

/** @param {any} value */
const textOf = (value) => `${(typeof value === 'object' ? value?.['#text'] : value) ?? ''}`.trim();

/** @param {readonly FeedItem[]} items */
const whole = (items) =>
  items.filter(({ guid, url, publishedAt }) => guid && url && Number.isFinite(publishedAt));
