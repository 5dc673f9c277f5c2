import { type Server, type ServerResponse, createServer, get as httpGet } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { decodeBatch, encodeDrafts } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import { parseWhere } from '../../event/where/parse.ts';
import type { Log } from '../../log/log.ts';
import { memoryLog } from '../../log/memory/memory-log.ts';
import { filterOf, needlesOf } from './filter.ts';
import { readPosition, showPosition } from './position.ts';
import { Sample, spread } from './sample.ts';
import { slicesOf } from './slice.ts';
import { Tail, type TailLimits } from './tail.ts';

const limits: TailLimits = {
  maxClients: 3,
  clientBuffer: 100_000,
  stalledAfter: 200,
  heartbeat: 15_000,
};

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function append(log: Log, drafts: readonly Draft[]): Promise<void> {
  const lines = encodeDrafts(drafts, '/test');
  if (lines.facts) await log.append('facts', lines.facts);
  if (lines.readings) await log.append('readings', lines.readings);
}

function numbered(from: number, count: number, more: Partial<Draft> = {}): Draft[] {
  return Array.from({ length: count }, (_, i) => ({ type: 'metric', metric: from + i, ...more }));
}

interface World {
  readonly log: Log;
  readonly tail: Tail;
  readonly url: string;
}

/** A tail behind a real HTTP server; parameters as in the API, but without its checks. */
async function world(over: Partial<TailLimits> = {}): Promise<World> {
  const log = memoryLog({ now: () => Date.now() });
  const tail = new Tail(log, { ...limits, ...over });
  const server: Server = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://x').searchParams;
    const position = readPosition(query.get('after') ?? '');
    const after = position ?? {
      facts: log.stat('facts').next - 1,
      readings: log.stat('readings').next - 1,
    };
    const sample = query.get('sample');
    serve(response, {
      streams: ['facts', 'readings'],
      filter: filterOf(query.get('where') ?? undefined),
      sample: sample === null ? undefined : Number(sample),
      after,
      stillAllowed: () => !query.has('revoked'),
    });
  });
  const serve = (response: ServerResponse, request: Parameters<Tail['serve']>[0]): void => {
    tail.serve(request, response, {}).catch(() => response.writeHead(503).end());
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    tail.close();
    server.closeAllConnections();
    server.close();
  });
  return { log, tail, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

interface Message {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Reads server-sent events until `enough` says so. */
async function read(url: string, enough: (messages: Message[]) => boolean): Promise<Message[]> {
  const response = await fetch(url);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const messages: Message[] = [];
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString('utf8');
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      const data = field('data');
      if (data !== undefined)
        messages.push({
          id: field('id') ?? '',
          event: field('event') ?? '',
          data: JSON.parse(data),
        });
    }
    if (enough(messages)) break;
  }
  return messages;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

const metricsOf = (messages: readonly Message[]) =>
  messages.filter((m) => m.event === '').map((m) => m.data['metric']);

test('a tail shows what comes after it was opened, with its place', async () => {
  const { log, tail, url } = await world();
  await append(log, numbered(0, 2));
  const reading = read(url, (messages) => messages.length >= 2);
  await until(() => tail.clients === 1);
  await append(log, [
    { type: 'metric', metric: 7, attributes: { a: 'b' } },
    { type: 'dev.cdevents.build.started.0.2.0', subject: 'x' },
  ]);
  const messages = await reading;
  expect(messages.at(-1)?.id).toBe('f1.r3');
  expect(messages.find((m) => m.data['stream'] === 'readings')?.data).toMatchObject({
    stream: 'readings',
    offset: 3,
    id: 'readings-3',
    source: '/test',
    attributes: { a: 'b' },
  });
});

test('a tail goes on after a position without a gap or a repetition, and joins what is live', async () => {
  const { log, tail, url } = await world();
  await append(log, numbered(0, 5_000));
  const reading = read(`${url}?after=f0.r100`, (messages) => messages.length >= 5_900);
  await until(() => tail.clients === 1);
  await append(log, numbered(5_000, 1_000));
  expect(metricsOf(await reading)).toEqual(numbered(100, 5_900).map((d) => d.metric));
});

test('where lets only matching events through', async () => {
  const { log, tail, url } = await world();
  const where = encodeURIComponent('service = "shop" and metric > 4');
  const reading = read(`${url}?where=${where}`, (messages) => messages.length >= 5);
  await until(() => tail.clients === 1);
  await append(log, numbered(0, 10, { service: 'till' }));
  await append(log, numbered(0, 10, { service: 'shop' }));
  expect(metricsOf(await reading)).toEqual([5, 6, 7, 8, 9]);
});

test('with a sample the rest is counted, not sent', async () => {
  const { log, tail, url } = await world();
  const reading = read(`${url}?sample=10`, (m) => m.some((one) => one.event === 'skipped'));
  await until(() => tail.clients === 1);
  await append(log, numbered(0, 50_000));
  const messages = await reading;
  const sent = metricsOf(messages).length;
  const skipped = messages.find((m) => m.event === 'skipped')?.data['skipped'];
  expect(sent).toBeGreaterThan(0);
  expect(sent).toBeLessThan(50);
  expect(sent + Number(skipped)).toBe(50_000);
});

test('a position that was trimmed is told', async () => {
  const { log, url } = await world();
  await append(log, numbered(0, 10));
  await append(log, numbered(10, 10));
  await log.trim('readings', 11);
  const messages = await read(`${url}?after=f0.r3`, (m) => metricsOf(m).length >= 10);
  expect(messages[0]).toMatchObject({
    event: 'trimmed',
    data: { stream: 'readings', from: 4, to: 11 },
  });
  expect(metricsOf(messages)).toEqual(numbered(10, 10).map((d) => d.metric));
});

test('a client that reads nothing is cut, and the others do not notice', async () => {
  // The good client reads in this same thread: it must have time to, however crowded the machine.
  const { log, tail, url } = await world({ stalledAfter: 3_000 });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  await until(() => tail.clients === 1);
  const total = 60_000;
  const reading = read(url, (messages) => metricsOf(messages).length >= total);
  await until(() => tail.clients === 2);
  const name = 'n'.repeat(300);
  for (let i = 0; i < total / 2_000; i++) await append(log, numbered(i * 2_000, 2_000, { name }));
  expect(metricsOf(await reading)).toHaveLength(total);
  await until(() => tail.counters.stalled === 1 && tail.clients === 0);
  socket.destroy();
});

test('one client more than allowed is refused, and a place is free again when one leaves', async () => {
  const { tail, url } = await world({ maxClients: 1 });
  const first = httpGet(url);
  first.on('error', () => undefined);
  await until(() => tail.clients === 1);
  expect((await fetch(url)).status).toBe(503);
  expect(tail.counters.refused).toBe(1);
  first.destroy();
  await until(() => tail.clients === 0);
});

test('a tail ends when its account may no longer read', async () => {
  const { tail, url } = await world({ heartbeat: 150 });
  const response = await fetch(`${url}?revoked=1`);
  await response.text();
  expect(tail.clients).toBe(0);
});

test('silence is filled with the position', async () => {
  const { url } = await world({ heartbeat: 150 });
  const response = await fetch(url);
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString('utf8');
    if (text.includes(': still here')) break;
  }
  expect(text).toMatch(/: still here\nid: f0\.r0\n\n/);
});

