import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Alerts } from '../api/contract-alerts.ts';
import type { RulesAnswer } from '../api/contract-rules.ts';
import type { Itself } from '../api/contract.ts';
import { dataDir, type Server, startServer } from './running.suite.ts';

const soon = { timeout: 20_000, interval: 50 };

const checks = `import { events, rule } from 'territory/rules';

rule('checks', () =>
  events
    .where('name = "check"')
    .by('service')
    .changed('state')
    .alert({ title: '{service} is {state}' }),
);
`;

/** A server with one rule file, whose rules run. */
async function withRules(): Promise<{ server: Server; file: string }> {
  const data = dataDir();
  const file = join(data, 'rules', 'checks.ts');
  mkdirSync(join(data, 'rules'), { recursive: true });
  writeFileSync(file, checks);
  const server = await startServer({ data, 'rules.enabled': true });
  await vi.waitFor(async () => {
    const { rules } = await get<RulesAnswer>(server, '/api/v1/rules');
    expect(rules.map(({ state }) => state)).toEqual(['running']);
  }, soon);
  return { server, file };
}

async function get<T>(server: Server, path: string): Promise<T> {
  return (await (await server.ask(path)).json()) as T;
}

test('what a rule finds becomes an alert, and a rule that goes takes its alert with it', async () => {
  const { server, file } = await withRules();
  await server.send([{ type: 'metric', name: 'check', service: 'shop', state: 'critical' }]);
  const alerts = async () => (await get<Alerts>(server, '/api/v1/alerts?state=all')).alerts;
  await vi.waitFor(
    async () =>
      expect(await alerts()).toMatchObject([
        { rule: 'checks', state: 'open', title: 'shop is critical', key: { service: 'shop' } },
      ]),
    soon,
  );
  rmSync(file);
  await vi.waitFor(async () => expect(await alerts()).toMatchObject([{ state: 'resolved' }]), soon);
});

test('the rules are shown with their plan, their source, and their place among the parts', async () => {
  const { server, file } = await withRules();
  await server.send([{ type: 'metric', name: 'check', service: 'shop', state: 'critical' }]);
  await vi.waitFor(async () => {
    const { rules, files } = await get<RulesAnswer>(server, '/api/v1/rules');
    expect(files).toMatchObject([{ file: 'checks.ts', state: 'loaded' }]);
    expect(rules).toMatchObject([
      {
        name: 'checks',
        file: 'checks.ts',
        line: 3,
        matched: 1,
        keys: 1,
        decisions: 1,
        lastDecision: { kind: 'alert', title: 'shop is critical' },
      },
    ]);
    const nodes = rules[0]?.plan.nodes.map(({ op }) => op);
    expect(nodes).toEqual(['events', 'where', 'by', 'changed', 'alert']);
  }, soon);
  const source = await server.ask('/api/v1/rules/source?file=checks.ts');
  expect(await source.text()).toBe(readFileSync(file, 'utf8'));
  expect((await server.ask('/api/v1/rules/source?file=../admin.token')).status).toBe(404);
  expect((await server.ask('/api/v1/rules/none/start', { method: 'POST' })).status).toBe(404);
  expect((await server.ask('/api/v1/rules/checks/start', { method: 'POST' })).status).toBe(204);
  const { limits } = await get<Itself>(server, '/api/v1/itself');
  expect(limits.map(({ setting }) => setting)).toContain('rules.memory');
  expect(await get(server, '/healthz')).toMatchObject({ ok: true, parts: { rules: 'ok' } });
});
