import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { phaseOf } from '../../src/checks/schedule/slots.ts';
import type { PlacedEvent } from '../../src/server/api/contract.ts';
import type { Checks } from '../../src/server/api/contract-checks.ts';
import { until } from './api.suite.ts';
import { type Server, quiet, scratch, serve } from './server.suite.ts';

const rounds = 3;
const names = ['one', 'two', 'three', 'four', 'five', 'six'];
const feature = `@app(shop) @every(1s)
Feature: The shop
${names
  .map(
    (name) => `
  Scenario: ${name}
    When I visit "/${name}"
    Then I should get a 200 status code
`,
  )
  .join('')}`;

/** A number between 0 and 1 that depends on the round alone. */
const chance = (round: number): number => ((round * 48_271 + 11) % 997) / 997;

/** Some pages work for a while and then do not; each answer takes its time. */
async function site(): Promise<string> {
  const asked = new Map<string, number>();
  const web = createServer((request, response) => {
    const { url = '/' } = request;
    const count = (asked.get(url) ?? 0) + 1;
    asked.set(url, count);
    response.statusCode = Math.floor(count / 6) % 2 === 0 ? 200 : 500;
    setTimeout(() => response.end('.'), 100 + 60 * names.indexOf(url.slice(1)));
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    web.closeAllConnections();
    web.close();
  });
  return `127.0.0.1:${(web.address() as AddressInfo).port}`;
}

/** Everything that the log holds. */
async function logOf(server: Server): Promise<readonly PlacedEvent[]> {
  const { streams } = await server.itself();
  const count = streams.reduce((sum, { first, next }) => sum + next - first, 0);
  const tail = await server.tail('?from=start');
  await until(() => tail.seen.length >= count, 60, 'the log was read');
  return tail.seen.map(({ event }) => event);
}

const slotOf = ({ data }: PlacedEvent): number => (data as { slot: number }).slot;

/** The slots of a check, each with how often the log has it. */
function slotsOf(readings: readonly PlacedEvent[], id: string): readonly number[] {
  return readings
    .filter(({ name }) => name === id)
    .flatMap((event) =>
      event.type === 'check'
        ? [slotOf(event)]
        : Array.from({ length: event.metric ?? 0 }, (_, i) => slotOf(event) - 1_000 * i),
    )
    .toSorted((a, b) => a - b);
}

test(`${rounds} kills in mid-run: each slot is accounted for once, no state is missed, no alert told twice`, async () => {
  const dir = scratch();
  mkdirSync(join(dir, 'checks'), { recursive: true });
  const at = await site();
  const settings = `environments: {staging: {base: "http://${at}"}}
defaults: {attempts: 2, successes: 1, retry: 1s, boot-grace: 0s, stale-after: 100}
`;
  writeFileSync(join(dir, 'checks', 'checks.yaml'), settings);
  writeFileSync(join(dir, 'checks', 'shop.feature'), feature);
  const flags = [
    ...quiet,
    '--history.enabled',
    'false',
    '--checks.checkpoint',
    '1s',
    '--alerts.flapping.high',
    '100',
  ];

  const runs = async (server: Server): Promise<number> =>
    (await server.request<Checks>('/api/v1/checks')).json.counters?.runs ?? 0;
  for (let round = 0; round < rounds; round++) {
    const server = await serve({ dir, flags });
    await until(async () => (await runs(server)) >= 30, 60, 'checks ran');
    await new Promise((go) => setTimeout(go, 1_500 * chance(round)));
    await server.stop('SIGKILL');
  }
  const server = await serve({ dir, flags });
  await until(async () => (await runs(server)) >= 30, 60, 'checks ran');
  await server.stop();

  const reader = await serve({ dir, flags: [...flags, '--checks.enabled', 'false'] });
  const log = await logOf(reader);
  await reader.stop();
  const readings = log.filter(
    ({ source, stream }) => source === 'territory/checks' && stream === 'readings',
  );
  for (const name of names) {
    const id = `staging.shop.${name}`;
    const slots = slotsOf(readings, id);
    const [first = 0] = slots;
    expect(first % 1_000).toBe(phaseOf(id, 1_000));
    expect(slots).toEqual(slots.map((_, i) => first + 1_000 * i));

    // What the log says of the check follows from its runs, and goes on from kill to kill.
    const of = log.filter(({ subject }) => subject === `check/${id}`);
    const changes = of.filter(({ type }) => type.includes('check.statechanged'));
    const told = changes.map(({ data }) => data as { from: string; to: string });
    expect(told.length).toBeGreaterThan(2);
    expect(told.map(({ from }) => from)).toEqual([
      'pending',
      ...told.slice(0, -1).map(({ to }) => to),
    ]);
    const states = readings.filter(({ type, name: own }) => type === 'check' && own === id);
    expect(told.map(({ to }) => to)).toEqual(hardStates(states));

    const alerts = log
      .filter(({ type, attributes }) => type.includes('-alert.') && attributes?.['check'] === id)
      .map(({ type }) => /alert\.(\w+)/.exec(type)?.[1])
      .filter((what) => what === 'opened' || what === 'resolved');
    expect(alerts).toEqual(told.slice(1).map(({ to }) => (to === 'ok' ? 'resolved' : 'opened')));
  }
}, 300_000);

/** The sure states that two failures in a row and one pass make, without those that repeat. */
function hardStates(runs: readonly PlacedEvent[]): readonly string[] {
  const hard: string[] = [];
  let failures = 0;
  for (const { state = '' } of runs) {
    failures = state === 'ok' ? 0 : failures + 1;
    const isSure = state === 'ok' || failures >= 2;
    if (isSure && hard.at(-1) !== state) hard.push(state);
  }
  return hard;
}
