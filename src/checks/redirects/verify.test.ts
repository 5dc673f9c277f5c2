import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { outboundOf } from '../run/outbound.ts';
import { makeCertificates } from '../steps/certificates.suite.ts';
import { hostsOf, placesBy } from './address.ts';
import { type Mapping, readMap } from './map.ts';
import { answering, serving, someMap } from './served.suite.ts';
import { type VerifyOptions, verify } from './verify.ts';

const { signal } = new AbortController();
const outbound = outboundOf(['127.0.0.1']);
const rowsOf = (text: string): readonly Mapping[] => readMap(text, 'map.csv').rows;
const all = rowsOf(someMap(3000));

const verified = (rows: readonly Mapping[], base: string, more: Partial<VerifyOptions> = {}) =>
  verify(rows, { base, outbound, signal, ...more });

test('a path is sent as it is written', () => {
  const place = placesBy('http://127.0.0.1:1', hostsOf(['http://a.example/']));
  const paths = ['/a/../b', '/%7e', '/x?y=%2F', '/ü', '?q=1', '', '/a b'];
  expect(paths.map((path) => place(`http://a.example${path}#part`)?.path)).toEqual([
    '/a/../b',
    '/%7e',
    '/x?y=%2F',
    '/%C3%BC',
    '/?q=1',
    '/',
    '/a%20b',
  ]);
  expect(place('http://a.example/x')).toMatchObject({
    origin: 'http://127.0.0.1:1',
    asks: 'a.example',
  });
  expect(place('https://b.example/x')).toMatchObject({ origin: 'https://b.example', port: 443 });
});

test('a map that holds is right to the last row', async () => {
  const { url } = await serving(answering(all));
  const result = await verified(all, url);
  expect(result).toMatchObject({ total: 3000, ok: 3000, wrong: 0, unknown: 0, rows: [] });
  expect(result.byStatus).toEqual({ 301: 2400, 410: 600 });
});

test('corrupt rows are found, exactly those', async () => {
  let served = answering(all);
  const { url } = await serving((request, answer) => served(request, answer));
  const some = fc.uniqueArray(fc.nat(all.length - 1), { maxLength: 50 });
  const how = fc.constantFrom('status', 'target', 'gone', 'missing');
  await fc.assert(
    fc.asyncProperty(some, how, async (corrupt, way) => {
      served = answering(all.flatMap((row, i) => (corrupt.includes(i) ? broken(row, way) : [row])));
      const { rows, wrong, ok } = await verified(all, url);
      const lines = corrupt.map((i) => all[i]?.line).toSorted((a, b) => Number(a) - Number(b));
      expect(rows.map(({ row }) => row.line)).toEqual(lines);
      expect([wrong, ok]).toEqual([corrupt.length, all.length - corrupt.length]);
    }),
    { numRuns: 8 },
  );
});

function broken(row: Mapping, way: string): Mapping[] {
  if (way === 'missing') return [];
  if (way === 'status') return [{ ...row, status: row.status === 301 ? 302 : 404 }];
  if (way === 'gone') return [{ ...row, status: row.status === 410 ? 404 : 410, to: '' }];
  return [{ ...row, status: 301, to: 'https://new.example.org/elsewhere' }];
}

test('what was expected and what was seen is told', async () => {
  const rows = rowsOf(
    'old,new\nhttp://a.example/1,https://b.example/1\nhttp://a.example/2,\nhttp://a.example/3,https://b.example/3\n',
  );
  const { url } = await serving((request, answer) => {
    if (request.url === '/1') answer.writeHead(302, { location: 'https://c.example/' }).end();
    else if (request.url === '/2') answer.end('here');
    else answer.writeHead(301, { location: '//b.example/3' }).end();
  });
  const { rows: wrong } = await verified(rows, url);
  expect(wrong.map(({ row, expected, seen }) => [row.line, expected, seen])).toEqual([
    [2, '301 to https://b.example/1', '302 to https://c.example/'],
    [3, '410', '200'],
    [4, '301 to https://b.example/3', '301 to //b.example/3'],
  ]);
});

