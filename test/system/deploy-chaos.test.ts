import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { buildShop } from '../../src/runner/execute/shop.suite.ts';
import { hasHaproxy, startLoad } from '../../src/runner/strategy/front.suite.ts';
import type { Deploy } from '../../src/server/api/contract-deploys.ts';
import { World, end, isOver } from './deploy-world.suite.ts';

/**
 * kill -9 of the server, the runner or the job at random moments of a deploy, under load. Each time it
 * comes to an end that is true, the lane is free after it, and customers notice nothing.
 * TERRITORY_KILLS=50 kills more often, TERRITORY_SEED=n at other moments.
 */
const kills = Number(process.env['TERRITORY_KILLS'] ?? 8);
const seed = Number(process.env['TERRITORY_SEED'] ?? 1);

const victims = ['server', 'runner', 'job', 'minder', 'runner and job'] as const;
type Victim = (typeof victims)[number];

/** Mulberry32: a number from 0 up to 1, the same ones for the same seed. */
function chances(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test.skipIf(!hasHaproxy)(
  `${kills} kills at random moments of deploys: each ends truly, and no customer notices`,
  async () => {
    const world = await World.open({ environments: ['production'], instances: 2 });
    const chance = chances(seed);
    await buildShop(join(world.server.dir, 'artefacts'), { settle: '1s' });
    world.startRunner();
    const first = await world.deploy({ version: 'release_1', environment: 'production' });
    await succeeds(world, first);
    const load = startLoad(world.front('production').url('shop'), 4);
    let serves = 'release_1';
    const figures: string[] = [];
    for (let round = 1; round <= kills; round++) {
      const versions = ['release_1', 'release_2', 'release_3'].filter((one) => one !== serves);
      const version = versions[Math.floor(chance() * versions.length)] ?? 'release_1';
      const victim = victims[Math.floor(chance() * victims.length)] ?? 'job';
      // A process takes its time to begin, and not all kills are to fall into that.
      const early = chance() < 0.25;
      const after = Math.round(chance() * 2_500);
      const asked = await world.deploy({ version, environment: 'production' });
      const begun = ({ stage, state }: Deploy): boolean =>
        early ? state !== 'queued' && state !== 'waiting' : stage !== null;
      await world.once(asked.id, (one) => begun(one) || isOver(one));
      await pause(after);
      await kill(world, victim);
      const killedAt = performance.now();
      const deploy = await world.once(asked.id, isOver, 90);
      const seconds = ((performance.now() - killedAt) / 1000).toFixed(1);
      const now = await servesNow(world);
      figures.push(
        `${round}: ${victim}, ${after} ms after ${early ? 'the order' : 'its beginning'}: ${deploy.state} at ${deploy.stage}, ${now} serves, ${seconds} s later${load.failed() > 0 ? `, ${load.failed()} failed` : ''}`,
      );
      process.stdout.write(`${figures.at(-1)}\n`);
      expect({ round, failed: load.failed(), first: load.tally.firstFailure }).toEqual({
        round,
        failed: 0,
      });
      expect({ round, deploy, isTrue: isTrue(deploy, { before: serves, now }) }).toMatchObject({
        isTrue: true,
      });
      serves = now;
    }
    const { requests } = await load.stop();
    process.stdout.write(`${kills} kills, ${requests} requests, ${load.failed()} failed\n`);
    const last = await world.deploy({
      version: serves === 'release_1' ? 'release_2' : 'release_1',
      environment: 'production',
    });
    await succeeds(world, last);
  },
  120_000 + kills * 60_000,
);

test.skipIf(!hasHaproxy)(
  'a runner that was silent for too long comes back: what it did is ended before anything new begins',
  async () => {
    const flags = ['--deploys.lostAfter', '8s'];
    const world = await World.open({ environments: ['production'], instances: 2, flags });
    await buildShop(join(world.server.dir, 'artefacts'));
    world.startRunner();
    const production = { environment: 'production' };
    const first = await world.deploy({ version: 'release_1', ...production });
    await succeeds(world, first);
    const load = startLoad(world.front('production').url('shop'), 4);
    const silent = await world.deploy({ version: 'release_watched', ...production });
    await world.once(silent.id, ({ stage }) => stage === 'watching');
    await world.killRunner();
    expect(await world.once(silent.id, isOver)).toMatchObject({ state: 'lost' });
    const next = await world.deploy({ version: 'release_2', ...production });
    world.startRunner();
    await succeeds(world, next);
    expect(await servesNow(world)).toBe('release_2');
    expect(world.runnerSaid).toMatch(/not ours any more/);
    expect(world.runnerSaid).toMatch(/was left unfinished in this lane and is ended first/);
    expect(await world.once(silent.id, isOver)).toMatchObject({ state: 'lost' });
    await load.stop();
    expect({ failed: load.failed(), first: load.tally.firstFailure }).toEqual({ failed: 0 });
  },
  180_000,
);

async function succeeds(world: World, { id }: Deploy): Promise<void> {
  const { state, reason } = await world.once(id, isOver);
  expect({ state, reason }).toEqual({ state: 'succeeded', reason: null });
}

/** What was killed is started again, as whoever keeps it running would. */
async function kill(world: World, victim: Victim): Promise<void> {
  const { deploys, minders } = world.jobPids();
  if (victim === 'server') {
    await world.killServer();
    await world.startServer();
    return;
  }
  if (victim.includes('job')) deploys.forEach(end);
  if (victim === 'minder') minders.forEach(end);
  if (!victim.includes('runner')) return;
  await world.killRunner();
  world.startRunner();
}

/**
 * Whether how a deploy ended is what is found: a success is the new version with all stages done; a
 * failure has a reason, and the old version unless it says that the new one was left.
 */
function isTrue(
  { state, version, reason, stages }: Deploy,
  { before, now }: { readonly before: string; readonly now: string },
): boolean {
  if (state === 'succeeded')
    return now === version && stages.every((one) => ['done', 'skipped'].includes(one.state));
  const stays = /killed after the switch/.test(reason ?? '');
  return ['failed', 'rolled-back'].includes(state) && now === (stays ? version : before);
}

/** The one version that customers get, many times over. */
async function servesNow(world: World): Promise<string> {
  const url = world.front('production').url('shop');
  const versions = new Set<string>();
  for (let i = 0; i < 8; i++) {
    const answer = await fetch(url, { headers: { connection: 'close' } });
    versions.add(answer.headers.get('x-release') ?? 'none');
  }
  expect([...versions]).toHaveLength(1);
  return [...versions][0] ?? 'none';
}
