import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CodedError } from '../../errors/coded-error.ts';
import { checkDraft } from '../../event/check.ts';
import type { Draft } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import type { HttpProtocol, Received } from '../http/protocol.ts';
import type { Sender } from '../intake.ts';
import { otlpProtocol } from './otlp.ts';

const wire = join(import.meta.dirname, '../../../test/vectors/wire');
const now = 1_795_391_940_000;
const sender: Sender = {
  name: 'ci',
  source: '/tokens/ci',
  unrestricted: true,
  maySend: () => true,
};

function received(path: string, body: Buffer | object, type = 'application/json'): Received {
  const raw = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const headers = { 'content-type': type };
  const query = new URLSearchParams();
  return { method: 'POST', path, query, headers, body: raw, raw, maxBody: 1 << 25, now };
}

function decode(
  path: string,
  body: Buffer | object,
  {
    otlp = otlpProtocol(now - 60_000),
    type = 'application/json',
  }: {
    readonly otlp?: HttpProtocol;
    readonly type?: string;
  } = {},
): Draft[] {
  const all = [...otlp.decode(received(path, body, type), sender)];
  return JSON.parse(JSON.stringify(all)) as Draft[];
}

const protobuf = 'application/x-protobuf';
const captured = (name: string): Buffer => readFileSync(join(wire, name));

describe('what the SDK of JavaScript sent', () => {
  test.each([
    ['http_v1_metrics-1.bin', 'application/json'],
    ['http_v1_metrics_pb-1.bin', protobuf],
  ])('metrics, %s', (name, type) => {
    const readings = decode('/v1/metrics', captured(name), { type });
    for (const one of readings)
      expect(checkDraft(one, defaultLimits, now)).not.toHaveProperty('refusal');
    const shown = readings.map(({ name: what, metric }) => [what, metric]);
    expect(shown).toEqual([
      ['orders', 3],
      ['latency.count', 3],
      ['latency.sum', 321],
      ['latency.p50', 17.5],
      ['latency.p95', expect.closeTo(462.5)],
      ['latency.p99', expect.closeTo(492.5)],
      ['temp', 21.5],
      ['queue', -2],
    ]);
    expect(readings[0]).toMatchObject({
      type: 'metric',
      service: 'shop',
      environment: 'prod',
      attributes: {
        'service.version': '1.2.3',
        channel: 'web',
        'metric.type': 'delta',
        'otel.scope.name': 't',
      },
    });
    const buckets = [
      [5, 1],
      [25, 1],
      [500, 1],
    ];
    expect(readings[1]?.data).toEqual({ buckets });
    expect(readings[2]?.attributes).toMatchObject({ unit: 'ms', route: '/buy' });
    expect(readings.at(-1)?.attributes).toMatchObject({ 'metric.type': 'gauge' });
  });

  test('logs', () => {
    expect(decode('/v1/logs', captured('http_v1_logs-1.bin'))).toMatchObject([
      {
        type: 'log',
        time: 1795391937059,
        service: 'shop',
        environment: 'prod',
        state: 'critical',
        data: 'payment failed',
        attributes: {
          severity: 'error',
          'severity.number': '17',
          orderId: '42',
          big: '9007199254740992',
        },
      },
    ]);
  });
});

const counter = (value: number, time: number, start = now - 50_000, more: object = {}) => ({
  resourceMetrics: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
      scopeMetrics: [
        {
          metrics: [
            {
              name: 'orders',
              sum: {
                aggregationTemporality: 2,
                isMonotonic: true,
                dataPoints: [
                  {
                    asInt: String(value),
                    startTimeUnixNano: `${start}000000`,
                    timeUnixNano: `${time}000000`,
                    ...more,
                  },
                ],
              },
            },
          ],
        },
      ],
    },
  ],
});

