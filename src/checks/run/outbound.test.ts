import type * as Dns from 'node:dns';
import { lookup } from 'node:dns';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { answerSteps } from '../steps/answer.ts';
import { contextSteps } from '../steps/context.ts';
import { httpSteps } from '../steps/http.ts';
import { trying } from '../steps/steps.suite.ts';
import { tcpSteps } from '../steps/tcp.ts';
import { tlsSteps } from '../steps/tls.ts';
import { type Web, saying, startWeb } from '../steps/web.suite.ts';
import { outboundOf } from './outbound.ts';

// Names are given the addresses that a test says, one answer after the other.
vi.mock('node:dns', async (load) => {
  const dns = await load<typeof Dns>();
  return { ...dns, lookup: vi.fn<typeof Dns.lookup>(dns.lookup) };
});
const looked = vi.mocked(lookup);

/** What the next questions for a name are answered. */
function answering(...rounds: readonly (readonly string[])[]): void {
  for (const round of rounds)
    looked.mockImplementationOnce(((_: string, __: unknown, give: (...all: unknown[]) => void) => {
      give(
        null,
        round.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    }) as never);
}

describe('addresses', () => {
  const closed = outboundOf([]);
  test.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:a9fe:a9fe',
    '::ffff:10.0.0.1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '2001::1',
    '2002:7f00:1::',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%lo',
    'fec0::1',
    'ff02::1',
  ])('%s is not public', (address) => {
    expect(closed.refuses(address, 80)).toBe(
      `${address} port 80 is not public, and is not allowed here`,
    );
  });

  test.each([
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.0.1',
    '2606:4700::1',
    '::ffff:1.1.1.1',
  ])('%s is public', (address) => {
    expect(closed.refuses(address, 80)).toBeUndefined();
  });

  test.each([
    ['127.0.0.1', '127.0.0.1', 80, true],
    ['127.0.0.1', '127.0.0.2', 80, false],
    ['127.0.0.1', '::ffff:127.0.0.1', 80, true],
    ['127.0.0.1:80', '127.0.0.1', 80, true],
    ['127.0.0.1:80', '127.0.0.1', 81, false],
    ['127.0.0.1:80', '::ffff:127.0.0.1', 80, false],
    ['[::1]:80', '::1', 80, true],
    ['::1', '::1', 80, true],
    ['10.0.0.0/8', '10.200.0.1', 5432, true],
    ['10.0.0.0/8', '11.0.0.1', 80, true],
    ['fd00::/8', 'fd12::1', 80, true],
    ['fd00::/8', 'fc12::1', 80, false],
  ])('allowed is %s: %s port %i', (allowed, address, port, expected) => {
    expect(outboundOf([allowed]).refuses(address, port) === undefined).toBe(expected);
  });
});

const tried = trying([...contextSteps, ...httpSteps, ...answerSteps, ...tcpSteps, ...tlsSteps]);
let web: Web;
let inner: Web;
let asked = 0;
beforeAll(async () => {
  inner = await startWeb({
    '/': (_, response) => {
      asked += 1;
      response.end('inner');
    },
  });
  web = await startWeb({
    '/': saying('outer'),
    '/loop': saying('', { location: '/loop' }, 302),
    '/to': (request, response) =>
      void response
        .writeHead(302, { location: decodeURIComponent((request.url ?? '').split('?')[1] ?? '') })
        .end(),
    '/headers': (_, response) =>
      void response.writeHead(200, { 'x-long': 'x'.repeat(100_000) }).end(),
  });
});
afterAll(async () => {
  await Promise.all([web.stop(), inner.stop()]);
});
afterEach(() => {
  looked.mockReset();
});

const visiting = async (address: string, allowed = [`127.0.0.1:${web.port}`]): Promise<string> =>
  tried([`When I visit "${address}"`, 'Then I should get a 200 status code'], {
    base: web.base,
    allowed,
  });

