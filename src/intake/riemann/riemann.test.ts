import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CodedError } from '../../errors/coded-error.ts';
import { checkDraft } from '../../event/check.ts';
import type { Draft, Event } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import { compileWhere } from '../../event/where/compile.ts';
import { parseWhere } from '../../event/where/parse.ts';
import { type Decoded, isRefused } from '../decoded.ts';
import { isReply, type ListenerContext, type Reply } from '../sockets/protocol.ts';
import { found } from './encode.ts';
import { toDraft } from './event.ts';
import { readMessage } from './message.ts';
import { toWhere } from './query.ts';
import { riemann } from './riemann.ts';

const wire = join(import.meta.dirname, '../../../test/vectors/wire');
const now = Date.UTC(2026, 10, 22, 23);

function connection(latest: ListenerContext['latest'] = async () => [], maxMessage = 1 << 20) {
  const context: ListenerContext = {
    settings: { maxMessage },
    now: () => now,
    host: 'here',
    take: () => undefined,
    sampled: () => undefined,
    every: () => undefined,
    latest,
  };
  const { connection: open } = riemann.open(context);
  if (open === undefined) throw new Error('no connections');
  return open({ address: '10.0.0.7', port: 1 });
}

const all = (bytes: Buffer): (Decoded | Reply)[] => [...connection().data(bytes)];
const drafts = (some: readonly object[]): Draft[] =>
  some.filter((one) => !isReply(one) && !isRefused(one)) as Draft[];
const clean = (draft: Draft | undefined): unknown => JSON.parse(JSON.stringify(draft));

describe('what real senders sent', () => {
  test('the client of npm', () => {
    const [event, reply, ...more] = all(readFileSync(join(wire, 'riemann-tcp-npm.bin')));
    expect(clean(event as Draft)).toEqual({
      time: 1795391989000,
      type: 'metric',
      host: 'vm',
      name: 'buffet_plates',
      metric: 252.2,
      tags: ['nonblocking'],
      attributes: { k: 'v' },
    });
    expect(reply && isReply(reply) && reply.reply(undefined)).toEqual(
      Buffer.from([0, 0, 0, 2, 0x10, 1]),
    );
    expect(more).toEqual([]);
  });

  test('collectd, readings and a notification', () => {
    const events = drafts(all(readFileSync(join(wire, 'riemann-tcp-collectd-1.bin'))));
    expect(clean(events[0])).toEqual({
      time: 1795393958994,
      type: 'metric',
      host: 'testhost',
      name: 'load/load/shortterm',
      state: 'warning',
      metric: 3.880859375,
      ttl: 4,
      tags: ['collectd'],
      attributes: {
        plugin: 'load',
        type: 'load',
        ds_name: 'shortterm',
        ds_type: 'gauge',
        ds_index: '0',
        dc: 'par',
      },
    });
    for (const event of events)
      expect(checkDraft(clean(event), defaultLimits, now)).not.toHaveProperty('refusal');
    const [notice] = drafts(all(readFileSync(join(wire, 'riemann-tcp-collectd-2.bin'))));
    expect(notice).toMatchObject({ name: 'load/load', state: 'warning' });
  });

  test('syslog-ng, an integer with a ttl', () => {
    const [event] = all(readFileSync(join(wire, 'riemann-tcp-syslogng.bin')));
    expect(event).toMatchObject({ name: '1', metric: 1, ttl: 30, tags: ['syslog'] });
  });
});

test('a message may come in any pieces, and several in one', () => {
  const one = readFileSync(join(wire, 'riemann-tcp-npm.bin'));
  const bytes = Buffer.concat([one, one, one]);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
      const stream = connection();
      const places = [...cuts.toSorted((a, b) => a - b), bytes.length];
      let from = 0;
      const got = places.flatMap((to) => {
        const some = [...stream.data(bytes.subarray(from, to))];
        from = to;
        return some;
      });
      expect(got.filter(isReply)).toHaveLength(3);
      expect(drafts(got)).toHaveLength(3);
      expect([...(stream.end?.() ?? [])]).toEqual([]);
    }),
  );
});

const framed = (message: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  return Buffer.concat([length, message]);
};

