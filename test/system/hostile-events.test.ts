import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Server } from './server.suite.ts';
import { neighbour } from './neighbour.suite.ts';
import { quiet, serve } from './server.suite.ts';

let server: Server;
beforeAll(async () => {
  server = await serve({ flags: quiet });
});
afterAll(() => server.stop('SIGKILL'));

let tests = 0;
/** Of the events of one test. */
let source: string;
beforeEach(() => {
  source = `/hostile/${++tests}`;
});

const ndjson = 'application/x-ndjson';
const good = (id: string) => JSON.stringify({ id, type: 'a', source });
const refusals = (reason: string) => server.metric('territory_intake_refused_total', { reason });

/** The ids that the log got, as history has them. */
async function kept(): Promise<string[]> {
  await server.caughtUp();
  const events = await server.events({ where: `source = "${source}"`, last: '1d' });
  return events.map(({ id }) => id);
}

test('JSON that is cut or misspelt: the answer says line and column', async () => {
  const beside = await neighbour(server);
  const before = await refusals('TERR_EVENT_JSON');
  await server.send(good('before'));

  const one = await server.send('[{"type":"a"},\n{"type":"b" "metric":1}]');
  expect(one.status).toBe(400);
  expect(one.json).toMatchObject({ code: 'TERR_EVENT_JSON', line: 2, column: 13 });
  expect(one.json.detail).toContain('line 2, column 13');
  expect(one.headers.get('content-type')).toContain('application/problem+json');

  const lines = [good('first'), '{"type":"b","metric":}', good('third'), '{"type":"c"', ''];
  const some = await server.send(lines.join('\n'), { contentType: ndjson });
  expect(some.status).toBe(207);
  expect(some.json).toMatchObject({
    accepted: 2,
    refused: 2,
    errors: [
      { line: 2, code: 'TERR_EVENT_JSON', message: expect.stringContaining('column 22') },
      { line: 4, code: 'TERR_EVENT_JSON' },
    ],
  });

  await server.send(good('after'));
  expect(await refusals('TERR_EVENT_JSON')).toBe(before + 3);
  expect(await kept()).toEqual(['before', 'first', 'third', 'after']);
  expect(await beside.troubles()).toEqual([]);
});

test('values of the wrong type: each is named with its field, the others are taken', async () => {
  const before = await refusals('TERR_EVENT_FIELD');
  const answer = await server.send([
    { id: 'before', type: 'a', source },
    { type: 'metric', source, metric: '12' },
    { type: 5, source },
    { type: 'a', source, attributes: { code: 200 } },
    { type: 'a', source, tags: 'urgent' },
    { type: 'a', source, colour: 'red' },
    { source, metric: 1 },
    { id: 'after', type: 'a', source },
  ]);
  expect(answer.status).toBe(207);
  expect(answer.json.accepted).toBe(2);
  const found = answer.json.errors.map(({ index, field, message }) => [index, field, message]);
  expect(found).toEqual([
    [1, 'metric', expect.stringMatching(/finite number.*leave out the quotes/)],
    [2, 'type', expect.stringMatching(/must be text.*number 5/)],
    [3, 'attributes.code', expect.stringMatching(/must be text.*number 200/)],
    [4, 'tags', expect.stringMatching(/array of texts/)],
    [5, 'colour', expect.stringMatching(/not a field.*"attributes"/)],
    [6, 'type', expect.stringMatching(/missing/)],
  ]);
  expect(await refusals('TERR_EVENT_FIELD')).toBe(before + 6);
  expect(await kept()).toEqual(['before', 'after']);
});

