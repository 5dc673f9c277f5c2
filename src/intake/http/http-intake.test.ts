import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { anyone, now, type Running, runIntake } from './intake-server.suite.ts';

let at: Running;
beforeEach(async () => {
  at = await runIntake();
});
afterEach(() => at.close());

interface CDEvent {
  readonly context: { readonly id: string; readonly type: string };
}
const ndjson = { 'content-type': 'application/x-ndjson' };
const taken = (accepted: number, duplicates = 0): object => ({
  accepted,
  duplicates,
  refused: 0,
  errors: [],
});
const ids = async (): Promise<string[]> => (await at.events()).map((event) => event.id);

describe('what is taken', () => {
  test('one event', async () => {
    const { status, json } = await at.post('{"type":"metric","name":"cpu","metric":0.5}');
    expect([status, json]).toEqual([200, taken(1)]);
    expect(await at.events()).toMatchObject([
      { id: 'readings-1', time: now, source: '/tokens/ci', name: 'cpu', metric: 0.5 },
    ]);
  });

  test.each([
    ['plain', '[{"type":"a","id":"1"},{"type":"b","id":"2"}]'],
    [
      'pretty',
      JSON.stringify(
        [
          { type: 'a', id: '1' },
          { type: 'b', id: '2' },
        ],
        null,
        2,
      ),
    ],
    ['with one that is unusual', String.raw`[{"type":"a","id":"1"},{"type":"\u0062","id":"2"}]`],
    ['with a byte order mark', '\ufeff[{"type":"a","id":"1"},\n{"type":"b","id":"2"}]\n'],
  ])('an array, %s', async (_, body) => {
    const { status, json } = await at.post(body);
    expect([status, json]).toEqual([200, taken(2)]);
    expect(await ids()).toEqual(['1', '2']);
  });

  test('NDJSON with facts and readings: both are appended', async () => {
    const body = '{"type":"dev.cdevents.x","id":"f"}\n{"type":"metric","id":"r"}\n';
    const { status, json } = await at.post(body, ndjson);
    expect([status, json]).toEqual([200, taken(2)]);
    expect((await at.events()).map(({ stream, id }) => [stream, id])).toEqual([
      ['facts', 'f'],
      ['readings', 'r'],
    ]);
  });

  const cloudEvent = { specversion: '1.0', id: 'c1', source: '/s', type: 'com.x', data: { a: 1 } };

  test('CloudEvents, structured', async () => {
    const type = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
    expect((await at.post(JSON.stringify(cloudEvent), type)).json).toEqual(taken(1));
    expect(await at.events()).toMatchObject([{ id: 'c1', source: '/s', data: { a: 1 } }]);
  });

  test('CloudEvents, batch, with a bad one among good ones', async () => {
    const type = { 'content-type': 'application/cloudevents-batch+json' };
    const batch = [cloudEvent, { ...cloudEvent, specversion: '9' }, { ...cloudEvent, id: 'c2' }];
    const { status, json } = await at.post(JSON.stringify(batch), type);
    expect(status).toBe(207);
    expect(json).toMatchObject({ accepted: 2, refused: 1, errors: [{ index: 1 }] });
    expect(await ids()).toEqual(['c1', 'c2']);
  });

  test('CloudEvents, binary, with any content type', async () => {
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': 'b%201',
      'ce-source': '/s',
      'ce-type': 'com.x',
      'content-type': 'text/plain',
    };
    expect((await at.post('hello', headers)).json).toEqual(taken(1));
    expect(await at.events()).toMatchObject([{ id: 'b 1', data: 'hello' }]);
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ] as const)('a body packed with %s', async (packing, pack) => {
    const body = pack('{"type":"a","id":"1"}\n{"type":"b","id":"2"}');
    const { json } = await at.post(body, { ...ndjson, 'content-encoding': packing });
    expect(json).toEqual(taken(2));
    expect(await ids()).toEqual(['1', '2']);
  });

  test('a bare CDEvent, and one in a CloudEvent; those that break their schema are marked', async () => {
    const file = new URL('../../../test/vectors/cdevents/0.3.0.json', import.meta.url);
    const published = JSON.parse(readFileSync(file, 'utf8')) as Record<string, CDEvent>;
    const deployed = Object.values(published).find(({ context }) =>
      context.type.includes('deployed'),
    );
    await at.post(JSON.stringify(deployed));
    const type = deployed?.context.type;
    const enveloped = { specversion: '1.0', id: 'e2', type, source: '/s', data: { context: {} } };
    await at.post(JSON.stringify(enveloped), { 'content-type': 'application/cloudevents+json' });
    await at.post(`{"id":"e3","type":"${type}"}`);
    const found = (await at.events()).map(({ id, stream, attributes }) => [
      id,
      stream,
      attributes?.['cdevents.valid'],
    ]);
    expect(found).toEqual([
      [deployed?.context.id, 'facts', undefined],
      ['e2', 'facts', 'false'],
      ['e3', 'facts', 'false'],
    ]);
  });

  test('an empty list', async () => {
    expect((await at.post('[]')).json).toEqual(taken(0));
    const type = { 'content-type': 'application/cloudevents-batch+json' };
    expect((await at.post('[]', type)).json).toEqual(taken(0));
  });

  test('a large body in steps, and a small one meanwhile', async () => {
    const large = '{"type":"metric","metric":1}\n'.repeat(100_000);
    const [first, second] = await Promise.all([at.post(large, ndjson), at.post('{"type":"a"}')]);
    expect(first.json).toEqual(taken(100_000));
    expect(second.json).toEqual(taken(1));
  });

  test('a body that comes in pieces, and two requests on one connection', async () => {
    const body = '{"type":"a","id":"1"}';
    const socket = at.open(body.length, body.slice(0, 5));
    await once(socket, 'connect');
    socket.write(body.slice(5));
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1.1 200 [^]*"accepted":1/);
    const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    socket.write(head + body);
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1.1 200 [^]*"duplicates":1/);
    socket.destroy();
  });

  test('duplicates inside one request and across many at the same time are taken once', async () => {
    const inside = await at.post('[{"type":"a","id":"1"},{"type":"a","id":"1"}]');
    expect(inside.json).toEqual(taken(1, 1));
    const body = '{"type":"a","id":"2","source":"/s"}\n';
    const all = await Promise.all(Array.from({ length: 20 }, () => at.post(body, ndjson)));
    expect(all.every(({ status }) => status === 200)).toBe(true);
    expect(all.reduce((sum, { json }) => sum + json.accepted, 0)).toBe(1);
    expect(await ids()).toEqual(['1', '2']);
  });
});

