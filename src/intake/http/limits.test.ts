import { once } from 'node:events';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { logErrors } from '../../log/errors.ts';
import { patient, type Running, runIntake } from './intake-server.suite.ts';

let at: Running;
beforeEach(async () => {
  at = await runIntake();
});
afterEach(() => at.close());

const ndjson = { 'content-type': 'application/x-ndjson' };
const taken = (accepted: number): object => ({ accepted, duplicates: 0, refused: 0, errors: [] });
const restart = async (...how: Parameters<typeof runIntake>): Promise<void> => {
  await at.close();
  at = await runIntake(...how);
};

test('a body that is announced too large is refused at once, one that grows too large on the way', async () => {
  await restart({ maxBody: 1000 });
  const announced = await at.post('x'.repeat(1001));
  expect([announced.status, announced.json.code]).toEqual([413, 'TERR_INTAKE_TOO_LARGE']);
  const grown = await at.post('x'.repeat(5_000_000), { 'transfer-encoding': 'chunked' });
  expect([grown.status, grown.json.code]).toEqual([413, 'TERR_INTAKE_TOO_LARGE']);
  expect((await at.post('{"type":"a"}')).status).toBe(200);
});

test('a bomb is unpacked no further than the limit', async () => {
  await restart({ maxBody: 1_000_000 });
  for (const [packing, pack] of [
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const) {
    const bomb = pack(Buffer.alloc(50_000_000, ' '));
    const { status, json } = await at.post(bomb, { 'content-encoding': packing });
    expect([status, json.code]).toEqual([413, 'TERR_INTAKE_TOO_LARGE']);
  }
  expect(at.intake.inFlight().bytes).toBe(0);
});

test('too many events', async () => {
  await restart({ maxEvents: 3 });
  const line = '{"type":"a"}';
  const list = `[${Array.from({ length: 4 }, () => line).join(',')}]`;
  for (const reply of [
    await at.post(list),
    await at.post(list.replace('"a"', '"\\u0061"')),
    await at.post(`${line}\n`.repeat(4), ndjson),
  ])
    expect([reply.status, reply.json.code]).toEqual([413, 'TERR_INTAKE_TOO_MANY']);
  expect((await at.post(`${line}\n`.repeat(3), ndjson)).status).toBe(200);
});

test('when all bodies together fill the memory set aside, one more is asked to wait', async () => {
  await restart({ maxInFlight: 1000 });
  const held = '{"type":"a"}'.padEnd(900);
  const socket = at.open(held.length, held.slice(0, -1));
  await expect.poll(() => at.intake.inFlight().bytes, patient).toBe(899);
  const { status, json, headers } = await at.post('{"type":"b"}'.padEnd(200));
  expect([status, json.code]).toEqual([503, 'TERR_INTAKE_BUSY']);
  expect(headers['retry-after']).toBe('1');
  socket.write(' ');
  expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1.1 200 /);
  expect(at.intake.inFlight().bytes).toBe(0);
  socket.destroy();
});

test('a body that does not arrive in time is ended, and nobody else is held up', async () => {
  await restart({ bodyTimeout: 100 });
  const slow = at.open(1000, '{');
  const closed = once(slow, 'close');
  const [answer, other] = await Promise.all([once(slow, 'data'), at.post('{"type":"a"}')]);
  expect(String(answer)).toMatch(/^HTTP\/1.1 408 [^]*connection: close[^]*TERR_INTAKE_TIMEOUT/i);
  expect(other.status).toBe(200);
  await closed;
  expect(at.intake.inFlight().bytes).toBe(0);
});

test('a sender that goes away leaves nothing', async () => {
  const socket = at.open(1000, '{"type":"a"}');
  await expect.poll(() => at.intake.inFlight().bytes, patient).toBe(12);
  socket.destroy();
  await expect
    .poll(() => at.intake.counters().refusedBy, patient)
    .toEqual({ TERR_INTAKE_ABORTED: 1 });
  expect(at.intake.inFlight().bytes).toBe(0);
  expect(await at.events()).toEqual([]);
});

test.each([
  ['BUSY', 503, '1'],
  ['FULL', 503, '30'],
  ['CLOSED', 503, '1'],
] as const)('a log that says %s: nothing is acknowledged', async (name, status, seconds) => {
  const append = () => Promise.reject(logErrors(name, 'not now'));
  await restart({}, { log: { append } });
  const reply = await at.post('{"type":"a"}\n{"type":"dev.cdevents.x"}\n', ndjson);
  expect([reply.status, reply.json.code]).toEqual([status, `TERR_LOG_${name}`]);
  expect(reply.headers['retry-after']).toBe(seconds);
  expect(at.intake.counters()).toMatchObject({
    accepted: 0,
    refusedBy: { [`TERR_LOG_${name}`]: 1 },
  });
});

test('a failure that nobody foresaw is told without its secrets', async () => {
  await restart({}, { log: { append: () => Promise.reject(new Error('/secret/path')) } });
  const { status, json } = await at.post('{"type":"a"}');
  expect([status, json.code]).toEqual([500, 'TERR_INTAKE_FAILED']);
  expect(JSON.stringify(json)).not.toContain('secret');
  const authorise = (): never => {
    throw new Error('/secret/path');
  };
  const told: unknown[] = [];
  await restart({}, { authorise, onFailure: (cause) => told.push(cause) });
  expect((await at.post('{"type":"a"}')).json.code).toBe('TERR_INTAKE_FAILED');
  expect(told).toEqual([new Error('/secret/path')]);
});

test('is answered only when both streams are durable', async () => {
  const waiting: (() => void)[] = [];
  const append = () =>
    new Promise<{ first: number; count: number; duplicates: [] }>((resolve) => {
      waiting.push(() => resolve({ first: 1, count: 1, duplicates: [] }));
    });
  await restart({}, { log: { append } });
  let answered = false;
  const reply = at.post('{"type":"a"}\n{"type":"dev.cdevents.x"}\n', ndjson).then((r) => {
    answered = true;
    return r;
  });
  await expect.poll(() => waiting.length, patient).toBe(2);
  waiting[0]?.();
  await at.send('OPTIONS', {}); // a whole exchange later it would have been there
  expect(answered).toBe(false);
  waiting[1]?.();
  expect((await reply).json).toEqual(taken(2));
});
