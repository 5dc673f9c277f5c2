import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { unsnappy } from '../snappy.ts';
import {
  field,
  message,
  now,
  read,
  received,
  sample,
  sender,
  series1,
  staleBits,
  v2,
  varint,
} from './encode.suite.ts';
import { remoteWrite } from './remote-write.ts';

const captured = readFileSync('test/vectors/wire/http_write-1.bin');

test('what Prometheus 2.42 sent of itself', () => {
  const request = received(unsnappy(captured, 1 << 20));
  const { events, refused } = read({ ...request, body: captured });
  expect(refused).toEqual([]);
  expect(events).toHaveLength(500);
  expect(events[0]).toEqual({
    type: 'metric',
    id: expect.stringMatching(/^[\w-]{11}\.[0-9a-z]+$/),
    time: 1_795_391_941_748,
    service: 'self',
    name: 'go_gc_duration_seconds',
    metric: 0.000104275,
    attributes: {
      instance: '127.0.0.1:19090',
      job: 'self',
      quantile: '0',
      'metric.type': 'quantile',
      unit: 's',
    },
  });
  // A value of 0 is not on the wire.
  expect(events.filter(({ metric }) => metric === 0)).toHaveLength(264);
  expect(new Set(events.map(({ id }) => id)).size).toBe(500);
});

test('labels become fields, and the same series at the same time the same event', () => {
  const labels = { __name__: 'up', env: 'prod', host: 'web1', instance: 'web1:9100', job: 'node' };
  const body = series1(labels, field(2, sample(1, now)), field(2, sample(0, now + 15_000)));
  const { events } = read(received(body));
  expect(events).toEqual([
    {
      type: 'metric',
      id: expect.any(String),
      time: now,
      service: 'node',
      host: 'web1',
      environment: 'prod',
      name: 'up',
      metric: 1,
      attributes: { instance: 'web1:9100', job: 'node' },
    },
    { ...events[0], id: expect.any(String), time: now + 15_000, metric: 0 },
  ]);
  const turned = series1(
    Object.fromEntries(Object.entries(labels).toReversed()),
    field(2, sample(1, now)),
  );
  expect(read(received(turned)).events[0]?.id).toBe(events[0]?.id);
  expect(events[0]?.id).not.toBe(events[1]?.id);
});

test('a stale marker says that the series has ended; other values that are not finite are told', () => {
  const values = [staleBits, Number.NaN, Infinity, -Infinity];
  const body = message(
    ...values.map((value, i) => series1({ __name__: 'm' }, field(2, sample(value, now + i)))),
  );
  const { events } = read(received(body));
  expect(events.map(({ state, metric, attributes }) => [state, metric, attributes])).toEqual([
    ['expired', undefined, {}],
    [undefined, undefined, { 'metric.value': 'NaN' }],
    [undefined, undefined, { 'metric.value': '+Inf' }],
    [undefined, undefined, { 'metric.value': '-Inf' }],
  ]);
});