describe('what stands becomes what came', () => {
  const play = (...points: readonly object[]): (number | string | undefined)[] => {
    const otlp = otlpProtocol(now - 60_000);
    return points.flatMap((body) =>
      decode('/v1/metrics', body, { otlp }).map((one) => one.metric ?? one.state ?? 'refused'),
    );
  };

  test('each point counts what came since the one before', () => {
    expect(play(counter(3, now), counter(10, now + 1_000), counter(10, now + 2_000))).toEqual([
      3, 7, 0,
    ]);
  });

  test('of a counter that began before we did the first point is only what is counted from', () => {
    const before = now - 70_000;
    expect(play(counter(3_000, now, before), counter(3_010, now + 1_000, before))).toEqual([10]);
  });

  test('a counter that began anew counts whole', () => {
    const anew = counter(2, now + 2_000, now + 1_500);
    expect(play(counter(3, now), anew)).toEqual([3, 2]);
  });

  test('of a counter that fell what it counts is not known, but what comes then is', () => {
    const points = [3, 9, 4, 6].map((value, i) => counter(value, now + i, 0));
    expect(play(...points)).toEqual([6, 2]);
  });

  test('a point that is sent again gives the same reading with the same id', () => {
    const otlp = otlpProtocol(now - 60_000);
    decode('/v1/metrics', counter(3, now), { otlp });
    const first = decode('/v1/metrics', counter(10, now + 1_000), { otlp });
    expect(decode('/v1/metrics', counter(10, now + 1_000), { otlp })).toEqual(first);
    expect(decode('/v1/metrics', counter(11, now + 2_000), { otlp })).toMatchObject([
      { metric: 1 },
    ]);
  });

  test('a late point was counted by the later one; a series that has ended is expired', () => {
    expect(play(counter(3, now), counter(2, now - 1_000))).toEqual([3]);
    const over = counter(0, now + 1, now - 50_000, { flags: 1 });
    expect(play(counter(3, now), over)).toEqual([3, 'expired']);
  });

  test('whatever is sent in order, the increments add up', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 1 }), (steps) => {
        let stands = 0;
        const points = steps.map((step, i) => counter((stands += step), now + i));
        const sum = play(...points).reduce((a: number, b) => a + Number(b), 0);
        expect(sum).toBe(stands);
      }),
      { numRuns: 30 },
    );
  });
});

const span = (kind: number, attributes: Readonly<Record<string, string>>, more: object = {}) => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
      scopeSpans: [
        {
          spans: [
            {
              traceId: '0AF7651916CD43DD8448EB211C80319C',
              spanId: 'b7ad6b7169203331',
              name: 'GET /buy',
              kind,
              startTimeUnixNano: `${now}000000`,
              endTimeUnixNano: `${now + 120}500000`,
              attributes: Object.entries(attributes).map(([key, stringValue]) => ({
                key,
                value: { stringValue },
              })),
              ...more,
            },
          ],
        },
      ],
    },
  ],
});

