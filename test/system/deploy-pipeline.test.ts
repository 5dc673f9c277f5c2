import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shopFiles } from '../../src/runner/execute/shop.suite.ts';
import { scratchRepository } from '../../src/release/shop.suite.ts';
import { hasHaproxy, startLoad } from '../../src/runner/strategy/front.suite.ts';
import { World, isOver } from './deploy-world.suite.ts';
import { scratch } from './server.suite.ts';

const environments = ['integration', 'staging', 'production'] as const;

test.skipIf(!hasHaproxy)(
  'from git push to verified in production through three environments, and back',
  async () => {
    const world = await World.open({ environments, instances: 1 });
    world.startRunner();
    // Who asked for a deploy does not approve it.
    const ben = { token: await world.tokenOf('ben', 'gatekeeper') };
    const bare = join(scratch(), 'shop.git');
    execFileSync('git', ['init', '-q', '--bare', '-b', 'main', bare]);
    const shop = scratchRepository();
    shop.git('remote', 'add', 'origin', bare);
    const store = scratch();
    /** Commits, tags, pushes and builds. */
    const release = async (
      version: string,
      files: Readonly<Record<string, string>>,
    ): Promise<void> => {
      shop.commit(version, files);
      shop.git('tag', version);
      shop.git('push', '-q', 'origin', 'main', version);
      const built = await world.cli(
        'release',
        'build',
        bare,
        '--tag',
        version,
        '--to',
        store,
        '--push',
      );
      expect(built).toMatchObject({ code: 0 });
    };
    for (const [name, after] of [
      ['staging', 'integration'],
      ['production', 'staging'],
    ]) {
      const policy = name === 'production' ? { after, approvals: 1 } : { after };
      const { status } = await world.post(`/api/v1/deploys/environments/${name}`, policy, {
        method: 'PATCH',
      });
      expect(status).toBe(200);
    }
    /** Through one environment, until evidence bears it out. */
    const through = async (version: string, environment: string): Promise<void> => {
      const asked = await world.deploy({ version, environment });
      if (environment === 'production')
        await world.post(`/api/v1/deploys/${asked.id}/approve`, {}, ben);
      const deploy = await world.once(asked.id, (one) => isOver(one) && one.verified !== null);
      expect(deploy).toMatchObject({ state: 'succeeded', verified: expect.any(Number) });
      const answer = await fetch(world.front(environment).url('shop'));
      expect(answer.headers.get('x-release')).toBe(version);
    };

    await release('release_1', shopFiles());
    const early = await world.post('/api/v1/deploys', {
      app: 'shop',
      version: 'release_1',
      environment: 'production',
    });
    expect(early).toMatchObject({ status: 409, json: { code: 'TERR_DEPLOYS_REFUSED' } });
    for (const environment of environments) await through('release_1', environment);

    // The measured one: a change of a running system.
    const load = startLoad(world.front('production').url('shop'), 4);
    const start = performance.now();
    await release('release_2', { 'note.txt': 'two\n' });
    for (const environment of environments) await through('release_2', environment);
    const seconds = (performance.now() - start) / 1000;
    process.stdout.write(`git push to verified in production: ${seconds.toFixed(1)} s\n`);
    expect(seconds).toBeLessThan(60);

    // One that never becomes ready does not get past the first environment, and is seen by nobody.
    await release('release_3', shopFiles({ ready: 500 }));
    const bad = await world.cli('deploy', 'shop', 'release_3', '--to', 'integration', '--watch');
    expect({ ...bad, out: `${bad.out}${bad.err}` }).toMatchObject({
      code: 3,
      out: expect.stringContaining('/healthcheck/ready answers 500'),
    });
    const integration = await fetch(world.front('integration').url('shop'));
    expect(integration.headers.get('x-release')).toBe('release_2');

    // Going back is rehearsed where nobody minds, and what it took stands beside the next one.
    await release('release_4', { ...shopFiles(), 'note.txt': 'four\n' });
    await through('release_4', 'integration');
    const rehearsed = await world.cli(
      'rehearse',
      'shop',
      'release_4',
      '--in',
      'staging',
      '--watch',
    );
    expect({ ...rehearsed }).toMatchObject({ code: 0 });
    const plan = await world.plan({ version: 'release_4', environment: 'production' });
    expect(plan.proof).toMatchObject({ good: true, environment: 'staging' });
    expect(plan.proof?.seconds).toBeGreaterThan(0);

    const args = ['rollback', 'shop', '--in', 'production', '--reason', 'a drill', '--watch'];
    expect(await world.cli(...args)).toMatchObject({ code: 0 });
    const after = await fetch(world.front('production').url('shop'));
    expect(after.headers.get('x-release')).toBe('release_1');
    await load.stop();
    expect({ failed: load.failed(), first: load.tally.firstFailure }).toEqual({ failed: 0 });
  },
  240_000,
);
