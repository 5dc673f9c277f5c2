import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { PNG } from 'pngjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { load } from './pipeline.suite.ts';

interface FeedItem {
  readonly guid: string;
  readonly title: string;
  readonly description: string;
  readonly publishedAt: number;
  readonly url: string;
  readonly type: string;
  readonly picture: string;
}
const { openFeed, readFeed } = await load<{
  openFeed: (wish: { readonly url: string; readonly withinMs: number }) => {
    poll: (signal: AbortSignal) => Promise<unknown>;
  };
  readFeed: (text: string, base: string) => readonly FeedItem[];
}>('service/feed.js');
const { thumbnailOf } = await load<{
  thumbnailOf: (
    bytes: Buffer,
    wish: { readonly width: number },
  ) => Promise<{ png: Buffer; width: number; height: number; caption: string }>;
}>('service/thumbnail.js');
const { formats } = await load<{
  formats: Readonly<
    Record<string, { write: (items: readonly object[], origin: string) => string }>
  >;
}>('feeds/formats.js');
const { percentilesOf, drainOf, neededOf } = await load<{
  percentilesOf: (values: readonly number[]) => { p50: number; p95: number; p99: number } | null;
  drainOf: (waiting: number, arrivals: number, completions: number) => number | 'growing';
  neededOf: (arrivals: number, serviceS: { p50: number } | null) => number | null;
}>('pipeline/queue/look.js');

const base = 'http://feeds.example/coast/';

