import { expect, test } from 'vitest';
import { encodeDrafts } from '../../event/codec.ts';
import { decodeBatch, type PlacedEvent } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import type { Log } from '../../log/log.ts';
import { memoryLog } from '../../log/memory/memory-log.ts';
import { type DeployReport, deployFact } from '../../rooms/where/facts.ts';
import { evidenceDraft } from '../../rooms/where/evidence/evidence.ts';
import { tellHistory, tellWhere } from './answer.ts';
import { WhereRuntime } from './runtime.ts';

const minute = 60_000;
const start = Date.UTC(2026, 4, 1, 12);

/** A log, a clock that is set by hand, and what follows them. */
async function world(max = Number.POSITIVE_INFINITY) {
  let now = start;
  const log = memoryLog({ now: () => now });
  const runtime = new WhereRuntime({
    log,
    now: () => now,
    onProblem: (error) => expect(error).toBe('none'),
  });
  const put = async (drafts: readonly Draft[]): Promise<void> => {
    const { facts, readings } = encodeDrafts(drafts, '/tokens/ci');
    if (facts) await log.append('facts', facts);
    if (readings) await log.append('readings', readings);
  };
  runtime.start();
  await expect.poll(() => runtime.ready).toBe(true);
  return {
    log,
    runtime,
    put,
    max,
    at: (after: number) => (now = start + after),
    report: (report: DeployReport['report'], version: string, environment = 'production') =>
      put([
        deployFact({ app: 'shop', environment, report, version, id: `run-${version}`, time: now }),
      ]),
    /** One reading of each instance. */
    see: (versions: Readonly<Record<string, string>>, copies = 1) =>
      put(
        Array.from({ length: copies }, () => Object.entries(versions))
          .flat()
          .map(([instance, version]) => ({
            type: 'metric',
            name: 'requests',
            metric: 1,
            time: now,
            service: 'shop',
            environment: 'production',
            host: 'web1',
            attributes: { 'service.version': version, 'service.instance.id': instance },
          })),
      ),
    where: async () => tellWhere(await runtime.lanes(), { now, graph: undefined }),
  };
}

async function facts(log: Log): Promise<PlacedEvent[]> {
  const all: PlacedEvent[] = [];
  for await (const batch of log.read('facts', 1)) all.push(...decodeBatch(batch));
  return all;
}

test('what was told is there as soon as the log has it, and the history with it', async () => {
  const { report, where, runtime, at } = await world();
  await report('finished', '1.0');
  at(minute);
  await report('started', '1.1');
  const { lanes } = await where();
  expect(lanes).toMatchObject([
    { app: 'shop', environment: 'production', verdict: 'claimed', version: '1.0', age: minute },
  ]);
  expect(lanes[0]?.running).toMatchObject([
    { version: '1.1', id: 'shop/production/run-1.1', thread: 'facts-2' },
  ]);
  expect(tellHistory(await runtime.lanes()).map(({ version }) => version)).toEqual(['1.1', '1.0']);
  await runtime.close();
});

test('environments stand in the order of a pipeline, applications by name', async () => {
  const { put, where, runtime } = await world();
  const tell = (app: string, environment: string) =>
    deployFact({
      app,
      environment,
      report: 'finished',
      version: '1',
      id: environment,
      time: start,
    });
  await put([
    tell('b', 'production'),
    tell('a', 'eu-west'),
    tell('a', 'staging'),
    tell('a', 'integration'),
  ]);
  const { environments, lanes } = await where();
  expect(environments).toEqual(['integration', 'staging', 'eu-west', 'production']);
  expect(lanes.map(({ app }) => app)).toEqual(['a', 'a', 'a', 'b']);
  await runtime.close();
});

test('two instances on one host are told apart; what nobody told of is discovered at the second look', async () => {
  const { report, see, where, runtime, log, at } = await world();
  await report('finished', '1.0');
  at(10 * minute);
  await see({ a: '1.0', b: '1.1' });
  const { lanes } = await where();
  expect(lanes).toMatchObject([{ verdict: 'mixed', runs: [{ share: 0.5 }, { share: 0.5 }] }]);
  await runtime.lookAround();
  expect(await facts(log)).toHaveLength(1);
  await runtime.lookAround();
  await runtime.lookAround();
  at(11 * minute);
  await see({ a: '1.1', b: '1.1' });
  await runtime.lookAround();
  await runtime.lookAround();
  const all = await facts(log);
  expect(all.map(({ type }) => type)).toEqual([
    'dev.cdevents.service.deployed.0.3.0',
    'dev.cdeventsx.territory-deploy.discovered.0.1.0',
  ]);
  expect(all[1]).toMatchObject({
    service: 'shop',
    environment: 'production',
    attributes: { 'service.version': '1.1', 'told.version': '1.0', actor: 'unknown' },
    data: { count: 1, instances: ['b'] },
  });
  expect((await where()).lanes).toMatchObject([
    { verdict: 'contradicted', because: 'told 1.0, runs 1.1' },
  ]);
  await runtime.close();
});

