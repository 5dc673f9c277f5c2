import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import {
  type IncomingMessage,
  type Server as Web,
  type ServerResponse,
  createServer,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import type { Static } from 'typebox';
import type { CheckAnswer, Checks, Flakes, RunDetail } from '../api/contract-checks.ts';
import { type Flags, type Server, dataDir, json, startServer } from '../compose/running.suite.ts';

const webs: Web[] = [];
afterAll(async () => {
  for (const web of webs) web.closeAllConnections();
  await Promise.all(webs.map((web) => new Promise((resolve) => web.close(resolve))));
});

/** A site that answers as it is told; its address. */
async function site(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const web = createServer(answer);
  webs.push(web);
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
}

async function serverWith(
  base: string,
  feature: string,
  {
    flags = {},
    more = '',
    own = {},
  }: { flags?: Flags; more?: string; own?: Record<string, string> } = {},
) {
  const data = dataDir();
  const folder = join(data, 'checks');
  mkdirSync(join(folder, 'steps'), { recursive: true });
  for (const [name, text] of Object.entries(own)) writeFileSync(join(folder, name), text);
  const defaults = 'defaults: {attempts: 2, successes: 1, retry: 1s, boot-grace: 0s}\n';
  const settings = `environments:\n  staging: {base: "${base}"}\n${defaults}${more}`;
  writeFileSync(join(folder, 'checks.yaml'), settings);
  writeFileSync(join(folder, 'shop.feature'), feature);
  const server = await startServer({ 'checks.enabled': true, data, ...flags });
  return { server, folder, data };
}

async function get<T>(server: Server, path: string): Promise<T> {
  const answer = await server.ask(path);
  if (answer.status !== 200) throw new Error(await answer.text());
  return (await answer.json()) as T;
}

const one = (server: Server, id: string) =>
  get<Static<typeof CheckAnswer>>(server, `/api/v1/checks/${id}`);

async function until(
  server: Server,
  id: string,
  fits: (answer: Static<typeof CheckAnswer>) => boolean,
): Promise<Static<typeof CheckAnswer>> {
  return vi.waitFor(async () => {
    const answer = await one(server, id);
    if (!fits(answer)) throw new Error(JSON.stringify(answer.check.standing));
    return answer;
  }, patient);
}

const patient = { timeout: 60_000, interval: 100 };

/** What is counted of the checks. */
async function counted(server: Server): Promise<{ readonly restarts: number }> {
  const text = await (await server.ask('/metrics')).text();
  const [, restarts = ''] = /^territory_checks_restarts\S* (\d+)/m.exec(text) ?? [];
  return { restarts: Number(restarts) };
}

const home = `@app(shop)
Feature: The shop
  @every(1s) @page
  Scenario: home
    When I visit "/"
    Then I should get a 200 status code
`;

test('a check runs, fails, alerts and recovers, and all of it is on the log', async () => {
  let status = 200;
  const base = await site((_, response) => {
    response.statusCode = status;
    response.end(status === 200 ? 'Welcome' : 'It is broken');
  });
  const { server, data } = await serverWith(base, home);
  const id = 'staging.shop.home';
  await until(server, id, ({ check }) => check.standing.shown === 'ok');
  status = 500;
  const bad = await until(
    server,
    id,
    ({ check }) => check.standing.kind === 'hard' && check.standing.shown === 'critical',
  );
  expect(bad.check.standing.summary).toContain('I should get a 200 status code');
  await until(server, id, ({ changes }) => changes[0]?.what === 'critical');
  const [run] = bad.runs;
  const detail = await get<Static<typeof RunDetail>>(
    server,
    `/api/v1/checks/${id}/runs/${run?.slot}`,
  );
  expect(detail.steps.map(({ state }) => state)).toEqual(['passed', 'failed']);
  expect(detail.excerpt).toMatchObject({ status: 500, body: 'It is broken' });
  const alerts = await vi.waitFor(async () => {
    const { alerts: all } = await get<{
      alerts: { rule: string; title: string; severity: string }[];
    }>(server, '/api/v1/alerts');
    expect(all).toHaveLength(1);
    return all;
  });
  expect(alerts).toMatchObject([
    { rule: 'checks', severity: 'critical', key: { check: id, route: 'page' } },
  ]);
  expect(alerts[0]?.title).toContain('home: I should get a 200 status code');
  status = 200;
  await until(server, id, ({ check }) => check.standing.shown === 'ok');
  await vi.waitFor(async () => {
    const { alerts: all } = await get<{ alerts: unknown[] }>(server, '/api/v1/alerts');
    expect(all).toEqual([]);
  });
  const { runs } = await one(server, id);
  const slots = runs.map(({ slot }) => slot);
  expect(new Set(slots.map((slot) => slot % 1000)).size).toBeGreaterThan(0);
  expect(slots).toEqual(slots.toSorted((a, b) => b - a));
  expect(readFileSync(join(data, 'checks-state/good.json'), 'utf8')).toContain('shop.feature');
}, 90_000);

/** A file of steps with one step; its code, and what is done when it is loaded. */
const ownStep = (
  code: string,
  above = '',
): string => `import { fail, step } from 'territory/checks';
${above}
step({
  expression: 'the shop is open',
  kind: 'assertion',
  about: 'Asks nobody.',
  example: 'Then the shop is open',
  run: () => {
    ${code}
  },
});
void fail;
`;

test('a step that never ends is stopped alone, and its check goes on when it is changed', async () => {
  const base = await site((_, response) => response.end('Welcome'));
  const endless = `${home}
  @every(1s)
  Scenario: open
    When I visit "/"
    Then the shop is open
`;
  const own = { 'steps/shop.ts': ownStep('for (;;) void 0;') };
  const flags = { 'checks.stepTime': '500ms' };
  const { server, folder } = await serverWith(base, endless, { own, flags });
  const open = 'staging.shop.open';
  const bad = await until(
    server,
    open,
    ({ check: { standing } }) => standing.kind === 'hard' && standing.shown === 'unknown',
  );
  expect(bad.check.standing.summary).toContain('did not come to an end within 0.5 s');
  const { restarts } = await counted(server);
  const others = (await one(server, 'staging.shop.home')).runs.length;
  await until(server, 'staging.shop.home', ({ runs }) => runs.length > others + 1);
  // It does not take the thread down again and again.
  expect((await counted(server)).restarts).toBe(restarts);
  // A file that never ends when it is loaded keeps nothing from running either.
  writeFileSync(join(folder, 'steps', 'shop.ts'), ownStep('void 0;', 'for (;;) void 0;'));
  await vi.waitFor(async () => {
    const { findings } = await get<Checks>(server, '/api/v1/checks');
    expect(findings.map(({ file }) => file)).toContain('steps');
  }, patient);
  const calm = (await one(server, 'staging.shop.home')).runs.length;
  await until(server, 'staging.shop.home', ({ runs }) => runs.length > calm + 1);
  writeFileSync(join(folder, 'steps', 'shop.ts'), ownStep("fail('it is closed');"));
  writeFileSync(
    join(folder, 'shop.feature'),
    endless.replace('I visit "/"\n    Then the shop', 'I visit "/?"\n    Then the shop'),
  );
  await until(
    server,
    open,
    ({ check }) => check.standing.summary?.includes('it is closed') === true,
  );
}, 180_000);

test('a target that hangs keeps nobody else from running', async () => {
  const base = await site((request, response) => {
    if (request.url !== '/hangs') response.end('Welcome');
  });
  const other = await site((_, response) => response.end('Welcome'));
  const hangs = Array.from(
    { length: 12 },
    (_, i) => `
  @every(1s)
  Scenario: hangs ${i}
    When I visit "/hangs"
    Then I should get a 200 status code
`,
  ).join('');
  const { server, folder } = await serverWith(base, `${home}${hangs}`, {
    flags: { 'checks.perTarget': 4 },
  });
  const elsewhere = home.replace('I visit "/"', `I visit "${other}/"`).replace('home', 'elsewhere');
  writeFileSync(join(folder, 'other.feature'), elsewhere);
  const settings = readFileSync(join(folder, 'checks.yaml'), 'utf8');
  writeFileSync(
    join(folder, 'checks.yaml'),
    settings.replace('}\n', `, allow: ["${other.slice(7)}"]}\n`),
  );
  const { check } = await until(
    server,
    'staging.other.elsewhere',
    (answer) => answer.runs.length >= 4,
  );
  expect(check.standing.shown).toBe('ok');
  // Each slot has a run, or is said to be missed.
  const { strip } = check;
  expect(strip.filter(({ state }) => state === 'missed')).toEqual([]);
  const { counters, checks } = await get<Checks>(server, '/api/v1/checks');
  expect(counters.slots).toBe(
    counters.runs + Object.values(counters.missed).reduce((a, b) => a + b, 0),
  );
  for (const { strip: slots } of checks) {
    const times = slots.map(({ slot }) => slot);
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
  }
}, 90_000);

test('a feature is kept here, by its revision; what gates is for gatekeepers', async () => {
  const base = await site((_, response) => response.end('Welcome'));
  const { server } = await serverWith(base, home);
  await until(server, 'staging.shop.home', () => true);
  const save = (text: string, revision: number, file = 'basket.feature') =>
    server.askJson('/api/v1/checks/feature', json('PUT', { file, text, revision }));
  const basket = home.replace('home', 'basket');
  const first = await save(basket, 0);
  expect(first.status).toBe(200);
  await until(server, 'staging.basket.basket', () => true);
  expect((await save(basket, 0)).status).toBe(409);
  expect((await save(basket, 0, 'shop.feature')).status).toBe(409);
  expect((await save(basket, 0, '../x.feature')).status).toBe(400);
  const quarantined = await server.askJson(
    '/api/v1/checks/staging.basket.basket/quarantine',
    json('POST', { reason: 'it flakes', until: Date.now() + 60_000 }),
  );
  expect(quarantined).toMatchObject({ status: 200, quarantine: { reason: 'it flakes' } });
  const { rows } = await get<Flakes>(server, '/api/v1/checks/flakes');
  expect(rows.map(({ id, quarantine }) => [id, quarantine?.reason])).toContainEqual([
    'staging.basket.basket',
    'it flakes',
  ]);
  const lifted = await server.askJson('/api/v1/checks/staging.basket.basket/quarantine', {
    method: 'DELETE',
  });
  expect(lifted).toMatchObject({ status: 200, quarantine: null });
  const removed = await save('', (first as { revision?: number }).revision ?? 0);
  expect(removed.status).toBe(200);
  await vi.waitFor(async () =>
    expect((await server.ask('/api/v1/checks/staging.basket.basket')).status).toBe(404),
  );
}, 90_000);

test('a text is tried, and its steps come as they end', async () => {
  const base = await site((_, response) => response.end('Welcome'));
  const { server } = await serverWith(base, home);
  await until(server, 'staging.shop.home', () => true);
  const wanted = { file: 'x.feature', text: home.replace('200', '404'), environment: 'staging' };
  const answer = await server.ask('/api/v1/checks/try', json('POST', wanted));
  const told = await answer.text();
  expect([...told.matchAll(/event: (\w+)/g)].map(([, name]) => name)).toEqual([
    'step',
    'step',
    'scenario',
    'end',
  ]);
  expect(told).toContain('"state":"critical"');
  expect(told).toContain('data: {"problem":null}');
  const nowhere = await server.ask(
    '/api/v1/checks/try',
    json('POST', { ...wanted, environment: 'moon' }),
  );
  expect(nowhere.status).toBe(400);
}, 90_000);
