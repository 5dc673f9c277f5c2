import { expect, test, vi } from 'vitest';
import type { RedirectUsage } from '../api/contract-redirects.ts';
import { type Server, startServer } from '../compose/running.suite.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

interface Answered {
  readonly at: number;
  readonly path: string;
  readonly status: number;
  readonly host?: string;
}

/** As a server's span comes in by OTLP. */
const span = ({ at, path, status, host = 'a.example' }: Answered, i: number) => ({
  id: `span-${i}`,
  type: 'request',
  service: 'web',
  time: at,
  metric: 3,
  attributes: {
    'span.kind': 'server',
    'server.address': host,
    'url.path': path.split('?')[0] ?? '',
    ...(path.includes('?') ? { 'url.query': path.split('?')[1] ?? '' } : {}),
    'http.response.status_code': String(status),
  },
});

/** As it was named before 1.21. */
const oldSpan = ({ at, path, status }: Answered, i: number) => ({
  id: `old-${i}`,
  type: 'request',
  time: at,
  attributes: {
    'http.host': 'a.example:80',
    'http.target': path,
    'http.status_code': String(status),
  },
});

const usage = async (server: Server): Promise<RedirectUsage> =>
  (await (await server.ask('/api/v1/redirects/web/usage?days=1')).json()) as RedirectUsage;

test('rows that nobody asked for, and what was asked for in vain', async () => {
  const server = await startServer({ 'history.enabled': true });
  const now = Date.now();
  const map = [
    'old,new',
    'http://a.example/used,http://new.example/1',
    'http://a.example/never,http://new.example/2',
    'http://a.example/q?id=1,http://new.example/3',
    'http://silent.example/x,http://new.example/4',
  ].join('\n');
  const put = { method: 'PUT', headers: { 'content-type': 'text/csv' }, body: map };
  expect((await server.ask('/api/v1/redirects/web', put)).status).toBe(200);
  // Every half an hour, for three days.
  const regular = Array.from({ length: 144 }, (_, i) => ({
    at: now - i * 30 * minute - minute,
    path: '/used',
    status: 301,
  }));
  const events = [
    ...regular.map(span),
    span({ at: now - 5 * minute, path: '/q?id=1', status: 301 }, 1000),
    span({ at: now - 9 * minute, path: '/Missed/', status: 404 }, 1001),
    span({ at: now - 8 * minute, path: '/other', status: 200 }, 1002),
    span({ at: now - 8 * minute, path: '/x', status: 404, host: 'elsewhere.example' }, 1003),
    oldSpan({ at: now - 3 * minute, path: '/missed', status: 404 }, 0),
    {
      ...span({ at: now - minute, path: '/called', status: 404 }, 1004),
      attributes: {
        ...span({ at: 0, path: '/called', status: 404 }, 0).attributes,
        'span.kind': 'client',
      },
    },
  ];
  expect((await server.send(events)).status).toBeLessThan(300);
  const seen = await vi.waitFor(
    async () => {
      const answer = await usage(server);
      expect(answer.missing).toHaveLength(1);
      expect(answer.unusedCount).toBe(1);
      return answer;
    },
    { timeout: 60_000, interval: 300 },
  );
  expect(seen.to - seen.from).toBe(day);
  expect(seen.missing).toMatchObject([{ url: 'http://a.example/missed', status: 404, hits: 2 }]);
  const { last } = seen.missing[0] ?? {};
  expect(now - Number(last)).toBeLessThan(day / 10);
  expect(seen.unused).toEqual([{ line: 3, old: 'http://a.example/never' }]);
  expect(seen.hosts).toMatchObject([
    { host: 'a.example', isComplete: true, why: null, unused: 1 },
    { host: 'silent.example', isComplete: false, why: 'it was never heard', unused: null },
  ]);
  expect(seen.coverage).toEqual({
    isComplete: false,
    why: 'silent.example has a gap: it was never heard',
  });
}, 120_000);
