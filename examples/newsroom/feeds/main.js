// @ts-check
import { setTimeout as pause } from 'node:timers/promises';
import { startService } from 'newsroom-service';
import { formats } from './formats.js';
import { openItems } from './items.js';
import { openMedia } from './media.js';

/** Items that a feed shows: whoever does not look for longer misses some, as with every feed. */
const shown = Number(process.env['SHOWN'] ?? 30);
/** Items that are there at the very first start, so that the newsroom does not begin with nothing. */
const first = 9;

const everyMs = Number(process.env['ITEM_EVERY_MS'] ?? 3000);
const seed = Number(process.env['SEED'] ?? 1);
const store = process.env['STORE'] ?? '.';
const most = Number(process.env['ITEMS'] ?? Infinity);

/** @type {{ items: ReturnType<typeof openItems>, media: ReturnType<typeof openMedia> } | undefined} */
let opened;
/** What was given, and what it looks like; opened once STORE is known to be set. */
const given = () =>
  (opened ??= {
    items: openItems({ store, seed, video: process.env['ENCODER'] === 'ffmpeg' }),
    media: openMedia(`${store}/media`),
  });

let slowMs = 0;
/** @type {import('./items.js').Fault[]} */
const next = [];

const service = await startService({
  name: 'feeds',
  help: `Three feeds of other companies: clips and pictures, a new one every few seconds.

GET  /wire, /city, /coast/   the feeds: RSS, Atom, a directory's listing
GET  /media/:file, /coast/:file   what they offer
GET  /items?after=N          all that was ever given: guid, feed, at, type (and its fault, if it has one)
PUT  /slow {"ms": 8000}      from now on every answer comes that late (chaos); DELETE /slow ends it
POST /next {"fault": "corrupt" | "poison"}   the next item is broken, or kills who makes it small

ITEM_EVERY_MS   between two items (3000)
ITEMS           give no more than so many
SHOWN           items that a feed shows (30)
SEED            what the items are (1)
ENCODER         ffmpeg: three of four items are clips; otherwise all are pictures`,
  variables: { STORE: 'folder for what was given' },
  checks: {
    speed: () =>
      slowMs === 0
        ? { status: 'pass', output: 'answers at once' }
        : { status: 'fail', output: `answers after ${slowMs} ms` },
  },
  routes: {
    'GET /wire': (request, response) => feed('wire', request, response),
    'GET /city': (request, response) => feed('city', request, response),
    'GET /coast/': (request, response) => feed('coast', request, response),
    'GET /media/:file': (_, response, { params }) => file(params['file'] ?? '', response),
    'GET /coast/:file': (_, response, { params }) => file(params['file'] ?? '', response),
    'GET /items': (_, response, { url }) => {
      const after = Number(url.searchParams.get('after') ?? -1);
      const { items } = given();
      const wanted = items
        .all()
        .filter(({ n }) => n > after)
        .map(({ n, guid, feed: from, at, type, fault }) => ({
          n,
          guid,
          feed: from,
          at,
          type,
          fault,
        }));
      json(response, 200, { count: items.count(), items: wanted });
    },
    'PUT /slow': async (request, response) => {
      const { ms } = await bodyOf(request);
      if (typeof ms !== 'number' || !(ms >= 0 && ms <= 60_000))
        return json(response, 400, { error: 'ms is a number from 0 to 60000' });
      slowMs = ms;
      service.log.warn('answers late', { ms });
      json(response, 200, { ms });
    },
    'DELETE /slow': (_, response) => {
      slowMs = 0;
      service.log.info('answers at once');
      json(response, 200, { ms: 0 });
    },
    'POST /next': async (request, response) => {
      const { fault } = await bodyOf(request);
      if (fault !== 'corrupt' && fault !== 'poison')
        return json(response, 400, { error: 'fault is "corrupt" or "poison"' });
      if (next.length >= 10) return json(response, 409, { error: 'ten are asked for already' });
      next.push(fault);
      json(response, 202, { fault, within: everyMs });
    },
  },
});

const { items } = given();
if (items.count() === 0)
  for (let n = first; n > 0 && items.count() < most; n--) items.add(Date.now() - n * everyMs);
void give();

/** Gives one item after the other, as long as the process lives. */
async function give() {
  while (!service.signal.aborted) {
    await pause(everyMs, undefined, { signal: service.signal }).catch(() => {});
    if (service.signal.aborted || items.count() >= most) continue;
    const { guid, title, fault } = items.add(Date.now(), next.shift());
    service.log.info('gives', { guid, title, fault });
  }
}

/**
 * @param {import('./stories.js').FeedName} name
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function feed(name, request, response) {
  await pause(slowMs, undefined, { signal: service.signal }).catch(() => {});
  const list = given().items.newest(name, shown);
  const etag = `"${name}-${list[0]?.n ?? 'none'}"`;
  response.setHeader('etag', etag);
  response.setHeader('last-modified', new Date(list[0]?.at ?? 0).toUTCString());
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end();
    return;
  }
  const { type, write } = formats[name];
  response.writeHead(200, { 'content-type': type });
  response.end(write(list, `http://${request.headers.host ?? '127.0.0.1'}`));
}

/**
 * @param {string} name
 * @param {import('node:http').ServerResponse} response
 */
async function file(name, response) {
  await pause(slowMs, undefined, { signal: service.signal }).catch(() => {});
  const [base = '', ending] = name.split('.');
  const { items, media } = given();
  const item = items.named(base);
  const isThere = ending === 'png' || (ending === 'mp4' && item?.type === 'video/mp4');
  if (item === undefined || !isThere) return json(response, 404, { error: `there is no ${name}` });
  const bytes = await media.bytes(item, ending);
  response.writeHead(200, {
    'content-type': ending === 'png' ? 'image/png' : 'video/mp4',
    'content-length': bytes.length,
  });
  response.end(bytes);
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<Record<string, unknown>>}
 */
async function bodyOf(request) {
  let text = '';
  for await (const piece of request.setEncoding('utf8')) {
    text += piece;
    if (text.length > 1_000) return {};
  }
  try {
    return { ...JSON.parse(text) };
  } catch {
    return {};
  }
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {object} body
 */
function json(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