test('positions come back from their text', () => {
  expect(readPosition(showPosition({ facts: 3, readings: 4_000_000_000 }))).toEqual({
    facts: 3,
    readings: 4_000_000_000,
  });
  for (const text of ['', 'f1', 'f1.r', 'f-1.r2', 'f1.r2x'])
    expect(readPosition(text)).toBeUndefined();
});

test.each([
  ['service = "shop"', ['"shop"']],
  ['service = "shop" and metric > 3', ['"shop"']],
  ['service = "shop" or host = "web-1"', ['"shop"', '"web-1"']],
  ['service = "shop" or metric > 3', undefined],
  ['not service = "shop"', undefined],
  ['service != "shop"', undefined],
  ['source = "/ci"', undefined],
  ['type = "dev.cdevents.build.finished"', ['dev.cdevents.build.finished']],
  ['type != "dev.cdevents.build.finished"', undefined],
  ['data.order = "one"', undefined],
  ['service = "a \\"b\\""', undefined],
])('the needles of %s', (where, needles) => {
  expect(needlesOf(parseWhere(where))).toEqual(needles);
});

test('a slice finds with needles exactly what it finds without', async () => {
  const word = fc.constantFrom('shop', 'till', 'a', 'sh', '"', 'é', 'x"shop"');
  const draft = fc.record(
    {
      type: fc.constantFrom('metric', 'log', 'shop'),
      service: word,
      name: word,
      tags: fc.array(word),
    },
    { requiredKeys: ['type'] },
  );
  const where = fc.constantFrom(
    'service = "shop"',
    'name = "till" or service = "shop"',
    'tagged "shop"',
    'service =~ "sh%"',
    'type = "shop" and name = "till"',
  );
  fc.assert(
    fc.property(fc.array(draft, { minLength: 1 }), where, (drafts, text) => {
      const lines = encodeDrafts(drafts, '/test').readings;
      if (!lines) return;
      const batch = { ...lines, stream: 'readings' as const, first: 1, received: 5 };
      const filter = filterOf(text);
      const [slice] = [...slicesOf(batch)];
      const expected = decodeBatch(batch).flatMap((e, i) => (filter.matches?.(e) ? [i] : []));
      expect(slice?.matching(filter)).toEqual(expected);
    }),
  );
});

test('a sample lets about so many a second through, evenly', () => {
  const sample = new Sample(100, 0);
  let passed = 0;
  for (let now = 0; now < 10_000; now += 10) passed += sample.allow(500, now);
  expect(passed).toBeGreaterThan(990);
  expect(passed).toBeLessThan(1_015);
  expect(spread(10, 3)).toEqual([0, 3, 6]);
});
