import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Static } from 'typebox';
import { expect, test, vi } from 'vitest';
import type {
  CheckAnswer,
  Checks,
  FeatureAnswer,
  LintAnswer,
  StepsAnswer,
} from '../api/contract-checks.ts';
import { type Server, dataDir, json, startServer } from '../compose/running.suite.ts';

const shop = `@app(shop)
Feature: The shop
  @gate @page
  Scenario: the home page
    When I visit "/"
    Then I should get a 200 status code

  @env(staging) @every(10s) @dependsOn(the-home-page)
  Scenario Outline: pages
    When I visit "<path>"
    Then I should get a 200 status code
    Examples:
      | path |
      | /a   |
      | /b   |
`;
const settings = `environments:
  staging: {base: "http://127.0.0.1:1"}
  production: {base: "http://127.0.0.1:2"}
`;

async function serverWith(files: Readonly<Record<string, string>>) {
  const data = dataDir();
  const folder = join(data, 'checks');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return { server: await startServer({ data, 'checks.enabled': true }), folder };
}

async function get<T>(server: Server, path: string): Promise<T> {
  const answer = await server.ask(path);
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
}

const patient = { timeout: 60_000, interval: 50 };

const list = (server: Server): Promise<Checks> => get(server, '/api/v1/checks');

async function listed(server: Server, count: number): Promise<Checks['checks']> {
  return vi.waitFor(async () => {
    const { checks } = await list(server);
    expect(checks).toHaveLength(count);
    return checks;
  }, patient);
}

test('each scenario is a check in each environment that it is for', async () => {
  const { server } = await serverWith({ 'shop.feature': shop, 'checks.yaml': settings });
  const checks = await listed(server, 4);
  expect(checks.map(({ id }) => id)).toEqual([
    'production.shop.the-home-page',
    'staging.shop.pages',
    'staging.shop.pages-2',
    'staging.shop.the-home-page',
  ]);
  const [home, pages] = checks;
  expect(home).toMatchObject({
    application: 'shop',
    route: 'page',
    isGate: true,
    interval: 60_000,
    standing: { shown: 'pending' },
  });
  expect(pages).toMatchObject({
    route: 'ticket',
    interval: 10_000,
    dependsOn: ['staging.shop.the-home-page'],
  });
  const shown = await get<Static<typeof CheckAnswer>>(server, `/api/v1/checks/${pages?.id}`);
  expect(shown.text).toContain('Scenario Outline: pages');
  expect(shown.text).not.toContain('the home page');
  const { status } = await server.ask('/api/v1/checks/none');
  expect(status).toBe(404);
}, 90_000);

test('a save that is wrong keeps what ran, and says where it is wrong', async () => {
  const { server, folder } = await serverWith({ 'shop.feature': shop, 'checks.yaml': settings });
  await listed(server, 4);
  writeFileSync(join(folder, 'shop.feature'), shop.replace('I visit "/"', 'I vist "/"'));
  await vi.waitFor(async () => {
    const { findings, checks } = await list(server);
    expect(findings).toMatchObject([{ file: 'shop.feature', line: 5, column: 5 }]);
    expect(checks).toHaveLength(4);
  }, patient);
  writeFileSync(join(folder, 'shop.feature'), shop.replace('@env(staging) ', ''));
  await listed(server, 6);
  writeFileSync(join(folder, 'checks.yaml'), 'enviroments: {}\n');
  await vi.waitFor(async () => expect((await list(server)).findings).toHaveLength(1), patient);
  await listed(server, 6);
  const feature = await get<Static<typeof FeatureAnswer>>(
    server,
    '/api/v1/checks/feature?file=shop.feature',
  );
  expect(feature).toMatchObject({ origin: 'folder', name: 'The shop', scenarios: 3, findings: 0 });
}, 90_000);

test('a text is linted, and the steps and tags are told', async () => {
  const { server } = await serverWith({});
  const text = 'Feature: x\n  @pge\n  Scenario: y\n    When I visit "/"\n';
  const answer = await server.ask('/api/v1/checks/lint', json('POST', { file: 'x.feature', text }));
  const { findings } = (await answer.json()) as LintAnswer;
  expect(findings.map(({ line, column }) => [line, column])).toEqual([
    [2, 3],
    [3, 3],
  ]);
  const { steps, tags } = await get<Static<typeof StepsAnswer>>(server, '/api/v1/checks/steps');
  expect(steps.length).toBeGreaterThan(30);
  expect(tags.map(({ tag }) => tag)).toContain('@gate');
}, 90_000);
