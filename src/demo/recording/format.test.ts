import fc from 'fast-check';
import { expect, test } from 'vitest';
import { again, mapped, readHead, readRecorded } from './format.ts';

const head = { territory: 'recording', format: 1, began: 1_000, seed: 1, speed: 2 };

test('the first line says what it is', () => {
  expect(readHead(JSON.stringify({ ...head, more: 'later' }), 'day.ndjson')).toEqual(head);
});

test.each([
  ['', 'is no recording'],
  ['{"type":"metric"}', 'is no recording'],
  [JSON.stringify({ ...head, format: 2 }), 'later version'],
  [JSON.stringify({ ...head, began: 'noon' }), 'began is no number'],
  [JSON.stringify({ ...head, speed: null }), 'speed is no number'],
])('a first line %j is refused with its file: %s', (line, why) => {
  expect(() => readHead(line, 'day.ndjson')).toThrow(
    expect.objectContaining({
      code: 'TERR_DEMO_RECORDING',
      message: expect.stringMatching(new RegExp(`day\\.ndjson.*${why}`)) as string,
    }),
  );
});

const event = { id: 'a', type: 'metric', source: 'shop', time: 5_000, received: 5_010 };

test.each([
  ['{"id":"a","type":"metr', undefined],
  ['[]', undefined],
  ['null', undefined],
  [JSON.stringify({ ...event, id: '' }), undefined],
  [JSON.stringify({ ...event, time: '5000' }), undefined],
  [JSON.stringify({ ...event, received: undefined }), undefined],
  [JSON.stringify(event), event],
])('the line %s is an event or none', (line, read) => {
  expect(readRecorded(line)).toEqual(read);
});

const mapping = { began: 1_000, starts: 100_000, speed: 4 };

test('an event is given again at its new time, without what its first log said of it', () => {
  const placed = { ...event, metric: 7, ttl: 20, stream: 'readings', offset: 12 };
  expect(again(placed, mapping)).toEqual({
    id: 'a',
    type: 'metric',
    source: 'shop',
    metric: 7,
    time: 101_000,
    ttl: 5,
  });
});

test('a CDEvent says the new time inside as well, and keeps the rest', () => {
  const data = {
    context: { id: 'x', timestamp: '1970-01-01T00:00:05.000Z' },
    subject: { id: 's' },
  };
  expect(again({ ...event, data }, mapping)['data']).toEqual({
    context: { id: 'x', timestamp: '1970-01-01T00:01:41.000Z' },
    subject: { id: 's' },
  });
});

test('what came before something else still does, and a day takes a day by the speed', () => {
  const time = fc.integer({ min: -1e12, max: 1e12 });
  const speed = fc.double({ min: 0.1, max: 1_000, noNaN: true });
  fc.assert(
    fc.property(time, time, fc.record({ began: time, starts: time, speed }), (a, b, map) => {
      const [first, second] = [Math.min(a, b), Math.max(a, b)];
      expect(mapped(first, map)).toBeLessThanOrEqual(mapped(second, map));
      const took = mapped(second, map) - mapped(first, map);
      expect(Math.abs(took - (second - first) / map.speed)).toBeLessThanOrEqual(1);
      expect(mapped(map.began, map)).toBe(map.starts);
    }),
  );
});
