// @ts-check
import { feeds } from './stories.js';

/** @typedef {import('./items.js').Item} Item */

/** Each feed in its own way. Addresses in them are relative to the feed's own.
 * @type {Record<import('./stories.js').FeedName, { type: string, write: (items: readonly Item[], origin: string) => string }>} */
export const formats = {
  wire: { type: 'application/rss+xml; charset=utf-8', write: rss },
  city: { type: 'application/atom+xml; charset=utf-8', write: atom },
  coast: { type: 'text/html; charset=utf-8', write: listing },
};

/** @param {Item} item */
const endingOf = ({ type }) => (type === 'video/mp4' ? 'mp4' : 'png');
/** @param {string} name */
const titleOf = (name) => feeds.find((feed) => feed.name === name)?.title ?? name;

/** RSS 2.0 with the thumbnails of Media RSS.
 * @param {readonly Item[]} items @param {string} origin */
function rss(items, origin) {
  const entries = items.map(
    (item) => `  <item>
    <title>${escaped(item.title)}</title>
    <description>${escaped(item.description)}</description>
    <guid isPermaLink="false">${escaped(item.guid)}</guid>
    <pubDate>${new Date(item.at).toUTCString()}</pubDate>
    <enclosure url="${origin}/media/${item.name}.${endingOf(item)}" type="${item.type}" length="0"/>
    <media:thumbnail url="${origin}/media/${item.name}.png"/>
  </item>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>
  <title>${titleOf('wire')}</title><link>${origin}/</link><description>Clips by the hour</description>
${entries.join('\n')}
</channel></rss>
`;
}

/** @param {readonly Item[]} items @param {string} origin */
function atom(items, origin) {
  const entries = items.map(
    (item) => `  <entry>
    <id>${escaped(item.guid)}</id>
    <title>${escaped(item.title)}</title>
    <summary>${escaped(item.description)}</summary>
    <published>${new Date(item.at).toISOString()}</published>
    <updated>${new Date(item.at).toISOString()}</updated>
    <link rel="enclosure" type="${item.type}" href="/media/${item.name}.${endingOf(item)}"/>
    <link rel="preview" type="image/png" href="/media/${item.name}.png"/>
  </entry>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>${origin}/city</id><title>${titleOf('city')}</title>
  <updated>${new Date(items[0]?.at ?? 0).toISOString()}</updated>
${entries.join('\n')}
</feed>
`;
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** A directory, as web servers list it.
 * @param {readonly Item[]} items */
function listing(items) {
  const lines = items.flatMap((item) => {
    const endings = item.type === 'video/mp4' ? ['mp4', 'png'] : ['png'];
    return endings.map((ending) => {
      const file = `${item.name}.${ending}`;
      return `<a href="${file}">${file}</a>  ${listed(item.at)}`;
    });
  });
  return `<!doctype html>
<html><head><title>Index of /coast/</title></head><body>
<h1>Index of /coast/</h1><hr><pre><a href="../">../</a>
${lines.join('\n')}
</pre><hr></body></html>
`;
}

/** `26-Nov-2026 14:20:05`, UTC.
 * @param {number} at */
function listed(at) {
  const time = new Date(at).toISOString();
  const month = months[Number(time.slice(5, 7)) - 1];
  return `${time.slice(8, 10)}-${month}-${time.slice(0, 4)} ${time.slice(11, 19)}`;
}

/** @param {string} text */
const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
