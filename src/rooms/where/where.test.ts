import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deployFact, discoveredFact, whereSource } from './facts.ts';
import { WhereState, previousOf, standingOf } from './fold.ts';
import { Instances } from './instances.ts';
import { toldBy } from './told.ts';
import { untoldRuns } from './untold.ts';
import { World, minute, start } from './where.suite.ts';

const versions = (world: World): (string | undefined)[] => {
  const { deploys } = world.known(0);
  return [standingOf(deploys)?.deploy.version, previousOf(deploys)?.deploy.version];
};

describe('what is told', () => {
  test('a deploy begins, ends, and is what runs; the one before is known', () => {
    const world = new World();
    world.report('finished', '1.0');
    world.report('started', '1.1', minute);
    expect(versions(world)).toEqual(['1.0', undefined]);
    expect(world.known(0).deploys[0]).toMatchObject({ state: 'running', version: '1.1' });
    world.report('finished', '1.1', 2 * minute);
    expect(versions(world)).toEqual(['1.1', '1.0']);
    expect(world.known(0).deploys).toHaveLength(2);
    expect(world.known(0).deploys[0]).toMatchObject({
      state: 'succeeded',
      started: start + minute,
      at: start + 2 * minute,
    });
  });

  test.each(['failed', 'refused', 'cancelled', 'lost'] as const)(
    '%s changes nothing of what runs',
    (how) => {
      const world = new World();
      world.report('finished', '1.0');
      world.report('started', '1.1', minute);
      world.report(how, '1.1', 2 * minute, { reason: 'no room' });
      expect(versions(world)).toEqual(['1.0', undefined]);
      expect(world.known(0).deploys[0]).toMatchObject({ state: how, reason: 'no room' });
    },
  );

  test('a rollback is a deploy of its own, and is told as one', () => {
    const world = new World();
    world.report('finished', '1.0');
    world.report('finished', '1.1', minute);
    world.report('finished', '1.0', 2 * minute, { id: 'back', rollback: true });
    expect(versions(world)).toEqual(['1.0', '1.1']);
    expect(world.known(0).deploys.map(({ state }) => state)).toEqual([
      'rolledback',
      'succeeded',
      'succeeded',
    ]);
  });

  test('an end without a name ends the one of that version that is under way', () => {
    const world = new World();
    world.report('started', '1.1');
    const cdevent = {
      type: 'dev.cdevents.service.deployed.0.3.0',
      service: 'shop',
      environment: 'production',
      time: start + minute,
      data: { subject: { content: { artifactId: 'pkg:oci/shop@1.1' } } },
    };
    world.hear(cdevent);
    expect(world.known(0).deploys).toHaveLength(1);
    expect(world.known(0).deploys[0]).toMatchObject({
      state: 'succeeded',
      ids: ['shop/production/run-1.1'],
    });
  });

  test('a pipeline and its forge that tell of one deploy tell of one', () => {
    const world = new World();
    const commit = '3f2a91c0d5e6f708192a3b4c5d6e7f8091a2b3c4';
    world.report('finished', '1.1', 0, { commit });
    world.hear({
      type: 'dev.cdevents.service.deployed.0.3.0',
      source: 'https://github.com/acme/shop',
      service: 'shop',
      environment: 'production',
      time: start + 20_000,
      attributes: { 'deployment.id': '4711', 'vcs.ref.head.revision': commit },
    });
    expect(world.known(0).deploys).toHaveLength(1);
    expect(world.judge(minute).verdict).toBe('claimed');
  });

  test('a publication tells of another version or of nothing new', () => {
    const world = new World();
    world.report('finished', '1.0');
    const type = 'dev.cdevents.service.published.0.3.0';
    const published = { type, service: 'shop', environment: 'production', time: start + minute };
    world.hear(published);
    world.hear({ ...published, attributes: { 'service.version': '1.0' } });
    expect(world.known(0).deploys).toHaveLength(1);
    world.hear({ ...published, attributes: { 'service.version': '1.1' } });
    expect(versions(world)).toEqual(['1.1', '1.0']);
  });

  test('what is told late takes its place in time', () => {
    const world = new World();
    world.report('finished', '1.2', 2 * minute);
    world.report('finished', '1.1', minute);
    world.report('started', '1.2', minute);
    expect(versions(world)).toEqual(['1.2', '1.1']);
    expect(world.known(0).deploys[0]).toMatchObject({ started: start + minute });
  });

  test('a clock that is ahead does not keep what comes later from being the newest', () => {
    const world = new World();
    world.hear(
      deployFact({
        report: 'finished',
        app: 'shop',
        environment: 'production',
        version: '1.0',
        id: 'a',
        time: start + 1e9,
      }),
      start,
    );
    world.report('finished', '1.1', minute);
    expect(versions(world)).toEqual(['1.1', '1.0']);
  });

  test('since when a version runs is when it first came, not when it was deployed again', () => {
    const world = new World();
    world.report('finished', '1.0', 0);
    world.report('finished', '1.1', minute);
    world.report('finished', '1.1', 60 * minute, { id: 'again' });
    expect(standingOf(world.known(0).deploys)?.since).toBe(start + minute);
  });

  test('the order in which facts come does not matter', () => {
    const told = ['1.0', '1.1', '1.2', '1.1'].flatMap((version, i) =>
      (['started', 'finished'] as const).map((report, j) => ({
        report,
        version,
        after: (i * 2 + j) * 30 * minute,
        id: `run-${i}`,
      })),
    );
    const play = (reports: readonly (typeof told)[number][]) => {
      const world = new World();
      for (const { report, version, after, id } of reports)
        world.report(report, version, after, { id });
      return world
        .known(0)
        .deploys.map(({ ids, state, started, at }) => ({ ids, state, started, at }));
    };
    fc.assert(
      fc.property(fc.shuffledSubarray(told, { minLength: told.length }), (shuffled) => {
        expect(play(shuffled)).toEqual(play(told));
      }),
    );
  });
});