test('a location that is written in another way is the same', async () => {
  const rows = rowsOf(
    'old,new\nhttp://a.example/1,http://a.example/2\nhttp://a.example/3,HTTP://B.example\n',
  );
  const { url } = await serving((request, answer) =>
    answer.writeHead(301, { location: request.url === '/1' ? '/2' : 'http://b.example/' }).end(),
  );
  expect(await verified(rows, url)).toMatchObject({ ok: 2, wrong: 0 });
});

test('the first wrong rows are told in their order, however many there are', async () => {
  const { url } = await serving((_, answer) => answer.writeHead(500).end());
  const result = await verified(all, url, { most: 7 });
  expect(result.rows.map(({ row }) => row.line)).toEqual([2, 3, 4, 5, 6, 7, 8]);
  expect(result).toMatchObject({ wrong: 3000, byStatus: { 500: 3000 } });
});

test('who ends connections after each answer is verified all the same', async () => {
  const few = all.slice(0, 200);
  const served = answering(few);
  const { url } = await serving((request, answer) => {
    served(request, answer);
    answer.on('finish', () => request.socket.destroySoon());
  });
  expect(await verified(few, url)).toMatchObject({ ok: 200 });
});

test('who sends an endless body is answered for by its head', async () => {
  const rows = rowsOf('old,new\nhttp://a.example/1,https://b.example/1\n');
  const { url } = await serving((_, answer) => {
    answer.writeHead(301, { location: 'https://b.example/1' });
    const more = setInterval(() => answer.write(Buffer.alloc(32 * 1024)), 1);
    answer.on('close', () => clearInterval(more));
  });
  expect(await verified(rows, url)).toMatchObject({ ok: 1 });
});

test('nobody there is told soon, and not asked for ever', async () => {
  const result = await verified(all, 'http://127.0.0.1:1', { most: 1000 });
  expect(result.wrong).toBe(3000);
  expect(result.rows[0]?.seen).toMatch(/no answer/);
  expect(result.rows.at(-1)?.seen).toBe('not asked: 127.0.0.1 did not answer 100 times in a row');
});

test('where it may not be gone to it is unknown, and nobody is asked', async () => {
  let asked = 0;
  const { url } = await serving((_, answer) => {
    asked++;
    answer.end();
  });
  const result = await verified(all, url, { outbound: outboundOf([]) });
  expect(result).toMatchObject({ ok: 0, wrong: 0, unknown: 3000, rows: [] });
  expect(result.why).toMatch(/is not public/);
  expect(asked).toBe(0);
});

test('it ends when it is stopped', async () => {
  const stopping = new AbortController();
  const { url } = await serving((_, answer) => {
    answer.on('error', () => undefined);
    stopping.abort(new Error('enough'));
  });
  await expect(verified(all, url, { signal: stopping.signal })).rejects.toThrow('enough');
});

test('by TLS each host is asked for by its name, and its certificate has to be good', async () => {
  const { authority, good } = makeCertificates();
  const names = new Set<string>();
  const server = createServer(good, (request, answer) => {
    answer.writeHead(301, { location: `https://new.example${request.url}` }).end();
  });
  server.on('secureConnection', ({ servername }) => void names.add(String(servername)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const hosts = ['a.shop.test', 'b.shop.test', 'c.example'];
  const lines = hosts.flatMap((host) =>
    [1, 2].map((n) => `http://${host}/${n},https://new.example/${n}`),
  );
  const rows = rowsOf(`old,new\n${lines.join('\n')}\n`);
  const result = await verified(rows, `https://127.0.0.1:${port}`, { authority });
  expect(result).toMatchObject({ ok: 4, wrong: 2 });
  expect(result.rows[0]?.seen).toMatch(/^no answer: .*c\.example/);
  expect([...names].toSorted()).toEqual(expect.arrayContaining(hosts.slice(0, 2)));
});
