import { expect, test } from 'vitest';
import { deployFact } from '../../rooms/where/facts.ts';
import { json, startServer } from '../compose/running.suite.ts';
import type { Where } from './contract-releases.ts';

const minute = 60_000;

const told = (app: string, environment: string, version: string, minutesAgo = 60) =>
  deployFact({
    report: 'finished',
    app,
    environment,
    version,
    id: `run-${version}`,
    time: Date.now() - minutesAgo * minute,
  });

const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });

/** What an SDK of OpenTelemetry says of the process that it is in. */
const resource = (version: string, instance: string) => ({
  attributes: [
    attribute('service.name', 'shop'),
    attribute('service.version', version),
    attribute('service.instance.id', instance),
    attribute('deployment.environment.name', 'production'),
  ],
});
const nano = (): string => `${Date.now()}000000`;

const metrics = (version: string, instance: string) => ({
  resourceMetrics: [
    {
      resource: resource(version, instance),
      scopeMetrics: [
        {
          metrics: [{ name: 'up', gauge: { dataPoints: [{ asInt: '1', timeUnixNano: nano() }] } }],
        },
      ],
    },
  ],
});

const spans = (version: string, instance: string) => ({
  resourceSpans: [
    {
      resource: resource(version, instance),
      scopeSpans: [
        {
          spans: [
            {
              traceId: '5b8efff798038103d269b633813fc60c',
              spanId: 'eee19b7ec3c1b174',
              name: 'GET /basket',
              kind: 2,
              startTimeUnixNano: nano(),
              endTimeUnixNano: nano(),
            },
          ],
        },
      ],
    },
  ],
});

const logs = (version: string, instance: string) => ({
  resourceLogs: [
    {
      resource: resource(version, instance),
      scopeLogs: [
        {
          logRecords: [{ timeUnixNano: nano(), severityNumber: 9, body: { stringValue: 'hello' } }],
        },
      ],
    },
  ],
});

test('metrics, spans and log records of OpenTelemetry bear out what was told, or contradict it', async () => {
  const { send, ask } = await startServer();
  await send([told('shop', 'production', '1.4.2')]);
  const lane = async () => {
    const response = await ask('/api/v1/releases/where?app=shop');
    return ((await response.json()) as Where).lanes[0]; // the server's own schema made it
  };
  expect(await lane()).toMatchObject({ verdict: 'claimed', version: '1.4.2', runs: [] });
  expect((await ask('/v1/metrics', json('POST', metrics('1.4.2', 'a')))).status).toBe(200);
  await expect.poll(lane).toMatchObject({ verdict: 'verified' });
  expect((await ask('/v1/traces', json('POST', spans('1.4.1', 'b')))).status).toBe(200);
  await expect.poll(lane).toMatchObject({
    verdict: 'mixed',
    runs: [{ version: '1.4.1' }, { version: '1.4.2', instances: [{ name: 'a' }] }],
  });
  expect((await ask('/v1/logs', json('POST', logs('1.4.1', 'a')))).status).toBe(200);
  await expect.poll(lane).toMatchObject({
    verdict: 'contradicted',
    because: 'told 1.4.2, runs 1.4.1',
  });
});

test('one application or one environment may be asked for', async () => {
  const { send, ask, askJson } = await startServer();
  await send([
    told('shop', 'production', '1', 30),
    told('shop', 'staging', '2'),
    told('search', 'production', '3'),
  ]);
  const versions = async (query: string) => {
    const response = await ask(`/api/v1/releases/where${query}`);
    const { lanes } = (await response.json()) as Where; // the server's own schema made it
    return lanes.map(({ version }) => version);
  };
  expect(await versions('')).toEqual(['3', '2', '1']);
  expect(await versions('?app=shop')).toEqual(['2', '1']);
  expect(await versions('?environment=production')).toEqual(['3', '1']);
  expect(await versions('?app=shop&environment=staging')).toEqual(['2']);
  expect(await versions('?app=none')).toEqual([]);
  expect(await askJson('/api/v1/releases/where/shop')).toMatchObject({
    status: 200,
    app: 'shop',
    environments: ['staging', 'production'],
    history: [{ version: '1' }, { version: '2' }],
  });
  expect(await askJson('/api/v1/releases/where/none')).toMatchObject({
    status: 404,
    code: 'TERR_API_NOT_FOUND',
  });
  expect(await askJson('/api/v1/releases/where?colour=red')).toMatchObject({ status: 400 });
});

test('who has no token is told nothing', async () => {
  const { url } = await startServer();
  for (const path of ['/api/v1/releases/where', '/api/v1/releases/where/shop'])
    // oxlint-disable-next-line no-await-in-loop -- two
    expect((await fetch(url + path)).status).toBe(401);
});

test('what was told is there after a restart, and on the page about Territory itself', async () => {
  const first = await startServer();
  await first.send([told('shop', 'production', '1.4.2')]);
  await first.close();
  const { askJson, ask } = await startServer({ data: first.data });
  await expect
    .poll(() => askJson('/api/v1/releases/where'))
    .toMatchObject({ status: 200, lanes: [{ version: '1.4.2' }] });
  expect(await (await ask('/metrics')).text()).toMatch(/territory_where_lanes\S* 1\n/);
});

test('a fact as a script of one line sends it is enough', async () => {
  const { send, askJson } = await startServer();
  const type = 'dev.cdevents.service.deployed.0.3.0';
  const attributes = { 'service.version': '1.4.2' };
  await send([{ type, service: 'shop', environment: 'production', attributes }]);
  expect(await askJson('/api/v1/releases/where')).toMatchObject({
    lanes: [{ version: '1.4.2', verdict: 'claimed' }],
  });
});
