import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { readMap } from '../../checks/redirects/map.ts';
import { answering, serving, someMap } from '../../checks/redirects/served.suite.ts';
import type { RedirectMapAnswer, RedirectMaps } from '../api/contract-redirects.ts';
import { type Server, dataDir, json, startServer } from '../compose/running.suite.ts';

const csv = (body: string, key?: string): RequestInit => ({
  method: 'PUT',
  headers: { 'content-type': 'text/csv', ...(key === undefined ? {} : { 'idempotency-key': key }) },
  body,
});
const path = '/api/v1/redirects';
const map = someMap(300);
const { rows } = readMap(map, 'map.csv');

const shown = async (server: Server, name: string): Promise<RedirectMapAnswer> =>
  (await (await server.ask(`${path}/${name}`)).json()) as RedirectMapAnswer;

/** A server of which `staging` is at this address. */
async function withStaging(base: string): Promise<Server> {
  const data = dataDir();
  mkdirSync(join(data, 'checks'), { recursive: true });
  const settings = `environments:\n  staging:\n    base: ${base}\n  bare: {}\n`;
  writeFileSync(join(data, 'checks/checks.yaml'), settings);
  const server = await startServer({ data });
  // The room answers once it has read the facts.
  await vi.waitFor(async () => expect((await server.ask(path)).status).toBe(200));
  return server;
}

/** Verifies, and waits for its end. */
async function verified(
  server: Server,
  name: string,
  more: object = {},
): Promise<RedirectMapAnswer> {
  const body = { environment: 'staging', ...more };
  const begun = await server.askJson(`${path}/${name}/verify`, json('POST', body));
  expect(begun).toMatchObject({ status: 200, verifying: { environment: 'staging' } });
  return vi.waitFor(
    async () => {
      const answer = await shown(server, name);
      expect(answer.map.verifying).toBeNull();
      return answer;
    },
    { timeout: 30_000, interval: 50 },
  );
}

test('a map is imported with what is wrong in it, and comes back after a restart', async () => {
  const server = await startServer();
  const chain =
    'Old Url,New Url,Status\nhttp://a.example/1,http://a.example/2,301\nhttp://a.example/2,http://b.example,301\nhttp://a.example/3,,301\n';
  const put = await server.askJson(`${path}/web`, csv(chain));
  expect(put).toMatchObject({
    status: 200,
    revision: 1,
    rows: 3,
    errors: 1,
    warnings: 1,
    findings: [
      { line: 4, rule: 'target', severity: 'error' },
      { line: 2, rule: 'chain', severity: 'warning' },
    ],
  });
  expect(await server.askJson(`${path}/web`, csv(chain))).toMatchObject({ revision: 1 });
  const text = await server.ask(`${path}/web/text`);
  expect([text.headers.get('content-type'), await text.text()]).toEqual([
    'text/csv; charset=utf-8',
    chain,
  ]);
  await server.close();
  const again = await startServer({ data: server.data });
  await vi.waitFor(async () => {
    const { maps } = (await (await again.ask(path)).json()) as RedirectMaps;
    expect(maps).toMatchObject([
      { name: 'web', revision: 1, rows: 3, redirects: 3, gone: 0, findings: { errors: 1 } },
    ]);
  });
  expect((await shown(again, 'web')).findings).toHaveLength(2);
});

test('rows that were replaced or removed leave the disk', async () => {
  const server = await startServer();
  const files = (): string[] => readdirSync(join(server.data, 'redirects')).toSorted();
  await server.ask(`${path}/web`, csv(map));
  const first = files();
  expect(first).toHaveLength(2);
  await server.ask(`${path}/web`, csv(`${map}http://z.example/1,,410\n`));
  expect(files()).toHaveLength(2);
  expect(files()).not.toEqual(first);
  expect((await server.ask(`${path}/web`, { method: 'DELETE' })).status).toBe(204);
  expect(files()).toEqual([]);
  expect((await server.ask(`${path}/web`)).status).toBe(404);
});