/** A message with one event of these fields: number, wire type, value. */
const one = (...fields: readonly Buffer[]): Buffer => {
  const event = Buffer.concat(fields);
  return framed(Buffer.concat([Buffer.from([0x32, event.length]), event]));
};
const word = (field: number, text: string): Buffer =>
  Buffer.concat([Buffer.from([field * 8 + 2, text.length]), Buffer.from(text)]);
const double = (value: number): Buffer => {
  const bytes = Buffer.alloc(9, 14 * 8 + 1);
  bytes.writeDoubleLE(value, 1);
  return bytes;
};
const pair = (key: string, value: string): Buffer => {
  const inner = Buffer.concat([word(1, key), word(2, value)]);
  return Buffer.concat([Buffer.from([9 * 8 + 2, inner.length]), inner]);
};

describe('what events become', () => {
  test.each<readonly [what: string, fields: readonly Buffer[], event: Partial<Draft>]>([
    ['a state alone is a check', [word(2, 'ok'), word(3, 'ssh')], { type: 'check', name: 'ssh' }],
    ['words alone are an event', [word(5, 'hello')], { type: 'event', data: 'hello' }],
    ['a number is a metric', [double(-1.5), word(2, 'ok')], { type: 'metric', metric: -1.5 }],
    [
      'attributes that have fields of their own',
      [double(1), pair('env', 'prod'), pair('service.name', 'shop'), pair('code', '5')],
      {
        type: 'metric',
        metric: 1,
        environment: 'prod',
        service: 'shop',
        attributes: { code: '5' },
      },
    ],
    [
      'a host in the attributes that is another one',
      [double(1), word(4, 'web-1'), pair('host', 'db-1')],
      { type: 'metric', metric: 1, host: 'web-1', attributes: { 'host.name': 'db-1' } },
    ],
    ['a sint64', [Buffer.from([13 * 8, 5])], { type: 'metric', metric: -3 }],
    ['a large sint64', [Buffer.from('68ffffffffffffffff3f', 'hex')], { metric: -(2 ** 61) }],
    ['fields of another type are passed over', [word(1, 'x'), word(13, 'y')], { type: 'event' }],
  ])('%s', (_, fields, event) => {
    expect(drafts(all(one(...fields)))).toMatchObject([event]);
  });

  test('what is not finite is refused, and the client is told', () => {
    const [refusal, reply, ...more] = all(one(double(Number.NaN), word(3, 'x')));
    expect(refusal).toMatchObject({ refused: { code: 'TERR_INTAKE_DECODE', sample: 'x' } });
    expect(more).toEqual([]);
    const answer = reply && isReply(reply) ? reply.reply(undefined) : new Uint8Array();
    expect(Buffer.from(answer as Uint8Array).toString()).toContain('the metric is NaN');
  });
});

test('what is not durable is not acknowledged', () => {
  const reply = all(readFileSync(join(wire, 'riemann-tcp-npm.bin'))).find(isReply);
  const full = new CodedError('TERR_LOG_FULL', { status: 507, title: '' }, 'the disk is full', {});
  const answer = Buffer.from((reply?.reply(full) ?? new Uint8Array()) as Uint8Array);
  expect(answer.subarray(4, 6)).toEqual(Buffer.from([0x10, 0]));
  expect(answer.toString()).toContain('the disk is full');
});

test('a broken message is refused alone; a lying length ends the connection', () => {
  const good = readFileSync(join(wire, 'riemann-tcp-npm.bin'));
  const broken = framed(Buffer.from([0x32, 0x7f, 1]));
  const got = all(Buffer.concat([broken, good]));
  expect(got.map((one) => (isReply(one) ? 'reply' : isRefused(one) ? 'refused' : 'event'))).toEqual(
    ['refused', 'reply', 'event', 'reply'],
  );
  expect(() => all(Buffer.from([0xff, 0xff, 0xff, 0xff]))).toThrow(/4294967295 bytes/);
});

function outcome(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    if (!(error instanceof CodedError)) return error;
  }
  return 'as it should';
}

