import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Play, start } from '../../rooms/alerts/play.suite.ts';
import { ChecksPlay, definitionOf } from '../../rooms/checks/checks.suite.ts';
import type { AlertDecision } from '../../rules/decision.ts';
import { dataDir, startServer } from '../compose/running.suite.ts';
import { coverDecisions } from './lost-cover.ts';

test('the last gate and the last route of an application do not go in silence', () => {
  const checks = new ChecksPlay();
  const alerts = new Play();
  const tell = (): AlertDecision[] => coverDecisions(checks.state.losses, alerts.state, start);
  const home = definitionOf('home', { isGate: true });
  checks.give({ kind: 'define', definition: home });
  expect(tell()).toEqual([]);

  checks.give({ kind: 'define', definition: { ...home, isGate: false, route: 'note' } });
  expect(tell()).toMatchObject([
    {
      severity: 'warning',
      service: 'shop',
      environment: 'production',
      key: { application: 'shop', environment: 'production', what: 'route' },
      title: 'no check of shop in production tells anybody of a failure any more',
    },
    { key: { what: 'gate' }, title: 'no check of shop in production gates a release any more' },
  ]);
  // Said again it is the same, so that it is carried out once.
  expect(tell()).toEqual(tell());
});

test('it is over when there is one again', () => {
  const alerts = new Play();
  const key = { application: 'shop', environment: 'production', what: 'gate' };
  alerts.decide(0, 'warning', { rule: 'checks-cover', key });
  expect(coverDecisions([], alerts.state, start + 5_000)).toMatchObject([{ severity: 'ok', key }]);
});

test('with the whole server: a tag that is taken away is an alert, until it is back', async () => {
  const data = dataDir();
  const folder = join(data, 'checks');
  mkdirSync(folder, { recursive: true });
  const save = (tags: string): void =>
    writeFileSync(
      join(folder, 'shop.feature'),
      `@app(shop)\nFeature: Shop\n  ${tags}\n  Scenario: home\n    When I visit "/"\n    Then I should get a 200 status code\n`,
    );
  writeFileSync(
    join(folder, 'checks.yaml'),
    'environments:\n  staging: {base: "http://127.0.0.1:1"}\ndefaults: {every: 1h}\n',
  );
  save('@gate');
  const server = await startServer({ data, 'checks.enabled': true });
  const patient = { timeout: 20_000, interval: 100 };
  const ask = async <T>(path: string): Promise<T> => (await (await server.ask(path)).json()) as T;
  await vi.waitFor(async () => {
    const { checks } = await ask<{ checks: unknown[] }>('/api/v1/checks');
    expect(checks).toHaveLength(1);
  }, patient);
  save('@page');
  const titles = async (): Promise<string[]> => {
    const { alerts } = await ask<{ alerts: { title: string; rule: string }[] }>('/api/v1/alerts');
    return alerts.filter(({ rule }) => rule === 'checks-cover').map(({ title }) => title);
  };
  await vi.waitFor(async () => {
    expect(await titles()).toEqual(['no check of shop in staging gates a release any more']);
  }, patient);
  save('@gate @page');
  await vi.waitFor(async () => {
    expect(await titles()).toEqual([]);
  }, patient);
}, 60_000);
