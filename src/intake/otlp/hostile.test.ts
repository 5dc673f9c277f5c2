import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CodedError } from '../../errors/coded-error.ts';
import { checkDraft } from '../../event/check.ts';
import { defaultLimits } from '../../event/limits.ts';
import type { Decoded } from '../decoded.ts';
import type { HttpProtocol, Outcome, Received } from '../http/protocol.ts';
import type { Sender } from '../intake.ts';
import { otlpProtocol } from './otlp.ts';

const now = 1_795_391_940_000;
const since = now - 60_000;
const none: Outcome = { accepted: 0, duplicates: 0, refused: 0, errors: [] };

const senderOf = (name: string): Sender => ({
  name,
  source: `/tokens/${name}`,
  unrestricted: true,
  maySend: () => true,
});

function received(path: string, body: Buffer, type = 'application/x-protobuf'): Received {
  const headers = { 'content-type': type };
  const query = new URLSearchParams();
  return { method: 'POST', path, query, headers, body, raw: body, maxBody: 1 << 25, now };
}

function decode(path: string, body: Buffer, otlp = otlpProtocol(since), by = 'ci'): Decoded[] {
  return [...otlp.decode(received(path, body), senderOf(by))];
}

/** Encodes one field with a length. */
function field(number: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const inner = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const size: number[] = [];
  for (let left = inner.length; ; left = Math.floor(left / 128)) {
    size.push(left < 128 ? left : (left % 128) + 128);
    if (left < 128) break;
  }
  return Buffer.concat([Buffer.from([number * 8 + 2, ...size]), inner]);
}

function fixed(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = number * 8 + 1;
  bytes.writeBigUInt64LE(value, 1);
  return bytes;
}

const nanos = (ms: number): bigint => BigInt(ms) * 1_000_000n;

/** A cumulative counter as one body. */
function counter(value: number, at: number, start = since + 1): Buffer {
  const point = [fixed(2, nanos(start)), fixed(3, nanos(at)), fixed(6, BigInt(value))];
  const sum = field(7, field(1, ...point), Buffer.from([0x10, 2, 0x18, 1]));
  return field(1, field(2, field(2, field(1, 'orders'), sum)));
}

describe('a body that wants more than its share', () => {
  const growth = (body: Buffer, path: string): number => {
    const before = process.memoryUsage().heapUsed;
    let most = 0;
    try {
      for (const _ of otlpProtocol(since).decode(received(path, body), senderOf('ci')))
        most = Math.max(most, process.memoryUsage().heapUsed - before);
    } catch (error) {
      if (!String(error).includes('TERR_INTAKE') && !(error as { code?: string }).code) throw error;
    }
    return Math.max(most, process.memoryUsage().heapUsed - before);
  };
  const megabyte = 1 << 20;

  test.each([
    ['empty attributes', field(1, field(1, Buffer.alloc(8 * megabyte, Buffer.from([0x0a, 0]))))],
    [
      'an array of nothing',
      field(
        1,
        field(1, field(1, field(2, field(5, Buffer.alloc(8 * megabyte, Buffer.from([0x0a, 0])))))),
      ),
    ],
  ])('%s', (_, resource) => {
    expect(growth(resource, '/v1/logs')).toBeLessThan(96 * megabyte);
  });

  test('more data points than a request may have', { timeout: 60_000 }, () => {
    const gauge = field(5, Buffer.alloc(2_200_000, Buffer.from([0x0a, 0])));
    const body = field(1, field(2, field(2, field(1, 'a'), gauge)));
    const run = (): void => {
      for (const _ of otlpProtocol(since).decode(received('/v1/metrics', body), senderOf('ci')));
    };
    expect(run).toThrow(/more than 1000000 data points/);
  });

  test('a value within values within values', () => {
    let value = field(1, 'core');
    for (let i = 0; i < 5_000; i++) value = field(5, field(1, value));
    const [log] = decode('/v1/logs', field(1, field(2, field(2, field(5, value)))));
    expect(log && checkDraft(log, defaultLimits, now)).not.toHaveProperty('refusal');
  });

  test('a length that lies', () => {
    const body = Buffer.from([0x0a, 0xff, 0xff, 0xff, 0x7f]);
    expect(() => decode('/v1/traces', body)).toThrow(/beyond the message/);
  });

  test('a field of another type than it should have is passed over', () => {
    const record = Buffer.concat([Buffer.from([0x18, 7]), field(5, field(1, 'kept'))]);
    expect(decode('/v1/logs', field(1, field(2, field(2, record))))).toMatchObject([
      { data: 'kept' },
    ]);
  });
});

const forbidden = { code: 'TERR_INTAKE_FORBIDDEN', message: 'no' };