test('times of 1970 and 2099, and in the wrong unit: the answer says what is likely wrong', async () => {
  const before = await refusals('TERR_EVENT_TIME');
  const seconds = Math.floor(Date.now() / 1000);
  const times = [
    ['1970-01-01T00:00:00Z', /more than 400 days ago.*sender's clock/],
    [0, /more than 400 days ago/],
    [seconds, /looks like seconds; send milliseconds/],
    [seconds * 1e6, /looks like microseconds/],
    ['2099-12-31T23:59:59Z', /ahead of this server's clock.*sender's clock/],
    ['yesterday', /is not a time.*RFC 3339/],
  ] as const;
  const bad = times.map(([time]) => ({ type: 'metric', source, time }));
  const tooOldFact = { type: 'dev.cdevents.service.deployed.0.1.0', source, time: 0 };
  const fine = { id: 'fine', type: 'a', source, time: Date.now() };
  const { json } = await server.send([...bad, tooOldFact, fine]);
  expect(json.errors.map(({ field, code, message }) => [field, code, message])).toEqual(
    [...times, ['', /before 1980/] as const].map(([, says]) => [
      'time',
      'TERR_EVENT_TIME',
      expect.stringMatching(says),
    ]),
  );
  expect(await refusals('TERR_EVENT_TIME')).toBe(before + 7);
  expect(await kept()).toEqual(['fine']);
});

test('an event of 10 MB: refused by size, and by the size of the body when that is too large', async () => {
  const beside = await neighbour(server);
  const before = await refusals('TERR_EVENT_TOO_LARGE');
  const hitsBefore = await server.hits('intake.maxEvent');
  const large = JSON.stringify({ type: 'a', source, data: 'x'.repeat(10_000_000) });

  const alone = await server.send(large);
  expect(alone.status).toBe(413);
  expect(alone.json.code).toBe('TERR_EVENT_TOO_LARGE');
  expect(alone.json.detail).toMatch(/has 100000\d\d bytes, and 1048576 are allowed/);

  const lines = [good('before'), large, good('after')].join('\n');
  const between = await server.send(lines, { contentType: ndjson });
  expect(between.json).toMatchObject({ accepted: 2, errors: [{ line: 2 }] });

  const body = await server.send(Buffer.alloc(40 << 20, ' '));
  expect(body.status).toBe(413);
  expect(body.json.code).toBe('TERR_INTAKE_TOO_LARGE');
  expect(body.json.detail).toContain('intake.maxBody');

  expect(await refusals('TERR_EVENT_TOO_LARGE')).toBe(before + 2);
  expect(await server.hits('intake.maxEvent')).toBe(hitsBefore + 2);
  expect(await server.hits('intake.maxBody')).toBeGreaterThan(0);
  expect(await kept()).toEqual(['before', 'after']);
  expect(await beside.troubles()).toEqual([]);
});

test('bytes that are no UTF-8: refused by line, and nothing is repaired in silence', async () => {
  const before = await refusals('TERR_EVENT_JSON');
  const torn = Buffer.from(`{"type":"a","source":"${source}","name":"\xc3\x28"}`, 'latin1');

  const alone = await server.send(torn);
  expect(alone.status).toBe(400);
  expect(alone.json.code).toBe('TERR_EVENT_JSON');
  expect(alone.json.detail).toContain('not valid UTF-8');

  const newline = Buffer.from('\n');
  const parts = [Buffer.from(good('before')), newline, torn, newline, Buffer.from(good('after'))];
  const between = await server.send(Buffer.concat(parts), { contentType: ndjson });
  expect(between.json).toMatchObject({ accepted: 2, refused: 1, errors: [{ line: 2 }] });
  expect(between.json.errors[0]?.message).toContain('UTF-8');

  expect(await refusals('TERR_EVENT_JSON')).toBe(before + 2);
  expect(await kept()).toEqual(['before', 'after']);
});

test('a packed body that blows up is stopped at the limit of a body', async () => {
  const beside = await neighbour(server);
  const { gzipSync } = await import('node:zlib');
  const bomb = gzipSync(Buffer.alloc(200 << 20, 32));
  const answer = await server.request<{ code: string }>('/api/v1/events', {
    method: 'POST',
    body: bomb,
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  });
  expect([answer.status, answer.json.code]).toEqual([413, 'TERR_INTAKE_TOO_LARGE']);
  expect(await beside.troubles()).toEqual([]);
});
