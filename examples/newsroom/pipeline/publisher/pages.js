// @ts-check

/** @typedef {import('./shelf.js').Shown} Shown */

/** A page of its own for an item, for archives and readers without scripts.
 * @param {Shown} item */
export function pageOf({ id, title, description, feed, publishedAt, clip, picture }) {
  const time = new Date(publishedAt).toISOString();
  const poster = picture === undefined ? '' : ` poster="../../${escaped(picture)}"`;
  const shown =
    clip === undefined
      ? `<img src="../../${escaped(picture ?? '')}" alt="${escaped(title)}">`
      : `<video controls src="../../${escaped(clip)}"${poster}></video>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escaped(title)}</title>
<article id="${escaped(id)}">
<h1>${escaped(title)}</h1>
<p><time datetime="${time}">${time.slice(0, 16).replace('T', ' ')} UTC</time>, ${escaped(feed)}</p>
${shown}
<p>${escaped(description)}</p>
</article>
</html>
`;
}

/** What we publish, as a feed for others (RSS 2.0).
 * @param {readonly Shown[]} items */
export function feedOf(items) {
  const entries = items.map(
    ({ id, title, description, publishedAt }) => `<item>
<guid isPermaLink="false">newsroom:${escaped(id)}</guid>
<title>${escaped(title)}</title>
<description>${escaped(description)}</description>
<pubDate>${new Date(publishedAt).toUTCString()}</pubDate>
</item>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel>
<title>The Newsroom</title><link>/</link><description>Clips and pictures</description>
${entries.join('\n')}
</channel></rss>
`;
}

/** @param {string} text */
const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
