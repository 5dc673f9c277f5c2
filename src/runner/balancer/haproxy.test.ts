import { createServer } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Front, freePorts, hasHaproxy, startFront, until } from '../strategy/front.suite.ts';
import { readServers } from './haproxy-answers.ts';
import { haproxy } from './haproxy.ts';

const states = `1
# srv_name be_name srv_addr srv_op_state srv_admin_state srv_check_state new_column srv_port
blue1 shop 127.0.0.1 2 0 6 x 7001
blue2 shop 127.0.0.1 0 0 6 x 7002
green1 shop 127.0.0.1 2 12 6 x 7003
green2 shop 127.0.0.1 0 5 14 x 7004
plain shop 127.0.0.1 2 0 0 x 7005
other else 127.0.0.1 2 0 6 x 7006

`;
const stats = `# svname,pxname,last_chk,scur,qcur,
blue1,shop,"said ""no"", and went",3,1,
BACKEND,shop,,9,0,
green1,shop,,2,,

`;

describe('what HAProxy answers', () => {
  test('is read by the names of columns, wherever they stand', () => {
    const rows = readServers('shop', states, stats);
    expect(rows.map((s) => [s.name, s.port, s.admin, s.check, s.sessions])).toEqual([
      ['blue1', 7001, 'ready', 'up', 4],
      ['blue2', 7002, 'ready', 'down', 0],
      // Configured as `disabled` (4) and set to drain (8) since.
      ['green1', 7003, 'drain', 'up', 2],
      ['green2', 7004, 'maint', 'unknown', 0],
      ['plain', 7005, 'ready', 'unknown', 0],
    ]);
  });

  test.each([
    ['no columns', 'nothing here', /names no columns: nothing here/],
    ['a column is missing', '1\n# be_name srv_name\nshop blue1\n', /no column srv_addr/],
    ['no number', states.replace('7001', 'many'), /"many" in the column srv_port/],
  ])('is refused when %s', (_, answer, message) => {
    expect(() => readServers('shop', answer, stats)).toThrow(message);
  });
});

describe.skipIf(!hasHaproxy)('HAProxy', () => {
  let front: Front;
  let ports: number[];
  beforeAll(async () => {
    ports = await freePorts(3);
    const [blue = 0, green = 0] = ports;
    front = await startFront({ shop: { servers: { blue1: blue, green1: green } } });
  });
  afterAll(async () => front.stop());

  test('a drained server is up only when a check of its own found it so', async () => {
    const balancer = haproxy(front.socket);
    const one = async () => (await balancer.servers('shop'))[1];
    expect(await one()).toMatchObject({ name: 'green1', admin: 'maint', check: 'unknown' });
    await balancer.set('shop', 'green1', 'drain');
    // Nothing listens there. Without more, HAProxy 2.6 would say UP until its first check.
    expect(await one()).toMatchObject({ admin: 'drain', check: 'down', sessions: 0 });
    const server = createServer((_, answer) => answer.end('ok')).listen(ports[1], '127.0.0.1');
    await until('UP', async () => (await one())?.check === 'up');
    expect((await fetch(front.url('shop'))).status).toBe(503);
    await balancer.set('shop', 'green1', 'ready');
    expect((await fetch(front.url('shop'))).status).toBe(200);
    await balancer.set('shop', 'green1', 'drain');
    expect(await one()).toMatchObject({ admin: 'drain', check: 'up' });
    await balancer.set('shop', 'green1', 'maint');
    server.closeAllConnections();
    server.close();
  });

  test('a server gets another address', async () => {
    const balancer = haproxy(front.socket);
    const port = ports[2] ?? 0;
    await balancer.address('shop', 'blue1', '127.0.0.1', port);
    await balancer.address('shop', 'blue1', '127.0.0.1', port);
    expect((await balancer.servers('shop'))[0]).toMatchObject({ address: '127.0.0.1', port });
  });

  test.each([
    ['an unknown backend', 'nope', 'blue1', /show servers state nope.*Can't find backend/],
    ['an unknown server', 'shop', 'red1', /no server red1 in its backend shop/],
    ['a name with a command in it', 'shop;x', 'blue1', /can not be the name/],
  ])('%s is refused', async (_, backend, server, message) => {
    await expect(haproxy(front.socket).set(backend, server, 'ready')).rejects.toMatchObject({
      code: 'TERR_RUNNER_BALANCER',
      message: expect.stringMatching(message) as string,
    });
  });
});

test('no socket, and one that says nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'silent-'));
  const socket = join(folder, 's');
  await expect(haproxy(socket).servers('shop')).rejects.toThrow(/no such socket/);
  const silent = createSocketServer(() => undefined).listen(socket);
  await expect(haproxy(socket, 50).servers('shop')).rejects.toThrow(/no answer to .* in 50 ms/);
  silent.close();
  rmSync(folder, { recursive: true });
});