describe('spans', () => {
  test.each([
    [1, {}, 'span', undefined, undefined],
    [2, {}, 'request', undefined, 'shop'],
    [3, { 'peer.service': 'payments' }, 'request', 'shop', 'payments'],
    [3, { 'server.address': 'api.example.org' }, 'request', 'shop', 'api.example.org'],
    [
      3,
      { 'db.system.name': 'postgresql', 'db.namespace': 'orders' },
      'request',
      'shop',
      'postgresql/orders',
    ],
    [
      4,
      { 'messaging.system': 'kafka', 'messaging.destination.name': 'mails' },
      'request',
      'shop',
      'kafka/mails',
    ],
    [
      5,
      { 'messaging.system': 'kafka', 'messaging.destination.name': 'mails' },
      'request',
      'kafka/mails',
      'shop',
    ],
  ])('of kind %i with %j: a %s from %s to %s', (...[kind, attributes, type, client, server]) => {
    const [event] = decode('/v1/traces', span(kind, attributes));
    expect(event).toMatchObject({
      type,
      id: '0af7651916cd43dd8448eb211c80319c/b7ad6b7169203331',
      time: now + 120,
      metric: 120.5,
      service: 'shop',
      name: 'GET /buy',
      state: 'ok',
    });
    expect(event?.attributes?.['client.service']).toBe(client);
    expect(event?.attributes?.['server.service']).toBe(server);
  });

  test('a server learns who called it from the span above', () => {
    const otlp = otlpProtocol(now);
    decode('/v1/traces', span(3, {}), { otlp });
    const below = span(2, {}, { spanId: '1111111111111111', parentSpanId: 'b7ad6b7169203331' });
    below.resourceSpans[0]?.resource.attributes.splice(0, 1, {
      key: 'service.name',
      value: { stringValue: 'payments' },
    });
    expect(decode('/v1/traces', below, { otlp })[0]?.attributes).toMatchObject({
      'client.service': 'shop',
      'server.service': 'payments',
      'span.parent.id': 'b7ad6b7169203331',
    });
  });

  test.each([
    [{ status: { code: 2, message: 'refused' } }, 'critical'],
    [{ status: { code: 'STATUS_CODE_ERROR' } }, 'critical'],
    [{ status: { code: 1 } }, 'ok'],
    [{}, 'ok'],
  ])('with %j it is %s', (more, state) => {
    expect(decode('/v1/traces', span(2, {}, more))).toMatchObject([{ state }]);
  });
});

test.each([
  ['[]', /must be a JSON object/],
  ['{', /line 1, column 2/],
  ['{"resourceMetrics":{}}', /resourceMetrics must be a list/],
  [
    '{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":7}]}]}]}',
    /metrics\[0\].name must be a text, and is 7/,
  ],
])('%s is refused with its place', (body, words) => {
  expect(() => decode('/v1/metrics', Buffer.from(body))).toThrow(words);
});

test('the answer is encoded as the request was, and says what was refused', () => {
  const otlp = otlpProtocol(now);
  const none = { accepted: 3, duplicates: 0, refused: 0, errors: [] };
  const some = { ...none, refused: 2, errors: [{ code: 'TERR_INTAKE_DECODE', message: 'no' }] };
  const json = received('/v1/logs', {});
  const pb = received('/v1/metrics', Buffer.alloc(0), protobuf);
  expect(otlp.answer(none, json)).toMatchObject({ status: 200, body: '{}' });
  expect(otlp.answer(none, pb)).toMatchObject({ status: 200, body: '' });
  expect(JSON.parse(String(otlp.answer(some, json).body))).toEqual({
    partialSuccess: { rejectedLogRecords: '2', errorMessage: 'no' },
  });
  expect(otlp.answer(some, pb).body).toEqual(Buffer.from([0x0a, 6, 0x08, 2, 0x12, 2, 0x6e, 0x6f]));
  const failure = new CodedError('TERR_LOG_BUSY', { status: 503, title: '' }, 'busy', {});
  expect(otlp.answer({ ...none, failure }, json)).toMatchObject({ status: 503 });
});

test('whatever comes, it is decoded or refused', () => {
  const good = captured('http_v1_metrics_pb-1.bin');
  const outcome = (body: Buffer): unknown => {
    try {
      decode('/v1/metrics', body, { type: protobuf });
    } catch (error) {
      if (!(error instanceof CodedError)) return error;
    }
    return 'as it should';
  };
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), fc.nat(good.length), (changes, end) => {
      const bytes = Buffer.from(good);
      for (const [at, to] of changes) bytes[at] = to;
      expect(outcome(bytes.subarray(0, end))).toBe('as it should');
    }),
    { numRuns: 500 },
  );
  const json = (value: unknown): unknown => {
    try {
      decode('/v1/traces', { resourceSpans: value });
    } catch (error) {
      if (!(error instanceof CodedError)) return error;
    }
    return 'as it should';
  };
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(json(value)).toBe('as it should');
    }),
  );
});
