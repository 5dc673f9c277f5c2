import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { MapAnswer } from '../api/contract-map.ts';
import type { MapDraftAnswer, MapSource } from '../api/contract-map-source.ts';
import { type Server, dataDir, startServer } from '../compose/running.suite.ts';

// It is looked for problems every five seconds, later on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const map = `schema: territory.map/1
nodes:
  users: {quadrant: production, kind: actor, anchor: true}
  shop: {quadrant: production, kind: app, service: shop, environment: production}
`;

async function answerOf<T>({ ask }: Server, path: string, init?: RequestInit): Promise<T> {
  const response = await ask(path, init);
  if (response.status !== 200) throw new Error(await response.text());
  return (await response.json()) as T;
}

async function problemsUntil(
  server: Server,
  is: (problems: MapAnswer['problems']) => boolean,
): Promise<MapAnswer['problems']> {
  for (;;) {
    // While it starts it has no map yet.
    // oxlint-disable-next-line no-await-in-loop -- one question after the other
    const map = await answerOf<MapAnswer>(server, '/api/v1/map').catch(() => undefined);
    if (map && is(map.problems)) return map.problems;
    // oxlint-disable-next-line no-await-in-loop -- the server needs its turn
    await sleep(50);
  }
}

const call = (from: string, to: string) => ({
  type: 'request',
  service: from,
  environment: 'production',
  attributes: { 'client.service': from, 'server.service': to, 'server.service.is': 'database' },
});

test('what is off the map is told with its evidence, and a draft puts it on', async () => {
  const data = dataDir();
  mkdirSync(join(data, 'map'), { recursive: true });
  writeFileSync(join(data, 'map', 'map.yaml'), map);
  const server = await startServer({ data });
  await server.send([
    { type: 'metric', service: 'shop', environment: 'production', name: 'load', metric: 1 },
    { type: 'metric', service: 'shop', environment: 'staging', name: 'load', metric: 1 },
    { type: 'check', service: 'cart', name: 'http', state: 'ok' },
    call('shop', 'postgresql/orders'),
    {
      id: 'd1',
      type: 'dev.cdeventsx.acme-pipelinerun.finished.0.1.0',
      source: 'https://ci.acme.example/',
      subject: 'pipelinerun/1',
      attributes: { 'vcs.repository.url.full': 'https://github.com/acme/mono.git' },
    },
  ]);
  const off = await problemsUntil(server, (problems) => problems.length >= 4);
  expect(off.map(({ id }) => id)).toEqual([
    'seen-never-declared/call/postgresql/orders',
    'seen-never-declared/repository/github.com/acme/mono',
    'seen-never-declared/service/cart',
    'seen-never-declared/service/shop/staging',
  ]);
  expect(off[2]).toMatchObject({
    message: expect.stringMatching(/^Service cart is not on the map: 1 event, /) as string,
    snippet: expect.stringContaining('service: cart') as string,
    evidence: [{ stream: 'readings', text: expect.stringContaining('check http') as string }],
  });
  const draft = await answerOf<MapDraftAnswer>(server, '/api/v1/map/draft');
  expect(draft.text).toContain('service: postgresql/orders');
  const { hash: was } = await answerOf<MapSource>(server, '/api/v1/map/source');
  await answerOf(server, '/api/v1/map/source', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: draft.text, was }),
  });
  expect(await problemsUntil(server, (problems) => problems.length === 0)).toEqual([]);
});
