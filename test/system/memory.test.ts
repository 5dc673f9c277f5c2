import { expect, test } from 'vitest';
import { settings } from '../../src/server/config/schema.ts';
import { neighbour } from './neighbour.suite.ts';
import { anonymousBytes, quiet, serveHere } from './server.suite.ts';

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