describe('what is said of it (A9)', () => {
  test('only told: claimed and unverified, with its age', () => {
    const world = new World();
    world.report('finished', '1.1');
    expect(world.judge(5 * minute)).toMatchObject({
      verdict: 'claimed',
      age: 5 * minute,
      because: 'claimed 1.1, unverified: no instance reports its version',
    });
  });

  test('instances report the told version: verified', () => {
    const world = new World();
    world.report('finished', 'v1.1');
    world.see('a', '1.1', minute);
    world.see('b', '1.1', minute + 1_000);
    expect(world.judge(minute + 13_000)).toMatchObject({ verdict: 'verified', age: 12_000 });
  });

  test('golden 1: the old version was started by hand: contradicted', () => {
    const world = new World();
    world.report('finished', '1.0');
    world.report('finished', '1.1', minute);
    world.see('a', '1.0', 2 * minute);
    expect(world.judge(2 * minute)).toMatchObject({
      verdict: 'contradicted',
      because: 'told 1.1, runs 1.0',
    });
  });

  test('golden 4: the deploy was told by nobody: contradicted, and discovered', () => {
    const world = new World();
    world.report('finished', '1.0');
    world.see('a', '1.1', 60 * minute);
    expect(world.judge(60 * minute).verdict).toBe('contradicted');
    expect(untoldRuns(world.known(60 * minute)).map(({ version }) => version)).toEqual(['1.1']);
    const told = { version: '1.0', offset: 1 };
    const lane = { app: 'shop', environment: 'production' };
    const found = { ...lane, version: '1.1', told, instances: ['a'], since: start };
    world.hear({ ...discoveredFact(found, start + 61 * minute), source: whereSource });
    // Not a silent correction: what was told stands until somebody tells otherwise.
    expect(world.judge(61 * minute)).toMatchObject({ verdict: 'contradicted' });
    expect(untoldRuns(world.known(61 * minute))).toEqual([]);
    expect(world.known(0).deploys[0]).toMatchObject({ state: 'discovered', actor: 'unknown' });
    world.report('finished', '1.1', 62 * minute);
    expect(world.judge(62 * minute).verdict).toBe('verified');
  });

  test('golden 5: one of two instances is old: mixed', () => {
    const world = new World();
    world.report('finished', '1.1');
    world.see('a', '1.1', minute);
    world.see('b', '1.0', minute);
    expect(world.judge(minute)).toMatchObject({
      verdict: 'mixed',
      because: 'mixed 1.0 50 % / 1.1 50 %; told 1.1',
    });
  });

  test('golden 6: silence is never "down to the last claim", and not verified any more', () => {
    const world = new World();
    world.see('a', '1.1', 0);
    expect(world.judge(60 * minute)).toMatchObject({ verdict: 'unknown', age: 60 * minute });
    world.report('finished', '1.1', 0);
    expect(world.judge(2 * minute).verdict).toBe('verified');
    expect(world.judge(4 * minute)).toMatchObject({
      verdict: 'claimed',
      because: 'claimed 1.1, unverified: no instance reports lately',
    });
  });

  test('instances of before may leave for a moment', () => {
    const world = new World();
    world.report('finished', '1.0');
    world.see('a', '1.0', minute + 2_000);
    world.report('finished', '1.1', minute);
    world.see('b', '1.1', minute + 3_000);
    expect(world.judge(minute + 5_000).verdict).toBe('verified');
    world.see('a', '1.0', minute + 20_000);
    expect(world.judge(minute + 21_000).verdict).toBe('mixed');
  });

  test('an instance that stayed behind is mixed, and nothing that was discovered', () => {
    const world = new World();
    world.report('finished', '1.0');
    world.report('finished', '1.1', minute);
    world.see('a', '1.0', 2 * minute);
    world.see('b', '1.1', 2 * minute);
    expect(untoldRuns(world.known(2 * minute))).toEqual([]);
    world.see('b', '1.0', 3 * minute);
    expect(untoldRuns(world.known(3 * minute))).toMatchObject([{ version: '1.0' }]);
  });

  test('what is under way brings its version before it is told to be done', () => {
    const world = new World();
    world.report('finished', '1.0');
    world.report('started', '1.1', minute);
    world.see('a', '1.1', 2 * minute);
    expect(untoldRuns(world.known(2 * minute))).toEqual([]);
  });

  test('two sources that tell of different versions at once contradict each other', () => {
    const world = new World();
    world.report('finished', '1.1');
    world.hear({
      ...deployFact({
        report: 'finished',
        app: 'shop',
        environment: 'production',
        version: '1.2',
        id: 'other',
        time: start + 10_000,
      }),
      source: '/other',
    });
    expect(world.judge(minute)).toMatchObject({
      verdict: 'contradicted',
      because: 'told 1.2 by /other, and 1.1 by /deploys/shop',
    });
    world.see('a', '1.2', 2 * minute);
    expect(world.judge(2 * minute).verdict).toBe('verified');
  });

  test('a version says nothing against a commit', () => {
    const world = new World();
    world.report('finished', '3f2a91c0d5');
    world.see('a', '1.4.2', minute);
    expect(world.judge(minute).verdict).toBe('claimed');
    world.see('a', '3f2a91c0d5e6f708192a3b4c5d6e7f8091a2b3c4', 2 * minute);
    expect(world.judge(2 * minute).verdict).toBe('verified');
  });

  test('removed, and still running: contradicted', () => {
    const world = new World();
    world.report('finished', '1.1');
    world.hear({
      type: 'dev.cdevents.service.removed.0.3.0',
      service: 'shop',
      environment: 'production',
      time: start + minute,
    });
    expect(world.judge(2 * minute)).toMatchObject({ verdict: 'claimed' });
    world.see('a', '1.1', 2 * minute);
    expect(world.judge(2 * minute)).toMatchObject({ verdict: 'contradicted' });
  });

  test('nothing known is unknown', () => {
    expect(new World().judge(0)).toMatchObject({ verdict: 'unknown', age: null });
  });
});

