import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { buildShop } from '../../src/runner/execute/shop.suite.ts';
import { type Sshd, noSshd, startSshd } from '../../src/runner/ssh/sshd.suite.ts';
import { hasHaproxy, startLoad } from '../../src/runner/strategy/front.suite.ts';
import type { Deploy } from '../../src/server/api/contract-deploys.ts';
import { World, end, isOver } from './deploy-world.suite.ts';
import { until } from './api.suite.ts';

if (noSshd) process.stderr.write(`skipped: ${noSshd}\n`);

/** Follows it to its end, and minds that what the server shows of its log is what was written there. */
async function ended(world: World, asked: Deploy): Promise<Deploy> {
  const deploy = await world.once(asked.id, (one) => isOver(one) && one.state !== 'queued', 90);
  const [log] = readdirSync(world.jobs)
    .filter((name) => decodeURIComponent(name) === asked.id)
    .map((name) => readFileSync(join(world.jobs, name, 'run-1/log'), 'utf8'));
  const shown = await world.server.request(`/api/v1/deploys/${asked.id}/log`);
  expect(shown.text).toContain((log ?? 'nothing was written').trim().split('\n').at(-1));
  return deploy;
}

describe.skipIf(noSshd !== '' || !hasHaproxy)('a runner that reaches the machine by ssh', () => {
  test('deploys, through a cut wire and its own death; tends what runs; cancels', async () => {
    const world = await World.open({ environments: ['production'], instances: 1 });
    const folder = join(world.dir, 'sshd');
    mkdirSync(folder);
    const sshd: Sshd = await startSshd(folder);
    try {
      world.reachedBySsh(sshd.place([]));
      const store = join(world.server.dir, 'artefacts');
      await buildShop(store, { settle: '1s' });
      world.startRunner();
      const ask = async (version: string): Promise<Deploy> =>
        world.deploy({ version, environment: 'production' });

      const first = await ask('release_1');
      expect(await ended(world, first)).toMatchObject({ state: 'succeeded' });
      // What runs there is told from there.
      await world.once(first.id, ({ verified }) => verified !== null);

      const load = startLoad(world.front('production').url('shop'), 4);
      const second = await ask('release_2');
      await world.once(second.id, ({ stage }) => stage !== null);
      sshd.cut();
      await pause(1_500);
      sshd.mend();
      expect(await ended(world, second)).toMatchObject({ state: 'succeeded' });

      const third = await ask('release_3');
      await world.once(third.id, ({ stage }) => stage !== null);
      await world.killRunner();
      await pause(500);
      world.startRunner();
      expect(await ended(world, third)).toMatchObject({ state: 'succeeded' });
      await load.stop();
      expect({ failed: load.failed(), first: load.tally.firstFailure }).toEqual({ failed: 0 });

      // An instance that dies there is started again.
      const pids = async (): Promise<readonly number[]> =>
        (await world.instances().list()).flatMap(({ process }) => process?.pid ?? []);
      const [pid = 0] = await pids();
      expect(pid).toBeGreaterThan(0);
      end(pid);
      await until(
        async () => {
          const now = await pids();
          return now.length > 0 && !now.includes(pid);
        },
        30,
        'another instance',
      );

      const fourth = await ask('release_watched');
      await world.once(fourth.id, ({ stage }) => stage === 'watching');
      await world.post(`/api/v1/deploys/${fourth.id}/cancel`, { text: 'a drill' });
      expect(await ended(world, fourth)).toMatchObject({ state: 'cancelled' });
      const answer = await fetch(world.front('production').url('shop'));
      expect(answer.headers.get('x-release')).toBe('release_3');
    } finally {
      await world.killRunner();
      await sshd.stop();
    }
  }, 240_000);
});