describe('counters go on from what was taken', () => {
  const metrics = (body: Buffer, otlp: HttpProtocol, outcome: Outcome, by?: string) => {
    const request = received('/v1/metrics', body);
    const made = [...otlp.decode(request, senderOf(by ?? 'ci'))];
    otlp.answer(outcome, request);
    return made.map((one) => ('refused' in one ? 'refused' : one.metric));
  };
  const failure = Object.assign(new Error('full'), { code: 'TERR_LOG_FULL', status: 507 });
  const failed = { ...none, failure: failure as unknown as NonNullable<Outcome['failure']> };

  test('an append that failed did not happen', () => {
    const otlp = otlpProtocol(since);
    expect(metrics(counter(3, now), otlp, none)).toEqual([3]);
    expect(metrics(counter(10, now + 1), otlp, failed)).toEqual([7]);
    expect(metrics(counter(12, now + 2), otlp, none)).toEqual([9]);
    const turnedAway = { ...none, refused: 1, errors: [forbidden] };
    expect(metrics(counter(13, now + 3), otlp, turnedAway)).toEqual([1]);
    expect(metrics(counter(14, now + 4), otlp, none)).toEqual([2]);
  });

  test('another sender counts for himself', () => {
    const otlp = otlpProtocol(since);
    expect(metrics(counter(3, now), otlp, none, 'one')).toEqual([3]);
    expect(metrics(counter(10, now + 1), otlp, none, 'other')).toEqual([10]);
  });

  test('a full disk is said to be passing, in the encoding of the request', () => {
    const otlp = otlpProtocol(since);
    const request = received('/v1/metrics', Buffer.alloc(0));
    const { status, headers, body } = otlp.answer(failed, request);
    expect(status).toBe(503);
    expect(headers).toEqual({ 'content-type': 'application/x-protobuf' });
    expect(body).toEqual(Buffer.concat([Buffer.from([8, 14]), field(2, 'full (TERR_LOG_FULL)')]));
  });

  test('a time that cannot be is refused, and nothing is counted from it', () => {
    const otlp = otlpProtocol(since);
    expect(metrics(counter(3, now), otlp, none)).toEqual([3]);
    const [wrong] = decode('/v1/metrics', counter(9, now + 3 * 86_400_000), otlp);
    expect(wrong && checkDraft(wrong, defaultLimits, now)).toMatchObject({
      refusal: { field: 'time' },
    });
    expect(metrics(counter(5, now + 1), otlp, none)).toEqual([2]);
  });
});

test.each([
  [{ code: 'TERR_INTAKE_DECODE', message: 'no' }, 400, 3],
  [forbidden, 403, 7],
])('where nothing was taken it is %j: %i', (error, status, code) => {
  const otlp = otlpProtocol(since);
  const request = received('/v1/logs', Buffer.alloc(0), 'application/json');
  const answer = otlp.answer({ ...none, refused: 2, errors: [error] }, request);
  expect([answer.status, JSON.parse(String(answer.body))]).toMatchObject([status, { code }]);
});

describe('whatever bytes come, they are decoded or refused with a code', () => {
  const outcomeOf = (path: string, body: Buffer): string => {
    try {
      for (const one of decode(path, body))
        if (!('refused' in one)) checkDraft(one, defaultLimits, now);
    } catch (error) {
      return error instanceof CodedError ? 'as it should' : String(error);
    }
    return 'as it should';
  };
  /** Messages within messages as all three signals have them, with anything in their fields. */
  const message: fc.Arbitrary<Buffer> = fc.letrec<{ message: Buffer; leaf: Buffer }>((tie) => ({
    leaf: fc.oneof(
      fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes)),
      fc
        .tuple(fc.integer({ min: 1, max: 15 }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
        .map(([number, value]) => fixed(number, value)),
    ),
    message: fc.oneof(
      { depthSize: 'large', maxDepth: 6 },
      tie('leaf'),
      fc
        .array(fc.tuple(fc.integer({ min: 1, max: 15 }), tie('message')), { maxLength: 4 })
        .map((fields) => Buffer.concat(fields.map(([number, inner]) => field(number, inner)))),
    ),
  })).message;

  test.each(['/v1/metrics', '/v1/logs', '/v1/traces'])('to %s', (path) => {
    fc.assert(
      fc.property(message, fc.uint8Array({ maxLength: 200 }), (made, bytes) => {
        const item = field(1, field(2, field(2, made)));
        expect(outcomeOf(path, item)).toBe('as it should');
        expect(outcomeOf(path, Buffer.from(bytes))).toBe('as it should');
        expect(outcomeOf(path, item.subarray(0, bytes.length))).toBe('as it should');
      }),
      { numRuns: 300 },
    );
  });
});
