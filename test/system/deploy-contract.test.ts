import { join } from 'node:path';
import { expect, test } from 'vitest';
import { build } from '../../src/release/build.suite.ts';
import { scratchRepository } from '../../src/release/shop.suite.ts';
import { shopFiles } from '../../src/runner/execute/shop.suite.ts';
import { hasHaproxy } from '../../src/runner/strategy/front.suite.ts';
import type { Deploy } from '../../src/server/api/contract-deploys.ts';
import { until } from './api.suite.ts';
import { World, isOver } from './deploy-world.suite.ts';

const environment = 'production';

/** The first has a column for notes; the second one's code needs it no more, and takes it away later. */
async function buildBoth(store: string): Promise<void> {
  const { path, commit, git } = scratchRepository();
  const release = async (version: string, files: Readonly<Record<string, string>>) => {
    commit(version, files);
    git('tag', version);
    await build({ path, tag: version, store });
  };
  await release('release_1', {
    ...shopFiles({ keepOld: '0s' }),
    'migrations/0001_orders.up.sql': 'create table orders (id integer primary key, note text);\n',
  });
  await release('release_2', {
    'migrations/0002_no_note.up.sql': '-- phase: contract\nalter table orders drop column note;\n',
  });
}

test.skipIf(!hasHaproxy)(
  'the way back is open until what the old code needs was taken away, not only until it is left',
  async () => {
    const world = await World.open({ environments: [environment], instances: 1 });
    await buildBoth(join(world.server.dir, 'artefacts'));
    world.startRunner();
    const through = async (version: string): Promise<void> => {
      const asked = await world.deploy({ version, environment });
      const deploy = await world.once(asked.id, (one) => isOver(one) && one.verified !== null);
      expect(deploy).toMatchObject({ state: 'succeeded' });
    };
    await through('release_1');
    await through('release_2');

    // release_2 stands and has the migration, which is left for later.
    const back = ['rollback', 'shop', '--in', environment, '--reason', 'a drill', '--watch'];
    expect(await world.cli(...back)).toMatchObject({ code: 0 });
    await through('release_2');

    // Nobody looks: it is not refused for that, and goes on with the next look.
    await world.killRunner();
    const wordOf = async () =>
      (await world.plan({ version: 'release_1', environment })).gates.find(
        ({ rule }) => rule === 'schema',
      )?.word;
    await until(async () => (await wordOf()) === 'waits', 20, 'the last look was too long ago');
    const asked = await world.post<Deploy>('/api/v1/deploys/rollback', {
      app: 'shop',
      environment,
    });
    expect(asked).toMatchObject({ status: 201, json: { state: 'waiting' } });
    world.startRunner();
    expect(await world.once(asked.json.id, isOver)).toMatchObject({ state: 'succeeded' });
    await through('release_2');

    const contract = ['migrations', 'contract', 'shop', '--in', environment];
    expect(await world.cli(...contract, '--config', world.config)).toMatchObject({
      code: 0,
      out: 'orders-db 0002_no_note\n  alter table orders drop column note\n',
    });
    const refusals = async (): Promise<readonly (string | null | undefined)[]> => {
      const { gates } = await world.plan({ version: 'release_1', environment });
      return gates.filter(({ word }) => word === 'refuses').map(({ reason }) => reason);
    };
    await until(async () => (await refusals()).length > 0, 20, 'the runner looked again');
    expect(await refusals()).toEqual([
      'orders-db 0002_no_note is applied in production, and release_1 cannot live with that',
    ]);
    const refused = await world.cli(...back);
    expect(refused).toMatchObject({ code: 2 });
    expect(`${refused.out}${refused.err}`).toContain('orders-db 0002_no_note is applied');
  },
  180_000,
);