describe('what is refused', () => {
  test.each([
    ['a comma too much', '{"type":"a",}', 1, 13],
    ['the end too soon', '[{"type":"a"},\n{"type"', 2, 8],
    ['no JSON', 'type=a', 1, 1],
  ])('malformed JSON says where: %s', async (_, body, line, column) => {
    const { status, json, headers } = await at.post(body);
    expect(status).toBe(400);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(json).toMatchObject({ code: 'TERR_EVENT_JSON', status: 400, line, column });
  });

  test('a bad event says which field', async () => {
    const { status, json } = await at.post('{"type":"a","colour":"red"}');
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: 'TERR_EVENT_FIELD', field: 'colour' });
    expect(json.detail).toContain('"attributes"');
  });

  test('bad lines among good ones: 207, each with its line', async () => {
    const { status, json } = await at.post('{"type":"a"}\nnonsense\n{"metric":1}\n', ndjson);
    expect(status).toBe(207);
    expect(json).toMatchObject({ accepted: 1, duplicates: 0, refused: 2 });
    expect(json.errors.map(({ line, field }) => [line, field])).toEqual([
      [2, undefined],
      [3, 'type'],
    ]);
  });

  test.each([
    ['plain', '{"type":"metric","source":"territory/rules","id":"guessed"}'],
    ['unusual', String.raw`{"type":"metric","source":"territory/\u0061lerts","id":"guessed"}`],
    ['a CloudEvent', '{"specversion":"1.0","type":"a","id":"guessed","source":"territory/rules"}'],
  ])("nobody sends under a name of Territory's own, %s", async (_, event) => {
    const body = `${event}\n{"type":"metric","source":"territory","id":"fine"}\n`;
    const { status, json } = await at.post(body, ndjson);
    expect([status, json]).toMatchObject([
      207,
      { accepted: 1, errors: [{ line: 1, field: 'source', code: 'TERR_EVENT_FIELD' }] },
    ]);
    expect(await ids()).toEqual(['fine']);
  });

  test('nothing but bad items: 400 with each of them', async () => {
    const { status, json } = await at.post('[{"type":1},{}]');
    expect(status).toBe(400);
    expect(json).toMatchObject({
      code: 'TERR_INTAKE_REFUSED',
      errors: [{ index: 0 }, { index: 1 }],
    });
  });

  test.each([
    ['an empty body', '', {}, 400, 'TERR_INTAKE_EMPTY'],
    ['a blank body', ' \n', {}, 400, 'TERR_INTAKE_EMPTY'],
    [
      'a form',
      'a=1',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'TERR_INTAKE_MEDIA_TYPE',
    ],
    ['no type', '{}', { 'content-type': '' }, 415, 'TERR_INTAKE_MEDIA_TYPE'],
    [
      'a charset',
      '{}',
      { 'content-type': 'application/json; charset=latin1' },
      415,
      'TERR_INTAKE_MEDIA_TYPE',
    ],
    ['zstd', '{}', { 'content-encoding': 'zstd' }, 415, 'TERR_INTAKE_ENCODING'],
    ['two packings', '{}', { 'content-encoding': 'gzip, gzip' }, 415, 'TERR_INTAKE_ENCODING'],
    ['no gzip', 'hello', { 'content-encoding': 'gzip' }, 400, 'TERR_INTAKE_BODY'],
    [
      'half a gzip',
      gzipSync('{"type":"a"}').subarray(0, 20),
      { 'content-encoding': 'gzip' },
      400,
      'TERR_INTAKE_BODY',
    ],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), {}, 400, 'TERR_EVENT_JSON'],
    [
      'an event of 10 MB',
      JSON.stringify({ type: 'a', data: 'x'.repeat(10_000_000) }),
      {},
      413,
      'TERR_EVENT_TOO_LARGE',
    ],
    ['a reading of 2099', '{"type":"a","time":"2099-01-01T00:00:00Z"}', {}, 400, 'TERR_EVENT_TIME'],
    ['a reading in seconds', '{"type":"a","time":1795400000}', {}, 400, 'TERR_EVENT_TIME'],
    [
      'a batch that is none',
      '{}',
      { 'content-type': 'application/cloudevents-batch+json' },
      400,
      'TERR_EVENT_CLOUDEVENT',
    ],
  ])('%s', async (...[, body, headers, status, code]) => {
    const reply = await at.post(body, headers);
    expect([reply.status, reply.json.code]).toEqual([status, code]);
    expect(await at.events()).toEqual([]);
    expect(at.intake.counters().refusedBy).toEqual({ [code]: 1 });
    expect(at.intake.inFlight().bytes).toBe(0);
    expect((await at.post('{"type":"a"}')).status).toBe(200);
  });

  test('415 lists what is taken', async () => {
    const { json } = await at.post('a', { 'content-type': 'text/html' });
    expect(json.detail).toContain('application/json, application/x-ndjson');
    expect(json.detail).toContain('ce-');
  });

  test('a method other than POST', async () => {
    const { status, headers } = await at.send('PUT', {});
    expect([status, headers.allow]).toEqual([405, 'POST, OPTIONS']);
  });

  test('the handshake of CloudEvents is answered', async () => {
    const { headers } = await at.send('OPTIONS', { 'webhook-request-origin': 'example.com' });
    expect(headers['webhook-allowed-origin']).toBe('example.com');
  });
});