test('another server on the same log discovers nothing again', async () => {
  const { see, runtime, log, at } = await world();
  await see({ a: '1.1' });
  for (let i = 0; i < 3; i++) await runtime.lookAround();
  await runtime.close();
  const again = new WhereRuntime({ log, now: () => at(minute), onProblem: () => undefined });
  again.start();
  await expect.poll(() => again.ready).toBe(true);
  for (let i = 0; i < 3; i++) await again.lookAround();
  expect(await facts(log)).toHaveLength(1);
  const { lanes } = tellWhere(await again.lanes(), { now: start + minute, graph: undefined });
  expect(lanes).toMatchObject([
    { verdict: 'verified', version: '1.1', now: { state: 'discovered' } },
  ]);
  await again.close();
});

test('of very many readings a sample is looked at, and every instance is met', async () => {
  const { see, where, runtime, at } = await world();
  for (let i = 0; i < 100; i++) {
    at(i);
    // oxlint-disable-next-line no-await-in-loop -- a batch each
    await see({ a: '1.0', b: '1.1' }, 300);
  }
  const { lanes } = await where();
  expect(lanes[0]?.runs.map(({ count }) => count)).toEqual([1, 1]);
  expect(runtime.looks.decoded).toBeLessThanOrEqual(64 * 128);
  expect(runtime.looks.passedOver).toBeGreaterThan(30_000);
  await runtime.close();
});

test('a version without service or environment is no evidence, and is counted', async () => {
  const { put, where, runtime } = await world();
  await put([
    {
      type: 'metric',
      metric: 1,
      service: 'shop',
      time: start,
      attributes: { 'service.version': '1' },
    },
  ]);
  expect((await where()).lanes).toEqual([]);
  expect(runtime.looks.placeless).toBe(1);
  await runtime.close();
});

test('what contradicts at two looks of a runner is written down once, and so is its end', async () => {
  const { put, report, runtime, log, at, where } = await world();
  await report('finished', '2');
  let clock = 0;
  const look = async (version: string): Promise<void> => {
    at((clock += minute));
    await put([
      evidenceDraft({ ...nothingSeen, at: start + clock, self: saysVersion(version) }, 'box'),
    ]);
    await runtime.lookAround();
  };
  const types = async () =>
    (await facts(log)).map(({ type, attributes }) => `${type} ${attributes?.['verdict']}`);
  await look('1');
  // The same look met again is one look.
  await runtime.lookAround();
  expect(await types()).toHaveLength(1);
  await look('1');
  await look('1');
  const contradicted = 'dev.cdeventsx.territory-evidence.contradicted.0.1.0 contradicted';
  expect((await types()).filter((type) => type.includes('evidence'))).toEqual([contradicted]);
  expect((await where()).lanes).toMatchObject([
    { contradicted: { since: start + clock - minute } },
  ]);
  await look('2');
  await look('1');
  await look('2');
  await look('2');
  await look('2');
  expect((await types()).filter((type) => type.includes('evidence'))).toEqual([
    contradicted,
    'dev.cdeventsx.territory-evidence.agreed.0.1.0 verified',
  ]);
  expect((await where()).lanes[0]).not.toHaveProperty('contradicted');
  await runtime.close();
});

test('a look among very many readings is found, and one of a sender who is not trusted is not taken', async () => {
  const { put, see, where, runtime, log } = await world();
  await see({ a: '1.0' }, 5_000);
  const draft = evidenceDraft({ ...nothingSeen, at: start, self: saysVersion('7') }, 'box');
  const { readings } = encodeDrafts([draft], '/statsd');
  if (readings) await log.append('readings', readings);
  await see({ a: '1.0' }, 5_000);
  expect((await where()).lanes).toMatchObject([{ runs: [{ version: '1.0' }] }]);
  expect(runtime.evidence).toMatchObject({ taken: 0, refused: 1 });
  await put([{ ...draft, id: 'again' }]);
  await runtime.lookAround();
  expect((await where()).lanes).toMatchObject([{ runs: [{ version: '7' }] }]);
  await runtime.close();
});

const blind = { found: null, why: 'not in this test' } as const;
const nothingSeen = {
  app: 'shop',
  environment: 'production',
  self: blind,
  front: blind,
  os: blind,
  disk: blind,
  schema: blind,
  config: blind,
  balancer: blind,
};
const saysVersion = (version: string) => ({
  found: [{ slot: '1', port: 1, version, error: null }],
});
