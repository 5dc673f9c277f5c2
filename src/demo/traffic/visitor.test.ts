import { once } from 'node:events';
import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import type { Action, Visit } from '../plan/visits.ts';
import { visit } from './visitor.ts';

interface Asked {
  readonly line: string;
  readonly form: string;
  readonly cookie: string | undefined;
  readonly agent: string | undefined;
}

type Answer = (request: IncomingMessage) => {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Nothing comes. */
  readonly cut?: boolean;
};

/** A site that writes down what it is asked. */
async function siteWith(answer: Answer) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void text(request).then((form) => {
      const { 'user-agent': agent, cookie } = request.headers;
      asked.push({ line: `${request.method} ${request.url}`, form, cookie, agent });
      const { status = 200, headers, body, cut } = answer(request);
      if (cut === true) request.socket.destroy();
      else response.writeHead(status, headers).end(body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { site: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const results =
  '<a href="/items/sea-1">a</a><a href="/items/sea-1">a</a><a href="/items/sea%20two">b</a>';

const visitOf = (...actions: readonly Action[]): Visit => ({
  number: 1,
  at: 0,
  agent: 'firefox',
  actions: actions.map((action) => ({ after: 0.01, action })),
});

async function walk(answer: Answer, ...actions: readonly Action[]) {
  const { site, asked } = await siteWith(answer);
  const seen: string[] = [];
  const { signal } = new AbortController();
  const onAnswer = (kind: string, status: number): void => void seen.push(`${kind} ${status}`);
  await visit(visitOf(...actions), { site, speed: 1, signal, onAnswer });
  return { asked, seen, lines: asked.map(({ line }) => line) };
}

const email = 'v@example.org';

test('a visitor looks at what the page before shows, and orders it', async () => {
  const page: Answer = ({ url = '' }) => {
    if (url === '/orders') return { status: 303, headers: { location: '/orders/o-1' } };
    return { body: url.startsWith('/search') ? results : '' };
  };
  const { asked, lines, seen } = await walk(
    page,
    { kind: 'search', query: 'the sea' },
    { kind: 'look', nth: 3 },
    { kind: 'order', offer: 'print', email },
  );
  expect(lines).toEqual([
    'GET /search?q=the%20sea',
    'GET /items/sea%20two',
    'POST /orders',
    'GET /orders/o-1',
  ]);
  expect(asked[2]?.form).toBe('item=sea+two&kind=print&email=v%40example.org');
  expect(seen).toEqual(['search 200', 'look 200', 'order 200']);
  expect(new Set(asked.map(({ agent }) => agent))).toEqual(
    new Set(['Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0']),
  );
});

test('where nothing was found there is nothing to look at or to order', async () => {
  const { lines } = await walk(
    () => ({ body: 'Nothing' }),
    { kind: 'search', query: 'unicorn' },
    { kind: 'look', nth: 0 },
    { kind: 'order', offer: 'print', email },
  );
  expect(lines).toEqual(['GET /search?q=unicorn']);
});

test('who signed up is known from then on', async () => {
  const { asked } = await walk(
    ({ url }) =>
      url === '/sign-up'
        ? { status: 303, headers: { location: '/welcome', 'set-cookie': 'session=s1; Path=/' } }
        : {},
    { kind: 'sign-up', name: 'Mei', email },
    { kind: 'home' },
  );
  expect(asked.map(({ line, cookie }) => [line, cookie])).toEqual([
    ['POST /sign-up', undefined],
    ['GET /welcome', 'session=s1'],
    ['GET /', 'session=s1'],
  ]);
});

test('what fails is seen, and whose page does not come goes away', async () => {
  const failing = await walk(() => ({ status: 500 }), { kind: 'home' }, { kind: 'home' });
  expect(failing.seen).toEqual(['home 500', 'home 500']);
  const gone = await walk(() => ({ cut: true }), { kind: 'home' }, { kind: 'home' });
  expect(gone.seen).toEqual(['home 0']);
});

test('when the demo ends, so does the visit', async () => {
  const { site } = await siteWith(() => ({}));
  const ending = new AbortController();
  const onAnswer = (): void => ending.abort();
  const { signal } = ending;
  const both = visitOf({ kind: 'home' }, { kind: 'home' });
  await expect(visit(both, { site, speed: 1, signal, onAnswer })).rejects.toThrow(/abort/i);
});