describe('who may send', () => {
  test('who is turned away, is so before the body was read', async () => {
    await at.close();
    const problem = { type: '', title: 'no', status: 401, code: 'TERR_AUTH_TOKEN' };
    const headers = { 'www-authenticate': 'Bearer' };
    at = await runIntake({}, { authorise: () => ({ status: 401, problem, headers }) });
    const socket = at.open(10_000_000, '{"type"');
    expect(String(await once(socket, 'data'))).toMatch(
      /^HTTP\/1.1 401 [^]*connection: close[^]*TERR_AUTH_TOKEN/i,
    );
    socket.destroy();
    const reply = await at.post('{"type":"a"}');
    expect([reply.status, reply.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    expect(at.intake.counters().refusedBy).toEqual({ TERR_AUTH_TOKEN: 2 });
  });

  test('what a sender may not send is refused one by one', async () => {
    await at.close();
    const maySend = (type: string, source: string): boolean =>
      type === 'a' && source === '/tokens/ci';
    at = await runIntake({}, { authorise: () => ({ ...anyone, unrestricted: false, maySend }) });
    const some = await at.post('[{"type":"a"},{"type":"b"},{"type":"a","source":"/other"}]');
    expect(some.status).toBe(207);
    expect(some.json.errors.map(({ index, code, field }) => [index, code, field])).toEqual([
      [1, 'TERR_INTAKE_FORBIDDEN', undefined],
      [2, 'TERR_INTAKE_FORBIDDEN', undefined],
    ]);
    expect(some.json.errors[1]?.message).toContain('of type "a" as "/other"');
    const none = await at.post('{"type":"b"}');
    expect([none.status, none.json.code]).toEqual([403, 'TERR_INTAKE_FORBIDDEN']);
  });
});

test('counts what it did', async () => {
  await at.post('{"type":"a","id":"1"}\n{"type":"a","id":"1"}\n{"type":1}\n', ndjson);
  expect(at.intake.counters()).toEqual({
    protocol: 'http',
    accepted: 1,
    duplicates: 1,
    refused: 1,
    refusedBy: { TERR_EVENT_FIELD: 1 },
  });
});
