import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { HealthWord, LiveHealth, MapAnswer, MapNodeView } from '../api/contract-map.ts';
import type { TimelineAnswer } from '../api/contract-map-detail.ts';
import { type Flags, type Server, dataDir, json, startServer } from '../compose/running.suite.ts';

const shop = `schema: territory.map/1
nodes:
  users: {quadrant: production, kind: actor, anchor: true}
  lb: {quadrant: production, kind: load-balancer, service: haproxy}
  shop: {quadrant: production, kind: app, service: shop}
  orders-db: {quadrant: production, kind: database, service: orders-db}
  mail: {quadrant: production, kind: external, service: mail}
edges:
  - users -> lb -> shop
  - lb => shop
  - shop => orders-db
  - shop ~> mail
processes:
  checkout: {criticality: 1, needs: [lb, shop]}
  letters: {criticality: 2, needs: [mail]}
`;

function fileOf(data: string): string {
  const file = join(data, 'map', 'map.yaml');
  mkdirSync(dirname(file), { recursive: true });
  return file;
}

/** As editors do: a new file in the place of the old one. */
function save(file: string, text: string): void {
  writeFileSync(`${file}~`, text);
  renameSync(`${file}~`, file);
}

async function startWith(text: string, flags: Flags = {}): Promise<Server> {
  const data = dataDir();
  save(fileOf(data), text);
  return startServer({ data, ...flags });
}

async function mapOf({ ask }: Server, query = ''): Promise<MapAnswer> {
  const response = await ask(`/api/v1/map${query}`);
  if (response.status !== 200) throw new Error(await response.text());
  return (await response.json()) as MapAnswer;
}

/** Asks again until it is so: what the map follows is read by others at their own pace. */
async function until<T>(ask: () => Promise<T>, is: (answer: T) => boolean): Promise<T> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one question after the other
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined && is(answer)) return answer;
    // oxlint-disable-next-line no-await-in-loop -- the server needs its turn
    await new Promise((go) => setTimeout(go, 20));
  }
}

const stateOf = (map: MapAnswer, id: string): HealthWord | undefined =>
  map.nodes.find((node) => node.id === id)?.health.shown;

const processOf = (map: MapAnswer, id: string) =>
  map.processes.find((process) => process.id === id)?.health;

const check = (service: string, state: string, more: object = {}) => ({
  type: 'check',
  service,
  name: 'up',
  state,
  ttl: 3_600,
  ...more,
});

const allOk = ['haproxy', 'shop', 'orders-db', 'mail'].map((service) => check(service, 'ok'));

test('checks find their nodes, and what is down takes along what needs it, with because', async () => {
  const server = await startWith(shop);
  await server.send(allOk);
  const ok = await until(
    () => mapOf(server),
    (map) => processOf(map, 'checkout')?.shown === 'ok',
  );
  expect(stateOf(ok, 'users')).toBe('no-evidence');
  await server.send([check('orders-db', 'critical', { data: 'connection refused' })]);
  const map = await until(
    () => mapOf(server),
    (answer) => stateOf(answer, 'orders-db') === 'down',
  );
  const { health } = map.nodes.find(({ id }) => id === 'shop') as MapNodeView;
  expect(health).toMatchObject({
    observed: 'ok',
    inferred: 'down',
    shown: 'at-risk',
    because: ['shop', 'orders-db'],
    contradiction: true,
  });
  expect(processOf(map, 'checkout')?.because.at(-1)).toBe('orders-db');
  const [evidence] = map.nodes.find(({ id }) => id === 'orders-db')?.health.evidence ?? [];
  expect(evidence).toMatchObject({
    kind: 'check',
    state: 'down',
    stream: 'readings',
    stale: false,
  });
  expect(evidence?.offset).toBeGreaterThan(0);
  expect(map.version).toMatchObject({ by: 'file', added: expect.arrayContaining(['shop']) });
});

test('a page that follows is told of a change within half a second of its event', async () => {
  const server = await startWith(shop);
  await server.send(allOk);
  await until(
    () => mapOf(server),
    (map) => stateOf(map, 'orders-db') === 'ok',
  );
  const response = await server.ask('/api/v1/map/live');
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  const hears = async (wanted: string): Promise<void> => {
    while (!text.includes(wanted)) {
      // oxlint-disable-next-line no-await-in-loop -- as it comes
      const { value, done } = await reader.read();
      if (done) throw new Error(`it ended: ${text}`);
      text += decoder.decode(value, { stream: true });
    }
  };
  await hears('event: map');
  await server.send([check('orders-db', 'critical')]);
  const acknowledged = performance.now();
  await hears('"shown":"down"');
  const took = performance.now() - acknowledged;
  await reader.cancel();
  const line = text.split('\n').find((one) => one.startsWith('data:') && one.includes('"down"'));
  const { changes } = JSON.parse((line ?? '').slice('data:'.length)) as LiveHealth;
  expect(changes.map(({ id }) => id)).toContain('orders-db');
  // Generous for a loaded machine; bench/map-live.ts has the figure.
  expect(took).toBeLessThan(2_000);
});

