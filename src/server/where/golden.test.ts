import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, assert, beforeAll, expect, test } from 'vitest';
import { runHere } from '../../cli/running.suite.ts';
import { evidenceDraft } from '../../rooms/where/evidence/evidence.ts';
import { deployFact } from '../../rooms/where/facts.ts';
import { haproxy } from '../../runner/balancer/haproxy.ts';
import { machineCollector } from '../../runner/evidence/collector.ts';
import { type Ground, blindEvidence } from '../../runner/evidence/evidence.ts';
import { Yard } from '../../runner/evidence/yard.suite.ts';
import { freePorts, hasHaproxy, startFront } from '../../runner/strategy/front.suite.ts';
import type { Where, WhereLane } from '../api/contract-releases.ts';
import { dataDir } from '../compose/running.suite.ts';
import { type RunningTerritory, startTerritory } from '../compose/territory.ts';
import { loadConfig } from '../config/load.ts';

/*
 * The golden cases of "what runs where, verified": real processes from real artefacts, looked at by
 * what the runner looks with, told to a real server. The cases by telemetry alone are in
 * real-processes.test.ts.
 */

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end(); // oxlint-disable-line no-await-in-loop -- in this order
});

const patient = { timeout: 60_000, interval: 250 };

let server: RunningTerritory;
let token = '';

// One for all: each case has an application of its own.
beforeAll(async () => {
  const off = { 'hostProbe.enabled': false, 'history.enabled': false, 'rules.enabled': false };
  const data = dataDir();
  const flags = { ...off, 'intakes.enabled': false, logLevel: 'silent', port: 0, data };
  const loaded = loadConfig({ flags });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  server = await startTerritory(loaded.config, { webRoot: '/nowhere' });
  token = readFileSync(join(data, 'admin.token'), 'utf8').trim();
}, 120_000);
afterAll(() => server.close());

function world(app: string) {
  const { url } = server;
  const yard = new Yard(app);
  ends.push(() => yard.stop());
  const { collect } = machineCollector(Date.now);
  const ask = async <T>(path: string, body?: unknown, as = token): Promise<T> => {
    const headers = { authorization: `Bearer ${as}`, 'content-type': 'application/json' };
    const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(url + path, { headers, ...post });
    expect(answer.ok).toBe(true);
    return (await answer.json()) as T; // the server's own schema made it
  };
  const send = async (draft: unknown): Promise<unknown> => ask('/api/v1/events', [draft]);
  const lane = async (): Promise<WhereLane | undefined> =>
    (await ask<Where>(`/api/v1/releases/where?app=${app}`)).lanes[0];
  // Long, so that a look is fresh on a loaded machine too; the tests look when they want.
  const ground = (more: Partial<Ground> = {}): Ground => yard.ground({ every: 20_000, ...more });
  return {
    yard,
    lane,
    ground,
    ask,
    send,
    deployed: async (version: string, hoursAgo: number) => {
      const time = Date.now() - hoursAgo * 3_600_000;
      const place = { app, environment: 'production' };
      await send(deployFact({ ...place, report: 'finished', version, id: version, time }));
    },
    where: (...args: string[]) =>
      runHere(['where', app, ...args], { env: { TERRITORY_URL: url, TERRITORY_TOKEN: token } }),
    /** One look, sent as the runner sends it; what the server then says. */
    look: async (more: Partial<Ground> = {}): Promise<WhereLane | undefined> => {
      await send(evidenceDraft(await collect(ground(more)), 'box'));
      return lane();
    },
  };
}

test('1: the new one is killed and the old started by hand: contradicted at the next look, by S and O', async () => {
  const { yard, look, deployed, where } = world('hand');
  yard.build('v1');
  yard.build('v2');
  const [port = 0] = await freePorts(1);
  await yard.start('1', 'v2', port);
  await deployed('v1', 2);
  await deployed('v2', 1);
  await expect
    .poll(() => look(), patient)
    .toMatchObject({
      verdict: 'verified',
      version: 'v2',
      because: '1 instance runs the told version, by S+O+D+C',
      channels: ['S', 'O', 'D', 'C'],
      findings: [],
    });
  await yard.kill('1');
  await expect
    .poll(() => look(), patient)
    .toMatchObject({
      verdict: 'contradicted',
      because: 'told v2, and nothing listens on its ports',
      findings: [{ kind: 'down', level: 'critical' }],
    });
  await yard.startByHand('v1', port);
  await expect
    .poll(() => look(), patient)
    .toMatchObject({
      verdict: 'contradicted',
      because: 'told v2, runs v1',
      runs: [{ version: 'v1', instances: [{ name: '1' }] }],
      findings: [
        {
          kind: 'by-hand',
          text: expect.stringContaining(`v1 was started by hand on port ${port}`),
        },
      ],
    });
  const shown = await where('--evidence');
  expect(shown.code).toBe(4);
  expect(shown.out).toMatch(
    /S {2}self {6}differs {2}\d+ s ago by box.*\n {7}1 on port \d+ says v1\n/,
  );
}, 120_000);

