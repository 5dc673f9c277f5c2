import { expect, test } from 'vitest';
import type { PlacedEvent, SeriesAnswer } from '../../server/api/contract.ts';
import { askedOf, reframe, stepFor } from './asked.ts';
import { csvOf, toCsv } from './csv.ts';
import { drawingOf } from './lines.ts';
import { marksOf } from './marks.ts';

const hour = 3_600_000;

test('an address without anything asks for the count of all events of the last hour', () => {
  expect(askedOf({}, 240, 0).query).toEqual({
    last: '1h',
    aggregate: 'count',
    every: '30s',
    top: 10,
  });
});

test('an address in full is asked as it stands', () => {
  const asked = askedOf(
    {
      metric: 'cpu "busy"',
      where: 'host or service',
      aggregate: 'p99',
      by: 'host,label.code',
      from: '2026-01-01T00:00:00Z',
      to: '2026-01-02T00:00:00Z',
      top: '5',
      compare: 'last-week',
      ratio: 'true',
      live: '1',
    },
    300,
    0,
  );
  expect(asked.query).toEqual({
    where: '(name = "cpu \\"busy\\"") and (host or service)',
    from: '2026-01-01T00:00:00Z',
    to: '2026-01-02T00:00:00Z',
    aggregate: 'p99',
    every: '5m',
    by: ['host', 'label.code'],
    top: 5,
    compare: 'last-week',
    ratio: 'true',
  });
  expect(asked.live).toBe(false);
});

test('what an address says wrongly falls back to the default', () => {
  const { query } = askedOf({ last: 'ever', every: '0', aggregate: 'most', top: '-3' }, 240, 0);
  expect(query).toEqual({ last: '1h', aggregate: 'count', every: '30s', top: 10 });
});

test.each([
  [hour, 60, '1m'],
  [24 * hour, 300, '5m'],
  [30 * 24 * hour, 240, '6h'],
  [3650 * 24 * hour, 60, '30d'],
])('%d ms on %d points make buckets of %s', (span, points, step) => {
  expect(stepFor(span, points)).toBe(step);
});

test('a range moves and widens, but not into the future', () => {
  const range = { from: 10 * hour, to: 12 * hour };
  const iso = (hours: number): string => new Date(hours * hour).toISOString();
  expect(reframe(range, { shift: -0.5 }, 20 * hour)).toMatchObject({ from: iso(9), to: iso(11) });
  expect(reframe(range, { grow: 2 }, 20 * hour)).toMatchObject({ from: iso(9), to: iso(13) });
  expect(reframe(range, { grow: 2 }, 12 * hour)).toMatchObject({ from: iso(8), to: iso(12) });
});

const answer: SeriesAnswer = {
  from: 0,
  to: 5000,
  every: 1000,
  aggregate: 'mean',
  definition: '',
  series: [
    {
      labels: { host: '=a,"b"' },
      points: [
        [0, 1],
        [1000, null],
        [3000, 3],
      ],
      total: 2,
    },
    { labels: { host: '' }, points: [[0, 5]], total: 5 },
  ],
  total: 3,
  matched: 3,
  omitted: 0,
  elapsedMs: 1,
};

test('a bucket without data is a gap in the line, also where the answer left it out', () => {
  const { times, lines } = drawingOf(answer, 'x');
  expect(times).toEqual([0, 1000, 2000, 3000, 4000]);
  expect(lines[0]).toMatchObject({
    values: [1, null, null, 3, null],
    last: 3,
    min: 1,
    mean: 2,
    max: 3,
  });
  expect(lines[1]).toMatchObject({ name: 'no host', values: [5, null, null, null, null] });
});

test('nothing found is nothing to draw', () => {
  expect(drawingOf({ ...answer, series: [] }, 'x')).toEqual({ times: [], lines: [] });
});

test('CSV is as RFC 4180 has it, and no name runs as a formula', () => {
  expect(toCsv([['a,b', 'say "x"', 'plain', '']])).toBe('"a,b","say ""x""",plain,\r\n');
  const [head, first, second] = csvOf(drawingOf(answer, 'x')).split('\r\n');
  expect(head).toBe(`time,"'=a,""b""",no host`);
  expect(first).toBe('1970-01-01T00:00:00.000Z,1,5');
  expect(second).toBe('1970-01-01T00:00:01.000Z,,');
});

test('facts that stand too near share a mark, and the gravest gives it its shape', () => {
  const fact = (time: number, what: string): PlacedEvent => ({
    stream: 'facts',
    offset: time,
    id: `${time}`,
    time,
    received: time,
    type: `dev.cdevents.${what}.0.3.0`,
    source: '/',
  });
  const marks = marksOf(
    [
      fact(500, 'service.deployed'),
      fact(510, 'incident.detected'),
      fact(100, 'change.merged'),
      fact(2000, 'build.started'),
    ],
    { from: 0, to: 1000 },
    1000,
  );
  expect(marks.map((m) => [m.kind, m.x, m.events.length])).toEqual([
    ['change', 100, 1],
    ['incident', 500, 2],
  ]);
});

test.each([
  'dev.cdevents.service.rolledback.0.3.0',
  'dev.cdeventsx.territory-deploy.started.0.1.0',
  'dev.cdeventsx.github-deployment.failed.0.1.0',
])('%s is marked as a deploy', (type) => {
  const fact = { stream: 'facts', offset: 1, id: '1', time: 5, received: 5, type, source: '/' };
  const marks = marksOf([fact as PlacedEvent], { from: 0, to: 10 }, 100);
  expect(marks[0]?.kind).toBe('deploy');
});