test('lanes, deploys and instances are bounded, and what runs is never forgotten for what failed', () => {
  const state = new WhereState({ lanes: 2, deploys: 3 });
  const world = new World();
  const tell = (app: string, report: 'finished' | 'failed', i: number): void => {
    const fact = deployFact({
      report,
      app,
      environment: 'e',
      version: `${i}`,
      id: `r${i}`,
      time: start + i * minute,
    });
    const told = toldBy(world.hear(fact));
    if (told) state.fold(told);
  };
  tell('a', 'finished', 1);
  for (let i = 2; i < 9; i++) tell('a', 'failed', i);
  const { deploys = [] } = state.lane('a', 'e') ?? {};
  expect(deploys.map(({ version }) => version)).toEqual(['8', '7', '1']);
  tell('b', 'finished', 1);
  tell('c', 'finished', 1);
  expect([...state.lanes()].map(({ app }) => app)).toEqual(['b', 'c']);
  expect(state.counters).toMatchObject({ forgottenLanes: 1, forgottenDeploys: 5 });
  const instances = new Instances(2);
  for (const instance of ['x', 'y', 'z'])
    instances.see({ app: 'a', environment: 'e', instance, version: '1', time: 1, offset: 1 });
  expect([...instances.all()].map(({ instance }) => instance)).toEqual(['y', 'z']);
  instances.forgetIdle(1 + 25 * 60 * minute);
  expect(instances.size).toBe(0);
});
