import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settings } from '../../src/server/config/schema.ts';
import { neighbour } from './neighbour.suite.ts';
import { type Server, anonymousBytes, quiet, serve, serveHere } from './server.suite.ts';

const ndjson = 'application/x-ndjson';
const million = 1_000_000;
/** What the issue of the spine allows to all processes together while they ingest. */
const mostBytes = 1_200_000_000;

test('a million values of a label: memory stays bounded, pickers say so, history answers', async () => {
  const server = await serveHere({ flags: quiet });
  await server.send({ id: 'before', type: 'request', source: '/many' });
  const beside = await neighbour(server);
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, anonymousBytes(server.pid))), 250);
  const batch = 10_000;
  for (let first = 0; first < million; first += batch) {
    const lines = Array.from({ length: batch }, (_, n) => {
      const user = `user-${first + n}`;
      // Names and services as well: these make the keys of the latest events.
      const name = (first + n) % 4 === 0 ? `,"name":"n${user}"` : '';
      return `{"type":"request","source":"/many","metric":${n % 100}${name},"attributes":{"user":"${user}"}}`;
    });
    const answer = await server.send(`${lines.join('\n')}\n`, { contentType: ndjson });
    expect([answer.status, answer.json.accepted]).toEqual([200, batch]);
  }
  await server.send({ id: 'after', type: 'request', source: '/many' });
  await server.caughtUp(60);

  const { kinds } = await server.catalogue();
  expect(kinds.label?.overflowed || kinds.name?.overflowed).toBe(true);
  expect(kinds.label?.entries.map(({ value }) => value)).toContain('user');
  expect(kinds.label?.entries[0]?.values?.length).toBeLessThanOrEqual(100);
  const limit = settings.find(({ name }) => name === 'catalogue.maxValues')?.default;
  expect(kinds.name?.entries.length).toBeLessThanOrEqual(Number(limit));
  expect(await server.hits('catalogue.maxValues')).toBeGreaterThan(0);
  expect(await server.hits('catalogue.maxLatest')).toBeGreaterThan(0);
  const latest = await server.request<{ overflowed: boolean }>('/api/v1/latest?limit=10');
  expect(latest.json.overflowed).toBe(true);

  const all = { where: 'source = "/many"', last: '1h' } as const;
  expect((await server.series({ ...all, aggregate: 'count' })).total).toBe(million + 2);
  const one = await server.series({
    where: 'user = "user-777777"',
    aggregate: 'count',
    last: '1h',
  });
  expect(one.total).toBe(1);
  const most10 = await server.series({ ...all, aggregate: 'count', by: ['user'], top: 10 });
  expect([most10.series.length, most10.omitted]).toEqual([10, million + 1 - 10]);
  clearInterval(watch);
  expect(most).toBeGreaterThan(50_000_000);
  expect(most).toBeLessThan(mostBytes);
  expect(await beside.troubles()).toEqual([]);
}, 150_000);

const tight =
  '--intake.maxEvents 50 --intake.maxInFlight 1MB --intake.maxBody 4MiB --log.identityWindow 1000 ' +
  '--history.query.atOnce 1 --history.query.waiting 0 --catalogue.maxValues 100 ' +
  '--signIn.attempts 3 --sessions.max 2';

describe('bounds that are hit refuse or forget, say so, and count', () => {
  let server: Server;
  beforeAll(async () => {
    server = await serve({ flags: [...quiet, ...tight.split(' ')] });
  });
  afterAll(() => server.stop('SIGKILL'));

  const asked = (path: string, body: unknown) =>
    server.request<{ code: string; detail: string }>(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });

  test('every bound of a running server is listed with its setting and what it holds', async () => {
    const { limits } = await server.itself();
    const listed = limits.flatMap(({ setting }) => setting ?? []);
    expect(listed).toEqual(
      expect.arrayContaining([
        'intake.maxBody',
        'intake.maxEvent',
        'intake.maxEvents',
        'intake.maxInFlight',
        'log.maxPending',
        'log.identityWindow',
        'log.identityWindowFacts',
        'log.reserve',
        'history.query.timeout',
        'history.query.memory',
        'history.query.waiting',
        'tail.maxClients',
        'tail.clientBuffer',
        'tail.stalledAfter',
        'catalogue.maxValues',
        'catalogue.maxLatest',
        'sessions.max',
        'signIn.attempts',
      ]),
    );
    const known = settings.map(({ name }) => name);
    expect(listed.filter((name) => !known.includes(name))).toEqual([]);
    const { text } = await server.request('/metrics');
    for (const { setting, name } of limits)
      expect(text).toContain(`territory_limit_hits_total{limit="${setting ?? name}"}`);
  });

  test('too many events in one request', async () => {
    const answer = await server.send(Array.from({ length: 51 }, () => ({ type: 'a' })));
    expect([answer.status, answer.json.code]).toEqual([413, 'TERR_INTAKE_TOO_MANY']);
    expect(answer.json.detail).toContain('intake.maxEvents');
    expect(await server.hits('intake.maxEvents')).toBe(1);
  });

  test('too many bytes of bodies at once: 503 and when to come again', async () => {
    const body = JSON.stringify({ type: 'a', data: 'x'.repeat(900_000) });
    const answers = await Promise.all(Array.from({ length: 12 }, () => server.send(body)));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, json, headers } of refused) {
      expect([status, json.code]).toEqual([503, 'TERR_INTAKE_BUSY']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(await server.hits('intake.maxInFlight')).toBe(refused.length);
    expect((await server.send(body)).status).toBe(200);
  });

  test('identities beyond the window are forgotten, the newest are known', async () => {
    const batch = (n: number) =>
      Array.from({ length: 50 }, (_, i) => ({
        id: `i${n * 50 + i}`,
        type: 'a',
        source: '/window',
      }));
    for (let n = 0; n < 30; n++) expect((await server.send(batch(n))).json.accepted).toBe(50);
    expect((await server.send(batch(29))).json).toMatchObject({ accepted: 0, duplicates: 50 });
    const { limits } = await server.itself();
    const window = limits.find(({ setting }) => setting === 'log.identityWindow');
    expect(window).toMatchObject({ limit: 1000, now: 1000 });
    expect(window?.hits).toBeGreaterThanOrEqual(500);
  });

  test('more queries than may wait', async () => {
    await server.caughtUp();
    const query = { aggregate: 'p99', last: '30d', by: ['type', 'source', 'name'], every: '1h' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => asked('/api/v1/query', query)),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(20);
    for (const { status, json } of refused)
      expect([status, json.code]).toEqual([503, 'TERR_HISTORY_BUSY']);
    expect(await server.hits('history.query.waiting')).toBe(refused.length);
  });

  test('sign-ins that fail too often', async () => {
    const wrong = () => asked('/api/v1/session', { name: 'nobody', password: 'not this one' });
    for (const _ of [1, 2, 3]) expect((await wrong()).status).toBe(401);
    const refused = await wrong();
    expect([refused.status, refused.json.code]).toEqual([429, 'TERR_ACCOUNTS_SLOW_DOWN']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await server.hits('signIn.attempts')).toBe(1);
  });
});
