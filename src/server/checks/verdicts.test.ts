import { beforeEach, expect, test } from 'vitest';
import { ChecksPlay, definitionOf } from '../../rooms/checks/checks.suite.ts';
import { defaultPolicy } from '../../rooms/checks/life.ts';
import { minute, runAt, ten } from '../../rooms/checks/life.suite.ts';
import type { CheckRun } from '../../rooms/checks/run.ts';
import type { Deploy } from '../../rooms/where/fold.ts';
import type { LaneKnown } from '../where/runtime.ts';
import { Verdicts } from './verdicts.ts';

const place = { application: 'shop', environment: 'staging', tag: '@gate' };

function deployed(version: string, at: number): Deploy {
  return {
    key: version,
    ids: [],
    state: 'succeeded',
    version,
    names: [version],
    commit: undefined,
    started: at,
    at,
    actor: undefined,
    url: undefined,
    reason: undefined,
    evidence: [{ offset: 1, time: at, source: 'x', type: 'x', id: 'x' } as never],
  };
}

/** A check that ran once a minute, and the deploys that it saw. */
class World {
  readonly play = new ChecksPlay();
  readonly runs: CheckRun[] = [];
  deploys: Deploy[] = [];
  now = ten;
  isKnown = true;
  changes = 0;
  readonly verdicts: Verdicts;

  constructor() {
    const { play } = this;
    this.verdicts = new Verdicts({
      keeper: {
        get state() {
          return play.state;
        },
        ready: true,
        handle: async (command) => play.give(command) !== undefined,
      },
      isKnown: () => this.isKnown,
      evidence: () => [
        {
          definition: definitionOf('home', { isGate: true, environment: 'staging' }),
          runs: this.runs,
          settings: { policy: { ...defaultPolicy(minute), bootGrace: 0 }, interval: minute },
          quarantined: false,
        },
      ],
      lanes: async () => [this.#lane()],
      now: () => this.now,
      onProblem: (error) => {
        throw error;
      },
    });
    this.verdicts.onChange(() => this.changes++);
  }

  deploy(version: string): void {
    this.deploys = [deployed(version, this.now), ...this.deploys];
    this.now += 1;
  }

  /** It runs so often, once a minute, and sees the version that is there. */
  run(times: number, state: CheckRun['state'] = 'ok'): void {
    for (let i = 0; i < times; i++) {
      const performance = [{ label: 'elapsed', value: 0.2, unit: 's', critical: 1 }];
      const [standing] = this.deploys;
      this.runs.push(runAt(this.now, state, { release: standing?.version, performance }));
      this.now += minute;
    }
  }

  of(version: string) {
    return this.verdicts.word({ ...place, version });
  }

  #lane(): LaneKnown {
    const lane = { app: 'shop', environment: 'staging', deploys: this.deploys };
    return { ...lane, instances: [], watched: [], contradiction: undefined };
  }
}

let world = new World();
beforeEach(() => {
  world = new World();
});

test('nothing is said before the checks are known', async () => {
  world.isKnown = false;
  world.deploy('1');
  world.run(3);
  expect(await world.of('1')).toBeUndefined();
});

test('what was said of a release is known when it is not there any more', async () => {
  world.deploy('1');
  world.run(6);
  await world.verdicts.look();
  expect(world.verdicts.kept({ ...place, version: '1' })).toMatchObject({ verdict: 'pass' });
  world.deploy('2');
  world.run(3, 'critical');
  await world.verdicts.look();
  expect(await world.of('2')).toMatchObject({ verdict: 'fail' });
  expect(await world.of('1')).toMatchObject({ verdict: 'pass', isRecorded: true });
  expect(world.verdicts.kept({ ...place, version: '1' })).toMatchObject({
    budgets: [{ label: 'elapsed', samples: 6, state: 'ok' }],
  });
});

test('also when nobody looked while it was', async () => {
  world.deploy('1');
  world.run(3);
  world.deploy('2');
  world.run(3, 'critical');
  await world.verdicts.look();
  expect(await world.of('1')).toMatchObject({
    verdict: 'pass',
    isRecorded: true,
    reason: expect.stringContaining('The home page passed with 1 in staging') as string,
  });
});

test('it is kept once, and told once', async () => {
  world.deploy('1');
  world.run(3);
  await world.verdicts.look();
  await world.verdicts.look();
  world.run(1);
  await world.verdicts.look();
  expect(world.play.facts).toHaveLength(1);
  expect(world.changes).toBe(1);
  world.run(3, 'critical');
  await world.verdicts.look();
  expect(world.play.facts).toHaveLength(2);
  expect(world.changes).toBe(2);
});