test('a saved map is used at once, a bad one is told of and the good one stays', async () => {
  const server = await startWith(shop);
  await until(
    () => mapOf(server),
    ({ nodes }) => nodes.length === 5,
  );
  const file = fileOf(server.data);
  save(file, shop.replace('- shop ~> mail', '- shop ~> mial'));
  const bad = await until(
    () => mapOf(server),
    ({ problems }) => problems.some(({ kind }) => kind === 'file'),
  );
  expect(bad.nodes).toHaveLength(5);
  expect(bad.problems.find(({ kind }) => kind === 'file')).toMatchObject({
    severity: 'error',
    place: { file: 'map.yaml', line: 12 },
    message: expect.stringContaining('mail'),
  });
  save(file, shop.replace('processes:', '  - mail => orders-db\nprocesses:'));
  const good = await until(
    () => mapOf(server),
    ({ edges }) => edges.some(({ id }) => id === 'mail=>orders-db'),
  );
  expect(good.version?.added).toEqual(['mail=>orders-db']);
  rmSync(file);
  await new Promise((go) => setTimeout(go, 700));
  expect((await mapOf(server)).nodes).toHaveLength(5);
});

test('the map of a moment of the past is shown as it was, also after a restart', async () => {
  const server = await startWith(shop);
  await server.send(allOk);
  const first = await until(
    () => mapOf(server),
    (map) => processOf(map, 'letters')?.shown === 'ok',
  );
  const timeline = async (of: Server): Promise<TimelineAnswer> =>
    (await (await of.ask('/api/v1/map/timeline')).json()) as TimelineAnswer;
  const recorded = async (of: Server, id: string, to: string): Promise<number> =>
    (
      await until(
        () => timeline(of),
        ({ changes }) => changes.some((one) => one.id === id && one.to === to),
      )
    ).changes.find((one) => one.id === id && one.to === to)?.time ?? 0;
  const okAt = await recorded(server, 'mail', 'ok');
  await server.send([check('mail', 'critical')]);
  const downAt = await recorded(server, 'mail', 'down');
  await server.send([check('mail', 'ok', { time: Date.now() + 1 })]);
  await until(
    () => mapOf(server),
    (map) => stateOf(map, 'mail') === 'ok',
  );
  expect(stateOf(await mapOf(server, `?at=${okAt}`), 'mail')).toBe('ok');
  const then = await mapOf(server, `?at=${downAt}`);
  expect(then).toMatchObject({ live: false, recorded: true, time: downAt });
  expect(processOf(then, 'letters')).toMatchObject({
    shown: 'down',
    because: ['process:letters', 'mail'],
    since: downAt,
  });
  expect(then.nodes.find(({ id }) => id === 'mail')?.health.evidence[0]).toMatchObject({
    kind: 'check',
    state: 'down',
  });
  expect(await mapOf(server, `?at=${first.time - 3_600_000}`)).toMatchObject({
    recorded: false,
    nodes: [],
  });
  await server.close();
  const again = await startServer({ data: server.data });
  const restarted = await until(
    () => mapOf(again, `?at=${downAt}`),
    ({ recorded: is }) => is,
  );
  expect(stateOf(restarted, 'mail')).toBe('down');
  await until(
    () => timeline(again),
    ({ gaps }) => gaps.length === 1,
  );
}, 20_000);

test('the map is saved by who may, on the text that is there, and only when it is right', async () => {
  const server = await startServer();
  const source = await until(
    async () =>
      (await server.askJson('/api/v1/map/source')) as unknown as {
        status: number;
      },
    ({ status }) => status === 200,
  );
  expect(source).toMatchObject({ text: '', hash: '', writable: true });
  const put = (text: string, was: string) =>
    server.askJson('/api/v1/map/source', json('PUT', { text, was }));
  expect(await put(shop.replace('kind: app', 'kind: [app]'), '')).toMatchObject({
    status: 400,
    code: 'TERR_MAP_INVALID',
    line: 5,
  });
  const saved = await put(shop, '');
  expect(saved).toMatchObject({ status: 200, text: shop });
  expect(await put(shop, '')).toMatchObject({ status: 409, code: 'TERR_MAP_CONFLICT' });
  const map = await mapOf(server);
  expect(map.nodes).toHaveLength(5);
  expect(map.version?.by).toBe('admin');
});