describe('requests', () => {
  const refused = /^unknown: \S+ port \d+ is not public, and is not allowed here$/;
  const ways = (): readonly string[] => [
    `http://127.0.0.1:${inner.port}/`,
    `http://[::ffff:127.0.0.1]:${inner.port}/`,
    `http://[::1]:${inner.port}/`,
    `http://2130706433:${inner.port}/`,
    `http://0x7f.1:${inner.port}/`,
    `http://0177.0.0.1:${inner.port}/`,
    `http://127.1:${inner.port}/`,
    `http://localhost:${inner.port}/`,
    `http://user@127.0.0.1:${inner.port}/`,
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://0.0.0.0/',
  ];

  beforeAll(() => {
    looked.mockReset();
  });

  test('go nowhere that is not allowed, by no way of writing it', async () => {
    const { lookup: real } = await vi.importActual<typeof Dns>('node:dns');
    looked.mockImplementation(real);
    for (const way of ways()) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await visiting(way)).toMatch(refused);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await visiting(`/to?${encodeURIComponent(way)}`)).toMatch(refused);
    }
    expect(asked).toBe(0);
  });

  test.each([
    ['file:///etc/passwd', /^unknown: file:\/\/\/etc\/passwd is no address of HTTP$/],
    ['ftp://127.0.0.1/', /^unknown: ftp:\/\/127\.0\.0\.1\/ is no address of HTTP$/],
    ['gopher://127.0.0.1:25/_x', /^unknown: .* is no address of HTTP$/],
  ])('%s, also after a redirect', async (address, expected) => {
    expect(await visiting(address)).toMatch(expected);
    expect(await visiting(`/to?${encodeURIComponent(address)}`)).toMatch(expected);
  });

  test('redirects that do not end', async () => {
    expect(await visiting('/loop')).toMatch(/^failed: more than 10 redirects: /);
  });

  test('headers that do not end', async () => {
    expect(await visiting('/headers')).toMatch(/^failed: .* can not be reached: .*[Hh]eader/);
  });

  test('a request that can not be sent is unknown', async () => {
    const given = { base: web.base };
    const send = 'When I send a G@T request to "/"';
    expect(await tried([send, 'Then I should get a 200 status code'], given)).toMatch(
      /^unknown: the request to 127\.0\.0\.1:\d+ can not be sent: invalid request method$/,
    );
  });
});

describe('names', () => {
  test('of a public and another address: the other one is not gone to', async () => {
    answering(['127.0.0.1', '203.0.113.7'], ['127.0.0.1', '203.0.113.7']);
    const lines = [
      'Given the timeout is 100 ms',
      `Then port ${inner.port} of "mixed.test" should be open`,
    ];
    expect(await tried(lines, { allowed: [] })).toMatch(/^failed: /);
    expect(asked).toBe(0);
  });

  test('that are moved between the look and the connection: there is one look', async () => {
    // A name server that says something public when it is looked at, and then 127.0.0.1.
    answering(['127.0.0.1'], ['10.0.0.7']);
    const allowed = [`127.0.0.1:${web.port}`];
    expect(await visiting(`http://moved.test:${web.port}/`, allowed)).toBe('passed');
    expect(looked).toHaveBeenCalledTimes(1);
    expect(await visiting(`http://moved.test:${web.port}/`, allowed)).toMatch(
      /^unknown: 10\.0\.0\.7 port \d+ is not public, and is not allowed here$/,
    );
    expect(looked).toHaveBeenCalledTimes(2);
  });

  test('of a redirect are looked at too, and so are those of TCP and TLS', async () => {
    answering(['127.0.0.1'], ['127.0.0.1'], ['::ffff:127.0.0.1']);
    const refused = /^unknown: 127\.0\.0\.1 port \d+ is not public, and is not allowed here$/;
    const to = encodeURIComponent(`http://inside.test:${inner.port}/`);
    expect(await visiting(`/to?${to}`)).toMatch(refused);
    expect(
      await tried([`Then port ${inner.port} of "inside.test" should be open`], { allowed: [] }),
    ).toMatch(refused);
    expect(
      await tried([`Then the certificate of "inside.test:${inner.port}" should be valid`], {
        allowed: [],
      }),
    ).toMatch(/^unknown: ::ffff:127\.0\.0\.1 port \d+ is not public/);
    expect(asked).toBe(0);
  });

  test('that have no address', async () => {
    answering([], [], []);
    expect(await tried(['Then port 80 of "none.test" should be open'])).toBe(
      'failed: none.test:80 can not be reached: none.test has no address',
    );
  });
});

test('a connection that is kept does not go where another set of rules does not let it', async () => {
  const server = createServer((_, response) => void response.end('x')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  expect(await visiting(address, ['127.0.0.0/8'])).toBe('passed');
  expect(await visiting(address, [])).toMatch(/^unknown: /);
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});
