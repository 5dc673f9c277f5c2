import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Draft } from '../../../event/event.ts';
import { isRefused } from '../../decoded.ts';
import { Scraping } from './scraping.ts';
import { type Target, targetOf, type TargetSettings } from './target.ts';

const now = Date.UTC(2026, 10, 23);

function target(more: Partial<TargetSettings> = {}): Target {
  const made = targetOf({ url: 'http://web-1:9100/metrics', service: 'shop', ...more });
  if (typeof made === 'string') throw new Error(made);
  return made;
}

/** What a page of text becomes, without what is said of the scrape itself. */
async function scrape(scraping: Scraping, text: string, more: { om?: boolean; at?: number } = {}) {
  const page = async () => ({ body: Buffer.from(text), openMetrics: more.om ?? false });
  const { events, failure } = await scraping.take(more.at ?? now, page, () => 250);
  const good = events.filter((one): one is Draft => !isRefused(one));
  return {
    failure: failure?.message,
    about: good.slice(-3).map(({ name, metric, state }) => [name, metric, state]),
    events: good.slice(0, -3),
    refused: events.flatMap((one) => (isRefused(one) ? [one.refused.message] : [])),
  };
}

const text = `# HELP http_requests_total The total.
# TYPE http_requests_total counter
http_requests_total{code="200",method="post"} 1027 1795392000000

# TYPE temp gauge
temp 21.5
# TYPE rpc summary
rpc{quantile="0.5"} NaN
rpc_sum 17
untyped_thing 3
`;

test('a page in the text format', async () => {
  const { events, about, failure, refused } = await scrape(new Scraping(target(), 100), text);
  expect([failure, refused]).toEqual([undefined, []]);
  expect(events).toEqual([
    {
      type: 'metric',
      time: 1_795_392_000_000,
      service: 'shop',
      name: 'http_requests_total',
      metric: 1027,
      ttl: 30,
      attributes: {
        code: '200',
        method: 'post',
        instance: 'web-1:9100',
        'metric.type': 'cumulative',
      },
    },
    expect.objectContaining({
      time: now,
      name: 'temp',
      metric: 21.5,
      attributes: { instance: 'web-1:9100', 'metric.type': 'gauge' },
    }),
    expect.objectContaining({
      attributes: {
        quantile: '0.5',
        instance: 'web-1:9100',
        'metric.type': 'quantile',
        'metric.value': 'NaN',
      },
    }),
    expect.objectContaining({ name: 'rpc_sum', metric: 17 }),
    expect.objectContaining({ attributes: { instance: 'web-1:9100' } }),
  ]);
  expect(about).toEqual([
    ['up', 1, 'ok'],
    ['scrape_duration_seconds', 0.25, undefined],
    ['scrape_samples_scraped', 5, undefined],
  ]);
});

const openMetrics = `# TYPE latency_seconds histogram
# UNIT latency_seconds seconds
latency_seconds_bucket{le="+Inf"} 2 1795392000.5 # {trace_id="abc",user="u"} 0.7
latency_seconds_sum 1.5
latency_seconds_count 2
latency_seconds_created 1795390000
# TYPE build info
build_info{version="1.2"} 1
# EOF
`;

test('a page in OpenMetrics; an exemplar is told once', async () => {
  const scraping = new Scraping(target(), 100);
  const { events } = await scrape(scraping, openMetrics, { om: true });
  expect(events.map(({ type, name }) => [type, name])).toEqual([
    ['metric', 'latency_seconds_bucket'],
    ['exemplar', 'latency_seconds_bucket.exemplar'],
    ['metric', 'latency_seconds_sum'],
    ['metric', 'latency_seconds_count'],
    ['metric', 'build_info'],
  ]);
  expect(events[0]).toMatchObject({ time: 1_795_392_000_500 });
  expect(events[1]).toMatchObject({ metric: 0.7, attributes: { 'trace.id': 'abc', user: 'u' } });
  expect(events[2]?.attributes).toMatchObject({ unit: 's', 'metric.type': 'cumulative' });
  const next = await scrape(scraping, openMetrics, { om: true });
  expect(next.events.map(({ type }) => type)).not.toContain('exemplar');
});

