import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Static } from 'typebox';
import type { Budgets, CheckAnswer, Checks } from '../api/contract-checks.ts';
import type { MapAnswer } from '../api/contract-map.ts';
import { type Server, dataDir, startServer } from '../compose/running.suite.ts';

const patient = { timeout: 60_000, interval: 100 };

async function get<T>(server: Server, path: string): Promise<T> {
  const answer = await server.ask(path);
  if (answer.status !== 200) throw new Error(await answer.text());
  return (await answer.json()) as T;
}

const map = `schema: territory.map/1
nodes:
  shop: {quadrant: production, kind: app, service: shop, environment: production}
`;

const plugin = 'echo "DISK WARNING - 8% left|/=92%;90;95;0;100"; : s3cret; exit 1';
const settings = `environments: {production: {}}
plugins:
  disk:
    command: [sh, -c, '${plugin}']
    environment: production
    application: shop
    every: 1s
defaults: {attempts: 1, boot-grace: 0s}
`;

const orders = `@app(shop)
Feature: orders
  @every(1s)
  Scenario: orders come in
    Then there should be at least 2 "order.placed" events in the last 10 minutes
`;

test('a plugin is a check; its state is on the map, and its values are readings with limits', async () => {
  const data = dataDir();
  mkdirSync(join(data, 'map'), { recursive: true });
  mkdirSync(join(data, 'checks'));
  writeFileSync(join(data, 'map', 'map.yaml'), map);
  writeFileSync(join(data, 'checks', 'checks.yaml'), settings);
  const server = await startServer({ data, 'checks.enabled': true });
  await vi.waitFor(async () => {
    const { checks } = await get<Checks>(server, '/api/v1/checks');
    expect(checks.map(({ id, standing }) => [id, standing.shown, standing.kind])).toEqual([
      ['production.checks.disk', 'warning', 'hard'],
    ]);
    expect(checks[0]?.standing.summary).toContain('DISK WARNING - 8% left');
  }, patient);
  await vi.waitFor(async () => {
    const { nodes } = await get<MapAnswer>(server, '/api/v1/map');
    const [shop] = nodes;
    expect(shop?.health.shown).toBe('degraded');
    const check = shop?.health.evidence.find(({ kind }) => kind === 'check');
    expect(check).toMatchObject({ name: 'production.checks.disk', state: 'degraded' });
    expect(check?.text).toContain('8% left');
  }, patient);
  await vi.waitFor(async () => {
    const { budgets } = await get<Budgets>(server, '/api/v1/checks/budgets');
    expect(budgets).toMatchObject([
      {
        check: 'production.checks.disk',
        label: '/',
        unit: '%',
        warning: 90,
        critical: 95,
        last: 92,
      },
    ]);
    expect(budgets[0]?.state).toBe('warning');
  }, patient);
  // Arguments of a command may be secrets.
  const path = '/api/v1/checks/production.checks.disk';
  const { runs, text } = await get<Static<typeof CheckAnswer>>(server, path);
  const run = await get(server, `${path}/runs/${runs[0]?.slot}`);
  expect(JSON.stringify([runs, text, run])).not.toContain('s3cret');
}, 120_000);

test('a step about what came in asks history, and is unknown while that can not be asked', async () => {
  const data = dataDir();
  mkdirSync(join(data, 'checks'), { recursive: true });
  const plain = settings.replace(/plugins:[^]*defaults/, 'defaults');
  writeFileSync(join(data, 'checks', 'checks.yaml'), plain);
  writeFileSync(join(data, 'checks', 'orders.feature'), orders);
  const server = await startServer({ data, 'checks.enabled': true, 'history.enabled': true });
  const shown = async (): Promise<string | undefined> => {
    const { checks } = await get<Checks>(server, '/api/v1/checks');
    return checks[0]?.standing.shown;
  };
  // Nothing was ever heard: that is no zero.
  await vi.waitFor(async () => expect(await shown()).toBe('unknown'), patient);
  await server.send([
    { type: 'order', name: 'order.placed', service: 'shop' },
    { type: 'order', name: 'order.placed', service: 'shop' },
  ]);
  await vi.waitFor(async () => expect(await shown()).toBe('ok'), patient);
}, 120_000);