test('whatever comes, it is decoded or refused', () => {
  const good = readFileSync(join(wire, 'riemann-tcp-collectd-1.bin')).subarray(4);
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), fc.nat(good.length), (changes, end) => {
      const bytes = Buffer.from(good);
      for (const [at, to] of changes) bytes[at] = to;
      const got = all(framed(bytes.subarray(0, end)));
      expect(got.filter(isReply)).toHaveLength(1);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(outcome(() => all(Buffer.from(bytes)))).toBe('as it should');
    }),
  );
});

test.each([
  ['service = "cpu" and host =~ "web%"', 'name = "cpu" and host =~ "web%"'],
  ['metric_f > 0.5 or not tagged "cold"', 'metric > 0.5 or not tagged "cold"'],
  ['description ~= "^disk" and state = nil', 'data ~= "^disk" and state = nil'],
  ['time > 1700000000 and dc = "par"', 'time > 1700000000000 and dc = "par"'],
  ['type = "load" and not label.source', 'label.type = "load" and not label.source'],
  ['type = "dev.cdevents.service.deployed"', 'label.type = "dev.cdevents.service.deployed"'],
  ['env = "prod" and service.name = "shop"', 'environment = "prod" and service = "shop"'],
  ['true', 'true'],
])('the question %s means %s', (query, where) => {
  expect(toWhere(query)).toBe(where);
});

describe('the recorded questions of Riemann', () => {
  const vectors = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../test/vectors/stream.json'), 'utf8'),
  ) as Vectors;
  interface Vectors {
    readonly queries: {
      readonly events: readonly Readonly<Record<string, unknown>>[];
      readonly cases: readonly { readonly query: string; readonly match: readonly number[] }[];
    };
  }
  // As src/event/where/where.test.ts: \\% is a percent sign here, and no metric is a text.
  const exceptions: Readonly<Record<string, readonly number[]>> = {
    'description =~ "%95\\%%"': [2],
    'metric = nil': [6, 7, 9, 10, 11, 12],
    'metric != nil': [0, 1, 2, 3, 4, 5, 8],
    metric: [0, 1, 2, 3, 4, 5, 8],
  };
  const own = ['time', 'state', 'service', 'host', 'description', 'ttl', 'metric', 'tags'];
  const events = vectors.queries.events.map((recorded) => {
    const known = Object.entries(recorded).filter(
      ([key, value]) => value !== null && !(key === 'metric' && typeof value === 'string'),
    );
    const fields = Object.fromEntries(known.filter(([key]) => own.includes(key)));
    const attributes = known
      .filter(([key]) => !own.includes(key))
      .map(([key, value]) => [key, String(value)] as const);
    return toDraft({ tags: [], attributes, ...fields }) as Event;
  });

  test.each(vectors.queries.cases)('$query', ({ query, match }) => {
    const where = compileWhere(parseWhere(toWhere(query)));
    const matched = events.flatMap((event, index) => (where(event) ? [index] : []));
    expect(matched).toEqual(exceptions[query] ?? match);
  });
});

test('a question is answered from the latest events, a wrong one with what is wrong', async () => {
  const event: Draft = {
    type: 'metric',
    time: 1_795_393_958_994,
    host: 'web1',
    service: 'shop',
    name: 'cpu',
    state: 'ok',
    metric: 0.25,
    ttl: 60,
    tags: ['a', 'b'],
    data: 'fine',
    attributes: { dc: 'par' },
  };
  const asked: string[] = [];
  const stream = connection(async (where) => {
    asked.push(where);
    return [event];
  });
  const ask = async (query: string): Promise<Buffer> => {
    const text = Buffer.from(query);
    const inner = Buffer.concat([Buffer.from([0x0a, text.length]), text]);
    const message = Buffer.concat([Buffer.from([0x2a, inner.length]), inner]);
    const [reply] = [...stream.data(framed(message))].filter(isReply);
    return Buffer.from((await reply?.reply(undefined)) ?? []);
  };
  const answer = await ask('service = "cpu"');
  expect(asked).toEqual(['name = "cpu"']);
  expect(answer).toEqual(found([event]));
  const { events } = readMessage(answer.subarray(4));
  expect(events).toMatchObject([
    { service: 'cpu', host: 'web1', state: 'ok', metric: 0.25, ttl: 60, description: 'fine' },
  ]);
  expect(events[0]?.attributes).toContainEqual(['service.name', 'shop']);
  expect((await ask('service = ')).toString()).toContain('expected');
});