test('native histograms are told by count and sum, exemplars by events of their own', () => {
  const histogram = message(field(1, 7), field(3, { double: 1.5 }), field(15, now));
  const exemplar = message(
    field(1, message(field(1, 'trace_id'), field(2, 'abc'))),
    field(1, message(field(1, 'user'), field(2, 'u1'))),
    field(2, { double: 0.25 }),
    field(3, now),
  );
  const labels = { __name__: 'latency_seconds', job: 'shop' };
  const body = series1(labels, field(4, histogram), field(3, exemplar));
  const { events } = read(received(body));
  expect(events).toMatchObject([
    { name: 'latency_seconds_count', metric: 7, attributes: { 'metric.type': 'cumulative' } },
    { name: 'latency_seconds_sum', metric: 1.5, attributes: { unit: 's' } },
    {
      type: 'exemplar',
      name: 'latency_seconds.exemplar',
      metric: 0.25,
      attributes: { 'trace.id': 'abc', user: 'u1' },
    },
  ]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(3);
});

test('metadata of 1.0 come apart and are remembered for their sender', () => {
  const body = series1({ __name__: 'jobs_running' }, field(2, sample(1, now)));
  const typeOf = () => read(received(body)).events[0]?.attributes?.['metric.type'];
  expect(typeOf()).toBeUndefined();
  const gauge = message(field(1, 2), field(2, 'jobs_running'));
  expect(read(received(field(3, gauge))).events).toEqual([]);
  expect(typeOf()).toBe('gauge');
});

test('labels that do not stand first are read too', () => {
  const label = (name: string, value: string) => field(1, message(field(1, name), field(2, value)));
  const body = field(1, message(label('__name__', 'a'), field(2, sample(1, now)), label('b', 'c')));
  expect(read(received(body)).events).toMatchObject([{ name: 'a', attributes: { b: 'c' } }]);
});

const symbols = ['', '__name__', 'requests_total', 'job', 'shop', 'trace_id', 'abc', 'seconds'];
const table = message(...symbols.map((text) => field(4, text)));
const refs = (...numbers: number[]) => field(1, Buffer.concat(numbers.map((n) => varint(n))));

test('2.0: texts by number, type and unit with the series, and what was written is told', () => {
  const counter = field(5, message(field(1, 1), field(4, 7)));
  const exemplar = message(refs(5, 6), field(2, { double: 2 }), field(3, now));
  const histogram = message(field(2, { double: 3 }), field(15, now));
  const body = message(
    table,
    field(5, message(refs(1, 2, 3, 4), field(2, sample(9, now)), counter, field(4, exemplar))),
    field(5, message(refs(1, 2), field(3, histogram), counter)),
  );
  const request = received(body, v2);
  const { events, refused } = read(request);
  expect(refused).toEqual([]);
  expect(events).toMatchObject([
    {
      name: 'requests_total',
      service: 'shop',
      metric: 9,
      attributes: { job: 'shop', unit: 's', 'metric.type': 'cumulative' },
    },
    { type: 'exemplar', attributes: { 'trace.id': 'abc' } },
    { name: 'requests_total_count', metric: 3 },
    { name: 'requests_total_sum', metric: 0 },
  ]);
  const outcome = { accepted: 4, duplicates: 0, refused: 0, errors: [] };
  expect(remoteWrite.answer(outcome, request)).toEqual({
    status: 204,
    headers: {
      'x-prometheus-remote-write-samples-written': '1',
      'x-prometheus-remote-write-histograms-written': '1',
      'x-prometheus-remote-write-exemplars-written': '1',
    },
  });
});

test('what is wrong with one series does not take the others along', () => {
  const body = message(
    table,
    field(5, message(refs(1, 2), field(2, sample(1, now)))),
    field(5, message(refs(1, 99), field(2, sample(1, now)))),
    field(5, message(refs(3, 4), field(2, sample(1, now)))),
    field(5, message(refs(1, 2, 3), field(2, sample(1, now)))),
    field(5, refs(1, 2)),
  );
  const request = received(body, v2);
  const { events, refused } = read(request);
  expect(events).toHaveLength(1);
  expect(refused.map(({ message: text, index }) => `${index} ${text}`)).toEqual([
    '1 series 1: a label names symbol 99, and there are 8',
    '2 series 2: there is no label __name__',
    '3 series 3: a label has a name and no value',
    '4 series 4: it has no samples',
  ]);
  const code = 'TERR_EVENT_TIME';
  const errors = [{ index: 0, code, message: 'too old' }, ...refused];
  const answer = remoteWrite.answer({ accepted: 0, duplicates: 0, refused: 5, errors }, request);
  expect(answer.status).toBe(400);
  expect(String(answer.body)).toContain('5 refused, 0 taken:\nrequests_total: too old\nseries 1:');
  expect(answer.headers).toMatchObject({ 'x-prometheus-remote-write-samples-written': '0' });
});

test.each([['two labels of one name', { __name__: 'a' }, 'there are two labels "__name__"']])(
  '1.0 refuses %s',
  (_, labels, why) => {
    const twice = field(1, message(field(1, '__name__'), field(2, 'b')));
    const { refused } = read(received(series1(labels, twice, field(2, sample(1, now)))));
    expect(refused[0]?.message).toBe(`series 0: ${why}`);
  },
);

test.each([
  ['another message', { 'content-type': 'application/x-protobuf;proto=a.B' }, 'MEDIA_TYPE'],
  ['no protobuf', { 'content-type': 'application/json' }, 'MEDIA_TYPE'],
  ['another packing', { 'content-encoding': 'gzip' }, 'ENCODING'],
])('answers 415 to %s', (_, headers, code) => {
  const body = received(Buffer.alloc(0), headers);
  expect(() => remoteWrite.decode(body, sender)).toThrow(
    expect.objectContaining({ code: `TERR_INTAKE_${code}`, status: 415 }),
  );
});

test('a failure keeps its status; a full disk is 503, which senders know', () => {
  const request = received(Buffer.alloc(0), v2);
  const outcome = { accepted: 0, duplicates: 0, refused: 0, errors: [] };
  const failure = (status: number) => Object.assign(new Error('x'), { status }) as never;
  const statusOf = (status: number) =>
    remoteWrite.answer({ ...outcome, failure: failure(status) }, request).status;
  expect([413, 429, 500, 507].map((status) => statusOf(status))).toEqual([413, 429, 500, 503]);
});