describe('verifying', () => {
  test('finds the corrupt rows, exactly those, and says so on the log', async () => {
    const broken = [5, 17, 200];
    const { url } = await serving(answering(rows.filter(({ line }) => !broken.includes(line))));
    const server = await withStaging(url);
    await server.ask(`${path}/web`, csv(map));
    const { map: seen, wrong } = await verified(server, 'web');
    expect(wrong.map(({ line }) => line)).toEqual(broken);
    expect(wrong[0]).toMatchObject({ old: rows[3]?.old, seen: '404' });
    expect(seen.verified).toMatchObject({ total: 300, ok: 297, wrong: 3, environment: 'staging' });
    await server.ask(`${path}/web`, csv(`${map}http://z.example/1,,410\n`));
    expect((await shown(server, 'web')).map.verified).toBeNull();
    expect((await shown(server, 'web')).wrong).toEqual([]);
  });

  test('at own addresses goes only where it may', async () => {
    const { url } = await serving((_, answer) => answer.writeHead(410).end());
    const server = await withStaging('http://127.0.0.1:1');
    await server.ask(`${path}/own`, csv(`old,new\n${url}/1,\n`));
    const { map: seen } = await verified(server, 'own', { own: true });
    expect(seen.verified).toMatchObject({ ok: 0, wrong: 0, unknown: 1, own: true });
  });

  test('is refused without an environment, a base, a map, its rows, or the right', async () => {
    const server = await withStaging('http://127.0.0.1:1');
    await server.ask(`${path}/web`, csv(map));
    const ask = async (name: string, environment: string) =>
      server.askJson(`${path}/${name}/verify`, json('POST', { environment }));
    expect(await ask('web', 'nowhere')).toMatchObject({ code: 'TERR_REDIRECTS_ENVIRONMENT' });
    expect(await ask('web', 'bare')).toMatchObject({ code: 'TERR_REDIRECTS_ENVIRONMENT' });
    expect(await ask('other', 'staging')).toMatchObject({ code: 'TERR_REDIRECTS_UNKNOWN' });
    rmSync(join(server.data, 'redirects'), { recursive: true });
    expect(await ask('web', 'staging')).toMatchObject({ status: 409, code: 'TERR_REDIRECTS_GONE' });
    const headers = { 'content-type': 'application/json', authorization: 'Bearer no' };
    const none = { ...json('POST', { environment: 'staging' }), headers };
    expect((await server.ask(`${path}/web/verify`, none)).status).toBe(401);
  });

  test('ends with the server', async () => {
    const { url } = await serving(() => undefined);
    const server = await withStaging(url);
    await server.ask(`${path}/web`, csv(map));
    await server.askJson(`${path}/web/verify`, json('POST', { environment: 'staging' }));
    expect(
      await server.askJson(`${path}/web/verify`, json('POST', { environment: 'staging' })),
    ).toMatchObject({ status: 503, code: 'TERR_REDIRECTS_BUSY' });
    await server.close();
  });
});

test('what is no map is refused, and nothing is kept of it', async () => {
  const server = await startServer();
  const refused = [
    [`${path}/web`, 'one,two\n', 400, 'TERR_REDIRECTS_INVALID'],
    [`${path}/web`, '', 400, 'TERR_REDIRECTS_INVALID'],
    // One quote too many, and half the map would be gone.
    [`${path}/web`, `${map}http://www.example.org/x,"https://a\n`, 400, 'TERR_REDIRECTS_INVALID'],
    [`${path}/${encodeURIComponent('a b')}`, map, 400, 'TERR_REDIRECTS_INVALID'],
  ] as const;
  for (const [to, body, status, code] of refused)
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await server.askJson(to, csv(body))).toMatchObject({ status, code });
  expect(readdirSync(join(server.data, 'redirects'))).toEqual([]);
  const typed = { method: 'PUT', headers: { 'content-type': 'application/xml' }, body: map };
  expect((await server.ask(`${path}/web`, typed)).status).toBe(415);
});

test('usage needs history', async () => {
  const server = await startServer();
  await server.ask(`${path}/web`, csv(map));
  expect(await server.askJson(`${path}/web/usage`)).toMatchObject({ code: 'TERR_API_NO_HISTORY' });
});