describe('reading a feed', () => {
  it('takes RSS 2.0 with thumbnails', () => {
    const text = `<?xml version="1.0"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>
      <item><title>Fish &amp; chips</title><description>“On the pier”</description>
        <guid isPermaLink="false">a:1</guid><pubDate>Thu, 26 Nov 2026 14:00:00 GMT</pubDate>
        <enclosure url="/media/1.mp4" type="video/mp4" length="7"/><media:thumbnail url="/media/1.png"/></item>
      </channel></rss>`;
    expect(readFeed(text, base)).toEqual([
      {
        guid: 'a:1',
        title: 'Fish & chips',
        description: '“On the pier”',
        publishedAt: Date.UTC(2026, 10, 26, 14),
        url: 'http://feeds.example/media/1.mp4',
        type: 'video/mp4',
        picture: 'http://feeds.example/media/1.png',
      },
    ]);
  });

  it('takes Atom', () => {
    const text = `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:x,2026:7</id><title type="text">Trams</title>
      <updated>2026-11-26T14:00:00Z</updated><link rel="alternate" href="/7"/>
      <link rel="enclosure" type="image/png" href="7.png"/></entry></feed>`;
    expect(readFeed(text, base)).toMatchObject([
      {
        guid: 'tag:x,2026:7',
        title: 'Trams',
        type: 'image/png',
        url: 'http://feeds.example/coast/7.png',
        picture: 'http://feeds.example/coast/7.png',
      },
    ]);
  });

  it('takes a listing, in which a picture belongs to the clip with its name', () => {
    const text = `<html><body><pre><a href="../">../</a>
<a href="coast-7-waves-break.mp4">coast-7-waves-break.mp4</a>  26-Nov-2026 14:00:05
<a href="coast-7-waves-break.png">coast-7-waves-break.png</a>  26-Nov-2026 14:00:05
<a href="coast-8-seals.png">coast-8-seals.png</a>  26-Nov-2026 14:00:08
<a href="../../etc/passwd">passwd</a>  26-Nov-2026 14:00:08</pre></body></html>`;
    expect(readFeed(text, base)).toMatchObject([
      { guid: 'coast-7-waves-break', title: 'Waves break', type: 'video/mp4' },
      { guid: 'coast-8-seals', title: 'Seals', type: 'image/png' },
    ]);
  });

  it.each([
    [
      'no identity',
      '<item><pubDate>Thu, 26 Nov 2026 14:00:00 GMT</pubDate><enclosure url="/1"/></item>',
    ],
    ['no time', '<item><guid>1</guid><pubDate>soon</pubDate><enclosure url="/1"/></item>'],
    ['no clip', '<item><guid>1</guid><pubDate>Thu, 26 Nov 2026 14:00:00 GMT</pubDate></item>'],
    ['nothing', ''],
  ])('leaves out what has %s', (_, item) => {
    expect(readFeed(`<rss><channel>${item}</channel></rss>`, base)).toEqual([]);
  });

  it('stops when a feed does not end', async () => {
    let sent = 0;
    const server = createServer((_, response) => {
      const piece = 'x'.repeat(100_000);
      const more = (): void => {
        while (!response.destroyed && response.write(piece)) sent += piece.length;
        sent += piece.length;
      };
      response.on('drain', more);
      more();
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const feed = openFeed({ url: `http://127.0.0.1:${port}/`, withinMs: 10_000 });
    await expect(feed.poll(new AbortController().signal)).rejects.toThrow(
      'it has more than 2000000 characters',
    );
    expect(sent).toBeLessThan(50_000_000);
  });

  it('is told when it is none', () => {
    expect(() => readFeed('{"items": []}', base)).toThrow('it is no feed');
    expect(() => readFeed('', base)).toThrow('it is no feed');
  });

  const word = fc.stringMatching(/^[a-z]{1,12}$/);
  it.each(['wire', 'city', 'coast'])('what %s writes is what is read', (feed) => {
    const item = fc.record({
      n: fc.nat(),
      guid: word,
      name: fc.tuple(word, fc.nat(), word).map((parts) => parts.join('-')),
      // The second is as fine as RSS and listings are.
      at: fc.nat({ max: 4e9 }).map((s) => s * 1000),
      title: fc.string({ minLength: 1, unit: 'grapheme' }).map((text) => `<${text}&"`),
      description: fc.constant('A & B'),
      type: fc.constantFrom('video/mp4', 'image/png'),
    });
    fc.assert(
      fc.property(fc.uniqueArray(item, { selector: ({ name }) => name }), (items) => {
        const text = formats[feed]?.write(items, 'http://feeds.example') ?? '';
        const read = readFeed(text, `http://feeds.example/${feed === 'coast' ? 'coast/' : feed}`);
        const identity = (one: (typeof items)[number]): string =>
          feed === 'coast' ? one.name : one.guid;
        expect(read.map(({ guid, publishedAt, type }) => [guid, publishedAt, type])).toEqual(
          items.map((one) => [identity(one), one.at, one.type]),
        );
        expect(read.every(({ url }) => url.startsWith('http://feeds.example/'))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a picture made small', () => {
  function pictureOf(width: number, height: number, colour: readonly number[]): Buffer {
    const png = new PNG({ width, height });
    for (let at = 0; at < png.data.length; at += 4) png.data.set([...colour, 255], at);
    return PNG.sync.write(png);
  }

  it('keeps its colour and its shape', async () => {
    const { png, width, height } = await thumbnailOf(pictureOf(640, 360, [200, 100, 50]), {
      width: 320,
    });
    expect([width, height]).toEqual([320, 180]);
    const { data } = PNG.sync.read(png);
    expect([...data.subarray(0, 4)]).toEqual([200, 100, 50, 255]);
    expect([...data.subarray(-4)]).toEqual([200, 100, 50, 255]);
  });

  it('is never made larger, whatever its shape', async () => {
    const size = fc.integer({ min: 1, max: 40 });
    await fc.assert(
      fc.asyncProperty(size, size, async (w, h) => {
        const { width, height } = await thumbnailOf(pictureOf(w, h, [1, 2, 3]), { width: 16 });
        expect(width).toBe(Math.min(w, 16));
        expect(height).toBe(Math.max(1, Math.round((h * width) / w)));
      }),
      { numRuns: 40 },
    );
  });

  it('says what is wrong with what is none', async () => {
    const whole = pictureOf(40, 40, [9, 9, 9]);
    const wish = { width: 16 };
    await expect(thumbnailOf(Buffer.from('GIF89a'), wish)).rejects.toThrow('it is no PNG');
    await expect(thumbnailOf(whole.subarray(0, 50), wish)).rejects.toThrow('it is no whole PNG');
    const huge = Buffer.from(whole);
    huge.writeUInt32BE(100_000, 16);
    huge.writeUInt32BE(100_000, 20);
    await expect(thumbnailOf(huge, wish)).rejects.toThrow('100000 × 100000 pixels are too many');
  });
});

describe('what the queue computes', () => {
  it('percentiles are values that were there', () => {
    expect(percentilesOf([])).toBeNull();
    expect(percentilesOf([7])).toEqual({ p50: 7, p95: 7, p99: 7 });
    const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
    expect(percentilesOf(hundred)).toEqual({ p50: 50, p95: 95, p99: 99 });
  });

  it.each([
    [0, 20, 0, 0],
    [10, 20, 40, 30],
    [10, 20, 20, 'growing'],
    [10, 0, 0, 'growing'],
  ])('%d that wait, %d come and %d end a minute: %s', (waiting, come, end, seconds) => {
    expect(drainOf(waiting, come, end)).toBe(seconds);
  });

  it('workers are needed for the work that comes, and a fifth more', () => {
    expect(neededOf(60, null)).toBeNull();
    expect(neededOf(60, { p50: 0.8 })).toBe(1);
    expect(neededOf(60, { p50: 0.9 })).toBe(2);
    expect(neededOf(0, { p50: 0.9 })).toBe(1);
  });
});
