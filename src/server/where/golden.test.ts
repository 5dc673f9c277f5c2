import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { runHere } from '../../cli/running.suite.ts';
import { evidenceDraft } from '../../rooms/where/evidence/evidence.ts';
import { deployFact } from '../../rooms/where/facts.ts';
import { haproxy } from '../../runner/balancer/haproxy.ts';
import { machineCollector } from '../../runner/evidence/collector.ts';
import { type Ground, blindEvidence } from '../../runner/evidence/evidence.ts';
import { Yard } from '../../runner/evidence/yard.suite.ts';
import { freePorts, hasHaproxy, startFront } from '../../runner/strategy/front.suite.ts';
import type { Where, WhereLane } from '../api/contract-releases.ts';
import { json, startServer } from '../compose/running.suite.ts';

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

async function world() {
  const yard = new Yard();
  ends.push(() => yard.stop());
  const { url, token, ask, askJson, send } = await startServer();
  const { collect } = machineCollector(Date.now);
  const env = { TERRITORY_URL: url, TERRITORY_TOKEN: token };
  const lane = async (): Promise<WhereLane | undefined> => {
    const where = (await (await ask('/api/v1/releases/where')).json()) as Where; // the server's own schema made it
    return where.lanes[0];
  };
  // Long, so that a look is fresh on a loaded machine too; the tests look when they want.
  const ground = (more: Partial<Ground> = {}): Ground => yard.ground({ every: 20_000, ...more });
  return {
    yard,
    lane,
    ground,
    url,
    token,
    askJson,
    deployed: async (version: string, hoursAgo: number) => {
      const time = Date.now() - hoursAgo * 3_600_000;
      const place = { app: 'shop', environment: 'production' };
      const fact = deployFact({ ...place, report: 'finished', version, id: version, time });
      expect((await send([fact])).ok).toBe(true);
    },
    where: (...args: string[]) => runHere(['where', ...args], { env }),
    send: async (draft: unknown) => expect((await send([draft])).ok).toBe(true),
    /** One look, sent as the runner sends it; what the server then says. */
    look: async (more: Partial<Ground> = {}): Promise<WhereLane | undefined> => {
      expect((await send([evidenceDraft(await collect(ground(more)), 'box')])).ok).toBe(true);
      return lane();
    },
  };
}

test('1: the new one is killed and the old started by hand: contradicted at the next look, by S and O', async () => {
  const { yard, look, deployed, where } = await world();
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
  const shown = await where('shop', '--evidence');
  expect(shown.code).toBe(4);
  expect(shown.out).toMatch(
    /S {2}self {6}differs {2}\d+ s ago by box.*\n {7}1 on port \d+ says v1\n/,
  );
}, 60_000);

test('2: a file is edited in the live folder: still verified, and the file is named', async () => {
  const { yard, look, deployed } = await world();
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
}, 60_000);

test('3: the release folder is removed while it serves: verified running, and it cannot be restarted', async () => {
  const { yard, look, deployed } = await world();
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
}, 60_000);

test.skipIf(!hasHaproxy)(
  '5: green, and one of two is old: mixed, by what customers get',
  async () => {
    const { yard, look, deployed } = await world();
    yard.build('v1');
    yard.build('v2');
    const [a = 0, b = 0] = await freePorts(2);
    await yard.start('1', 'v2', a);
    await yard.start('2', 'v1', b);
    const front = await startFront({
      shop: { servers: { one: a, two: b }, ready: ['one', 'two'] },
    });
    ends.push(() => front.stop());
    const more = { front: front.url('shop'), balancer: haproxy(front.socket) };
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
    await more.balancer.set('shop', 'two', 'maint');
    await expect
      .poll(() => look(more), patient)
      .toMatchObject({
        verdict: 'verified',
        channels: ['S', 'O', 'D', 'F', 'C', 'B'],
      });
  },
  60_000,
);

test('6: the probe does not reach: unknown, and never the last claim', async () => {
  const { yard, look, lane, ground, deployed, send } = await world();
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
  const { yard, look, deployed } = await world();
  yard.build('v1');
  const [port = 0] = await freePorts(1);
  const { process: mark } = await yard.start('1', 'v1', port);
  await deployed('v1', 1);
  process.kill(mark?.pid ?? 0, 'SIGSTOP');
  await expect
    .poll(() => look(), patient)
    .toMatchObject({
      verdict: 'verified',
      channels: ['O', 'D', 'C'],
      findings: [{ kind: 'silent', level: 'critical' }],
    });
}, 60_000);

test('only who may act tells what runs: a token that may only send is not believed', async () => {
  const { yard, look, lane, ground, url, askJson } = await world();
  yard.build('v1');
  const { secret } = (await askJson(
    '/api/v1/tokens',
    json('POST', { name: 'app', scope: { may: 'send' } }),
  )) as unknown as { secret: string };
  const draft = evidenceDraft(blindEvidence(ground(), 'no reason', Date.now()), 'box');
  const sent = await fetch(`${url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify([draft]),
  });
  expect(sent.ok).toBe(true);
  expect(await lane()).toBeUndefined();
  await expect.poll(() => look(), patient).toMatchObject({ verdict: 'unknown' });
}, 60_000);