test('a map may import what lies beside it, and nothing else of the machine', async () => {
  const data = dataDir();
  const file = fileOf(data);
  save(
    join(dirname(file), 'catalog-info.yaml'),
    'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: basket}\nspec: {type: service, owner: team-a, dependsOn: ["component:shop"]}\n',
  );
  save(file, shop.replace('nodes:', 'import: [catalog-info.yaml]\nnodes:'));
  const server = await startServer({ data });
  const map = await until(
    () => mapOf(server),
    ({ nodes }) => nodes.length > 0,
  );
  expect(map.nodes.map(({ id }) => id)).toContain('basket');
  for (const path of ['../admin.token', '/etc/hostname', '../config.yaml', 'nowhere.yaml']) {
    const text = shop.replace('nodes:', `import: [${path}]\nnodes:`);
    // oxlint-disable-next-line no-await-in-loop -- few
    const answer = await server.askJson('/api/v1/map/check', json('POST', { text }));
    expect(JSON.stringify(answer['faults'])).toContain(path);
    expect(answer['nodes']).toBe(0);
  }
});

test('what if: the blast radius of a node, told in a sentence', async () => {
  const server = await startWith(shop);
  await server.send(allOk);
  await until(
    () => mapOf(server),
    (map) => processOf(map, 'checkout')?.shown === 'ok',
  );
  const answer = await server.askJson('/api/v1/map/simulate?down=orders-db');
  expect(answer).toMatchObject({ status: 200, down: ['orders-db'] });
  expect(answer['sentence']).toMatch(/orders-db.*checkout down/);
  expect(await server.askJson('/api/v1/map/simulate?down=nobody')).toMatchObject({
    status: 404,
    code: 'TERR_MAP_UNKNOWN',
  });
});

/** A server whose rules are those of one file, and run. */
async function startWithRules(text: string): Promise<Server> {
  const data = dataDir();
  save(fileOf(data), shop);
  mkdirSync(join(data, 'rules'), { recursive: true });
  writeFileSync(join(data, 'rules', 'one.ts'), text);
  const server = await startServer({ data, 'rules.enabled': true });
  await until(
    () => server.askJson('/api/v1/rules'),
    ({ rules }) => JSON.stringify(rules).includes('"running"'),
  );
  return server;
}

test('the rule of the guide tells that a process is down', async () => {
  const page = readFileSync(
    new URL('../../../docs/reference/map-facts.md', import.meta.url),
    'utf8',
  );
  const [, text = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const server = await startWithRules(text);
  await server.send(allOk);
  await until(
    () => mapOf(server),
    (map) => processOf(map, 'letters')?.shown === 'ok',
  );
  await server.send([check('mail', 'critical')]);
  const { alerts } = await until(
    () => server.askJson('/api/v1/alerts'),
    (answer) => JSON.stringify(answer).includes('letters'),
  );
  expect(alerts).toMatchObject([{ title: 'letters is down', state: 'open' }]);
}, 60_000);

const slow = `import { events, rule } from 'territory/rules';

rule('slow', () =>
  events
    .where('name = "latency"')
    .by('service')
    .changed('state')
    .alert({ title: '{service} is slow' }),
);
`;

test('an alert speaks of the nodes that its labels name, until it is over', async () => {
  const server = await startWithRules(slow);
  const latency = (state: string) => ({ type: 'metric', name: 'latency', service: 'shop', state });
  await server.send([latency('critical')]);
  const map = await until(
    () => mapOf(server),
    (answer) => stateOf(answer, 'shop') === 'down',
  );
  expect(map.nodes.find(({ id }) => id === 'shop')?.health.evidence[0]).toMatchObject({
    kind: 'alert',
    name: 'slow',
    text: expect.stringContaining('shop is slow'),
    stream: 'facts',
  });
  const node = await server.askJson('/api/v1/map/nodes/shop');
  expect(node['alerts']).toMatchObject([{ title: 'shop is slow', severity: 'critical' }]);
  await server.send([latency('ok')]);
  await until(
    () => mapOf(server),
    (answer) => stateOf(answer, 'shop') !== 'down',
  );
}, 60_000);