test('2: a file is edited in the live folder: still verified, and the file is named', async () => {
  const { yard, look, deployed } = world('edited');
  yard.build('v1');
  const [port = 0] = await freePorts(1);
  await yard.start('1', 'v1', port);
  await deployed('v1', 1);
  await expect.poll(() => look(), patient).toMatchObject({ verdict: 'verified', findings: [] });
  appendFileSync(join(yard.filesOf('v1'), 'server.mjs'), '// a quick fix\n');
  await expect
    .poll(() => look(), patient)
    .toMatchObject({
      verdict: 'verified',
      channels: ['S', 'O', 'C'],
      findings: [
        { kind: 'disk-differs', level: 'critical', text: 'disk differs in v1: server.mjs' },
      ],
    });
}, 120_000);

test('3: the release folder is removed while it serves: verified running, and it cannot be restarted', async () => {
  const { yard, look, deployed } = world('removed');
  yard.build('v1');
  const [port = 0] = await freePorts(1);
  await yard.start('1', 'v1', port);
  await deployed('v1', 1);
  await expect.poll(() => look(), patient).toMatchObject({ verdict: 'verified' });
  rmSync(yard.placeOf('v1'), { recursive: true });
  await expect
    .poll(() => look(), patient)
    .toMatchObject({
      verdict: 'verified',
      because: '1 instance runs the told version, by S+O+C',
      findings: [
        { kind: 'files-gone', level: 'critical', text: 'files gone: v1 can not be restarted' },
      ],
    });
}, 120_000);

test.skipIf(!hasHaproxy)(
  '5: green, and one of two is old: mixed, by what customers get',
  async () => {
    const { yard, look, deployed } = world('two');
    yard.build('v1');
    yard.build('v2');
    const [a = 0, b = 0] = await freePorts(2);
    await yard.start('1', 'v2', a);
    await yard.start('2', 'v1', b);
    const front = await startFront({
      two: { servers: { one: a, two: b }, ready: ['one', 'two'] },
    });
    ends.push(() => front.stop());
    const more = { front: front.url('two'), balancer: haproxy(front.socket) };
    await deployed('v1', 2);
    await deployed('v2', 1);
    await expect
      .poll(() => look(more), patient)
      .toMatchObject({
        verdict: 'mixed',
        because: 'mixed v1 50 % / v2 50 %; told v2',
        findings: [
          {
            kind: 'balancer',
            level: 'critical',
            text: `the balancer sends to an old instance: two on port ${b} runs v1`,
          },
        ],
      });
    await more.balancer.set('two', 'two', 'maint');
    await expect
      .poll(() => look(more), patient)
      .toMatchObject({
        verdict: 'verified',
        channels: ['S', 'O', 'D', 'F', 'C', 'B'],
      });
  },
  120_000,
);

test('6: the probe does not reach: unknown, and never the last claim', async () => {
  const { yard, look, lane, ground, deployed, send } = world('blind');
  yard.build('v1');
  const [port = 0] = await freePorts(1);
  await yard.start('1', 'v1', port);
  await deployed('v1', 1);
  await expect.poll(() => look({ every: 1_000 }), patient).toMatchObject({ verdict: 'verified' });
  const blindly = async () => {
    const blind = blindEvidence(ground({ every: 1_000 }), 'ssh: no route to host', Date.now());
    await send(evidenceDraft(blind, 'box'));
    return lane();
  };
  await expect.poll(blindly, patient).toMatchObject({
    verdict: 'unknown',
    because: 'box could not look: ssh: no route to host',
    version: 'v1',
  });
}, 150_000);

test('a process that hangs: who it is the kernel still tells, and that it does not answer', async () => {
  const { yard, look, deployed } = world('hangs');
  yard.build('v1');
  const [port = 0] = await freePorts(1);
  const { process: mark } = await yard.start('1', 'v1', port);
  await deployed('v1', 1);
  assert(mark);
  process.kill(mark.pid, 'SIGSTOP');
  await expect
    .poll(() => look(), patient)
    .toMatchObject({
      verdict: 'verified',
      channels: ['O', 'D', 'C'],
      findings: [{ kind: 'silent', level: 'critical' }],
    });
}, 120_000);

test('only who may act tells what runs: a token that may only send is not believed', async () => {
  const { yard, look, lane, ground, ask } = world('believed');
  yard.build('v1');
  const { secret } = await ask<{ secret: string }>('/api/v1/tokens', {
    name: 'app',
    scope: { may: 'send' },
  });
  const draft = evidenceDraft(blindEvidence(ground(), 'no reason', Date.now()), 'box');
  await ask('/api/v1/events', [draft], secret);
  expect(await lane()).toBeUndefined();
  await expect.poll(() => look(), patient).toMatchObject({ verdict: 'unknown' });
}, 120_000);
