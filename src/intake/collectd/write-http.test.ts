import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startServer } from '../../server/compose/running.suite.ts';
import type { Decoded } from '../decoded.ts';
import type { Received } from '../http/protocol.ts';
import { noon } from './opened.suite.ts';
import { collectdHttp } from './write-http.ts';

const captured = readFileSync(
  join(import.meta.dirname, '../../../test/vectors/wire/collectd_write_http.json'),
);

const decode = (body: string | Buffer, query = ''): Decoded[] => {
  const bytes = Buffer.from(body);
  const request: Received = {
    method: 'POST',
    path: '/intake/collectd',
    query: new URLSearchParams(query),
    headers: {},
    body: bytes,
    raw: bytes,
    maxBody: 1e6,
    now: noon,
  };
  return [...collectdHttp.decode(request, { name: 'web-1', scopes: [] } as never)];
};

const item = (host: string, at: number, value: unknown, more: Record<string, unknown> = {}) =>
  JSON.stringify([
    {
      values: [value],
      dstypes: ['derive'],
      dsnames: ['rx'],
      time: at,
      interval: 10,
      host,
      plugin: 'interface',
      plugin_instance: 'eth0',
      type: 'if_octets',
      type_instance: '',
      ...more,
    },
  ]);

describe('write_http', () => {
  test('what collectd 5.12 posted', () => {
    const decoded = decode(captured, 'rates=true');
    expect(decoded).toHaveLength(6);
    expect(decoded.slice(0, 4)).toMatchObject([
      {
        type: 'metric',
        name: 'load.shortterm',
        host: 'testhost',
        metric: 4.00244140625,
        time: 1_795_391_907_270,
        ttl: 4,
        attributes: { 'metric.type': 'gauge' },
      },
      { name: 'load.midterm' },
      { name: 'load.longterm' },
      { name: 'memory', metric: 726548480, attributes: { type_instance: 'used' } },
    ]);
  });

  test('counters as they stand become increments', () => {
    expect(decode(item('raw', 100, 1_000))).toEqual([]);
    expect(decode(item('raw', 110, 1_030))).toEqual([
      {
        type: 'metric',
        name: 'interface.if_octets.rx',
        host: 'raw',
        metric: 30,
        time: 110_000,
        ttl: 20,
        attributes: { 'metric.type': 'delta', plugin_instance: 'eth0' },
      },
    ]);
  });

  test('where one counter is not known, its neighbour waits', () => {
    const two = (at: number, values: readonly (number | null)[]) =>
      decode(
        item('two', at, 0, { values, dstypes: ['derive', 'derive'], dsnames: ['rx', 'tx'] }),
      ).map((one) => (one as { metric?: number }).metric);
    expect(two(100, [1, 1_000])).toEqual([]);
    expect(two(110, [null, 1_001])).toEqual([]);
    expect(two(120, [3, 1_002])).toEqual([2, 2]);
  });

  test('rates become what grew in their interval', () => {
    expect(decode(item('rates', 100, 2.5), 'rates=true')).toMatchObject([
      { metric: 25, attributes: { 'metric.type': 'delta' } },
    ]);
    expect(decode(item('rates', 110, 2.5))).toMatchObject([
      { refused: { message: expect.stringContaining('?rates=true'), index: 0 } },
    ]);
  });

  test.each([
    ['[1]', 'no object'],
    ['[{}]', 'must be lists'],
    [item('x', 1, 1, { dsnames: ['rx', 'tx'] }), 'the same length'],
    [item('x', 1, 1, { dstypes: ['rate'] }), 'dstypes are'],
    [item('x', 1, '1'), 'numbers or null'],
    [item('x', 1, 1, { interval: 0 }), 'need their interval'],
  ])('%s is refused', (body, message) => {
    expect(decode(body, 'rates=true')).toMatchObject([
      { refused: { code: 'TERR_INTAKE_DECODE', message: expect.stringContaining(message) } },
    ]);
  });

  test.each(['{}', '{', ''])('the body %j is useless', (body) => {
    expect(() => decode(body)).toThrow(expect.objectContaining({ code: 'TERR_INTAKE_DECODE' }));
  });
});

test('by a token, through the server', async () => {
  const server = await startServer();
  const post = (body: string) =>
    server.ask('/intake/collectd', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
  const gauge = { dstypes: ['gauge'], dsnames: ['value'], time: Date.now() / 1000 };
  expect((await post(item('a', 0, 5, gauge))).status).toBe(204);
  const refusal = await post(item('a', 0, 'five', gauge));
  expect([refusal.status, await refusal.text()]).toEqual([
    400,
    '1 values were refused: values are numbers or null\n',
  ]);
  expect((await post('nothing')).status).toBe(400);
  const stranger = await fetch(`${server.url}/intake/collectd`, { method: 'POST', body: '[]' });
  expect(stranger.status).toBe(401);
});
