import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { MapAnswer } from '../../src/server/api/contract-map.ts';
import type { TimelineAnswer } from '../../src/server/api/contract-map-detail.ts';
import { type Api, until } from './api.suite.ts';
import { quiet, scratch, serveHere } from './server.suite.ts';

const map = `schema: territory.map/1
nodes:
  users: {quadrant: production, kind: actor, anchor: true}
  shop: {quadrant: production, kind: app, service: shop}
  db: {quadrant: production, kind: database, service: db}
edges:
  - users -> shop
  - shop => db
processes:
  checkout: {criticality: 1, needs: [shop]}
`;

const states = ['ok', 'critical', 'ok', 'warning'] as const;

/** A number between 0 and 1 that depends on the round alone. */
const chance = (round: number): number => ((round * 48_271 + 11) % 997) / 997;

const rounds = 4;

const timelineOf = async ({ request }: Pick<Api, 'request'>): Promise<TimelineAnswer> =>
  (await request<TimelineAnswer>('/api/v1/map/timeline?limit=5000')).json;

test('a killed server loses no recorded change, tells none twice, and says when it did not look', async () => {
  const dir = scratch();
  mkdirSync(join(dir, 'map'), { recursive: true });
  writeFileSync(join(dir, 'map', 'map.yaml'), map);
  let sent = 0;
  for (let round = 0; round < rounds; round++) {
    const server = await serveHere({ dir, flags: [...quiet, '--history.enabled', 'false'] });
    // A killed one that had not begun to record leaves nothing to find.
    await until(async () => (await timelineOf(server)).gaps?.length === round, 60);
    await until(async () => (await timelineOf(server)).first !== null, 60);
    const stop = performance.now() + 700 + 2_000 * chance(round);
    while (performance.now() < stop) {
      const state = states[sent++ % states.length] ?? 'ok';
      await server.send([
        { type: 'check', name: 'up', service: 'db', state, ttl: 3_600 },
        { type: 'check', name: 'up', service: 'shop', state: 'ok', ttl: 3_600 },
      ]);
      await new Promise((go) => setTimeout(go, 300));
    }
    await server.stop('SIGKILL');
  }

  const server = await serveHere({ dir, flags: [...quiet, '--history.enabled', 'false'] });
  const timeline = () => timelineOf(server);
  await until(async () => (await timeline()).gaps?.length === rounds, 60);
  await server.send([{ type: 'check', name: 'up', service: 'db', state: 'critical', ttl: 3_600 }]);
  await until(async () => {
    const { changes } = await timeline();
    return changes.findLast(({ id }) => id === 'db')?.to === 'down';
  }, 60);

  const { changes, gaps, versions } = await timeline();
  expect(versions).toHaveLength(1);
  for (const id of ['db', 'shop', 'process:checkout']) {
    const own = changes.filter((change) => change.id === id);
    expect(own.length).toBeGreaterThan(1);
    // Each goes on from where the one before it ended: nothing is missing, and nothing is there twice.
    expect(own.slice(1).map(({ from }) => from)).toEqual(own.slice(0, -1).map(({ to }) => to));
  }
  for (const { from, to } of gaps) {
    expect(to).toBeGreaterThan(from);
    expect(changes.filter(({ time }) => time > from && time < to)).toEqual([]);
    const { json: then } = await server.request<MapAnswer>(
      `/api/v1/map?at=${Math.round((from + to) / 2)}`,
    );
    expect(then.recorded).toBe(false);
    expect(then.nodes.map(({ health }) => health.shown)).toEqual(
      then.nodes.map(() => 'no-evidence'),
    );
  }
}, 240_000);