test('a series that is gone ends, and all of them when the target is down', async () => {
  const scraping = new Scraping(target(), 100);
  await scrape(scraping, 'a 1\nb{x="1",y="2"} 2\nwith_time 1 1795392000000\n');
  const { events } = await scrape(scraping, 'b{y="2",x="1"} 2\n', { at: now + 15_000 });
  expect(events.map(({ name, state, time }) => [name, state, time])).toEqual([
    ['b', undefined, now + 15_000],
    ['a', 'expired', now + 15_000],
  ]);
  const down = await scraping.take(
    now,
    () => Promise.reject(new Error('refused')),
    () => 1,
  );
  expect(down.events).toMatchObject([
    { name: 'b', state: 'expired', attributes: { x: '1' } },
    { name: 'up', metric: 0, state: 'critical', data: 'refused' },
    { name: 'scrape_duration_seconds' },
    { name: 'scrape_samples_scraped', metric: 0 },
  ]);
  const again = await scraping.take(
    now,
    () => Promise.reject(new Error('refused')),
    () => 1,
  );
  expect(again.events).toHaveLength(3);
});

test('bad lines are refused by themselves, with their place', async () => {
  const bad = 'good 1\nbad{x="1} 1\ngood 2\nworse{a="1",a="2"} 1\nx y\n';
  const { events, refused } = await scrape(new Scraping(target(), 100), bad);
  expect(events.map(({ name }) => name)).toEqual(['good']);
  expect(refused).toEqual([
    'line 2, column 12: the quote of column 7 is not closed',
    'line 3, column 1: the same series stands above',
    'line 4, column 1: there are two labels "a"',
    'line 5, column 3: "y" is no number',
  ]);
});

test.each([
  ['OpenMetrics without its end', 'a 1\n', true, 'there is no # EOF'],
  ['lines behind the end', '# EOF\na 1\n', true, 'line 2 stands behind # EOF'],
  ['too many series', 'a 1\nb 1\nc 1\nd 1\n', false, 'more than 3 series'],
  ['no page of metrics', 'word\n'.repeat(2_000), false, 'more than 1000 of its lines'],
  ['what is no text', '\u{FFFD}', false, 'not UTF-8'],
])('a page is of no use: %s', async (_, page, om, why) => {
  const body = why === 'not UTF-8' ? Buffer.from([0xff, 0xfe]) : Buffer.from(page);
  const scraping = new Scraping(target(), 3);
  const { failure, events } = await scraping.take(
    now,
    async () => ({ body, openMetrics: om }),
    () => 1,
  );
  expect(failure?.message).toContain(why);
  expect(events).toHaveLength(3);
  expect(events[0]).toMatchObject({ name: 'up', metric: 0, state: 'critical' });
});

test('a page that was changed or cut does no more than fail', async () => {
  const pages = fc.tuple(fc.constantFrom(text, openMetrics), fc.boolean());
  const change = fc.record({
    at: fc.nat(400),
    end: fc.nat(400),
    put: fc.constantFrom('"', '{', '}', '\n', '\\', '#', ' ', 'x', '\0', '1', '\uD800'),
  });
  await fc.assert(
    fc.asyncProperty(pages, change, async ([page, om], { at, put, end }) => {
      const changed = (page.slice(0, at) + put + page.slice(at + 1)).slice(0, end);
      const { about, failure, refused } = await scrape(new Scraping(target(), 100), changed, {
        om,
      });
      expect(about[0]?.[1]).toBe(failure === undefined ? 1 : 0);
      expect(refused.every((one) => /^line \d+, column \d+: /.test(one))).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('labels of the page and of the target', async () => {
  const labels = { region: 'eu', job: 'j' };
  const page = 'a{region="us",service="x",instance="i"} 1\n';
  const first = await scrape(new Scraping(target({ labels, host: 'h' }), 10), page);
  expect(first.events[0]).toMatchObject({
    service: 'shop',
    host: 'h',
    attributes: {
      region: 'eu',
      exported_region: 'us',
      service: 'x',
      instance: 'web-1:9100',
      exported_instance: 'i',
      job: 'j',
    },
  });
  const honored = await scrape(new Scraping(target({ labels, honorLabels: true }), 10), page);
  expect(honored.events[0]?.attributes).toEqual({
    region: 'us',
    service: 'x',
    instance: 'i',
    job: 'j',
  });
});

test('a type that changes changes what is told', async () => {
  const scraping = new Scraping(target(), 10);
  const typeOf = async (type: string) =>
    (await scrape(scraping, `# TYPE a ${type}\na 1\n`)).events[0]?.attributes?.['metric.type'];
  expect([await typeOf('gauge'), await typeOf('counter'), await typeOf('counter')]).toEqual([
    'gauge',
    'cumulative',
    'cumulative',
  ]);
});

test.each([
  ['metrics', 'is no address'],
  ['ftp://a/metrics', 'neither http: nor https:'],
  ['http://user:secret@a/metrics', 'http://a/metrics holds a password'],
])('a target %s can not be', (url, why) => {
  const made = targetOf({ url });
  expect(made).toContain(why);
  expect(made).not.toContain('secret');
});
