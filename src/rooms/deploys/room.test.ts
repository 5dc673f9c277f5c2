import { describe, expect, test } from 'vitest';
import { toldBy } from '../where/told.ts';
import type { DeploysCommand } from './command.ts';
import { DeploysPlay, codeOf, lane, minute, noon, second } from './deploys.suite.ts';
import { laneKey } from './lanes.ts';

/** Given what happened, when somebody gives a command, then this becomes of it. */
interface Example {
  readonly title: string;
  readonly given?: (play: DeploysPlay) => void;
  /** Undefined: the deploy `id` of `given`, asked for by ann. */
  readonly when: (id: string, token: number) => DeploysCommand;
  readonly actor?: string;
  /** The last part of the type of the fact, `nothing`, or the code of the error. */
  readonly becomes: string;
}

const asked = (play: DeploysPlay): void => void play;
const running = (play: DeploysPlay): void => void play.start(first(play));
const ran = (play: DeploysPlay): void => play.run(first(play));
const lost = (play: DeploysPlay): void => play.run(first(play), 'lost');
const first = (play: DeploysPlay): string => [...play.state.deploys.keys()][0] ?? '';
const stage = {
  stage: 'fetching',
  state: 'running',
  started: noon,
  ended: null,
  text: null,
} as const;

const examples: readonly Example[] = [
  {
    title: 'a deploy that waits is cancelled at once',
    when: (deploy) => ({ kind: 'cancel', deploy }),
    becomes: 'deploy.cancelled',
  },
  {
    title: 'one that runs is asked to stop',
    given: running,
    when: (deploy) => ({ kind: 'cancel', deploy }),
    becomes: 'deploy.cancelling',
  },
  {
    title: 'one that is over cannot be cancelled',
    given: ran,
    when: (deploy) => ({ kind: 'cancel', deploy }),
    becomes: 'TERR_DEPLOYS_STATE',
  },
  {
    title: 'a runner takes it',
    when: (deploy) => ({ kind: 'start', deploy, runner: 'box' }),
    becomes: 'deploy.started',
  },
  {
    title: 'it is taken once',
    given: running,
    when: (deploy) => ({ kind: 'start', deploy, runner: 'box' }),
    becomes: 'TERR_DEPLOYS_STATE',
  },
  {
    title: 'another does not start beside it',
    given: (play) => {
      play.ask({ version: '3' });
      play.start([...play.state.deploys.keys()][1] ?? '');
    },
    when: (deploy) => ({ kind: 'start', deploy, runner: 'box' }),
    becomes: 'TERR_DEPLOYS_LANE',
  },
  {
    title: 'but in another lane it does',
    given: (play) => void play.start(play.ask({ version: '3', environment: 'staging' })),
    when: (deploy) => ({ kind: 'start', deploy, runner: 'box' }),
    becomes: 'deploy.started',
  },
  {
    title: 'what is refused does not start',
    given: (play) => {
      const word = { rule: 'freeze', word: 'refuses', reason: 'it is frozen' } as const;
      play.give({ kind: 'refuse', deploy: first(play), words: [word] });
    },
    when: (deploy) => ({ kind: 'start', deploy, runner: 'box' }),
    becomes: 'TERR_DEPLOYS_STATE',
  },
  {
    title: 'what runs is not refused',
    given: running,
    when: (deploy) => ({ kind: 'refuse', deploy, words: [] }),
    becomes: 'TERR_DEPLOYS_STATE',
  },
  {
    title: 'a stage is told',
    given: running,
    when: (deploy, token) => ({ kind: 'stage', deploy, token, stages: [stage] }),
    becomes: 'deploy.stage',
  },
  {
    title: 'and not again',
    given: (play) => {
      const deploy = first(play);
      play.give({ kind: 'stage', deploy, token: play.start(deploy), stages: [stage] });
    },
    when: (deploy, token) => ({ kind: 'stage', deploy, token, stages: [stage] }),
    becomes: 'nothing',
  },
  {
    title: 'a scenario is told',
    given: running,
    when: (deploy, token) => ({
      kind: 'smoke',
      deploy,
      token,
      smoke: [{ scenario: 'buy', state: 'passed', seconds: 1, text: null }],
    }),
    becomes: 'deploy.smoke',
  },
  {
    title: 'an older token is not heard',
    given: running,
    when: (deploy, token) => ({ kind: 'stage', deploy, token: token - 1, stages: [stage] }),
    becomes: 'TERR_DEPLOYS_FENCED',
  },
  {
    title: 'nor is the end that it tells',
    given: running,
    when: (deploy, token) => ({ kind: 'end', deploy, token: token - 1, result: 'succeeded' }),
    becomes: 'TERR_DEPLOYS_FENCED',
  },
  {
    title: 'who was given up as lost does not succeed afterwards',
    given: lost,
    when: (deploy, token) => ({ kind: 'end', deploy, token, result: 'succeeded' }),
    becomes: 'TERR_DEPLOYS_FENCED',
  },
  {
    title: 'a success is the CDEvent',
    given: running,
    when: (deploy, token) => ({ kind: 'end', deploy, token, result: 'succeeded' }),
    becomes: 'service.deployed',
  },
  {
    title: 'a version that was taken back is no deploy of it',
    given: running,
    when: (deploy, token) => ({ kind: 'end', deploy, token, result: 'rolled-back' }),
    becomes: 'deploy.failed',
  },
  {
    title: 'a gatekeeper approves',
    when: (deploy) => ({ kind: 'approve', deploy, gatekeeper: true }),
    actor: 'gil',
    becomes: 'deploy.approved',
  },
  {
    title: 'nobody else does',
    when: (deploy) => ({ kind: 'approve', deploy, gatekeeper: false }),
    actor: 'bob',
    becomes: 'TERR_DEPLOYS_FOREIGN',
  },
  {
    title: 'nor the one who asked',
    when: (deploy) => ({ kind: 'approve', deploy, gatekeeper: true }),
    becomes: 'TERR_DEPLOYS_OWN',
  },
  {
    title: 'approving twice is approving once',
    given: (play) =>
      void play.give({ kind: 'approve', deploy: first(play), gatekeeper: true }, 'gil'),
    when: (deploy) => ({ kind: 'approve', deploy, gatekeeper: true }),
    actor: 'gil',
    becomes: 'nothing',
  },
  {
    title: 'a version that others brought is borne out',
    when: () => ({ kind: 'verify', ...lane, version: '1' }),
    becomes: 'deploy.verified',
  },
  {
    title: 'a deploy that is not what stands any more is not',
    given: ran,
    when: (deploy) => ({ kind: 'verify', ...lane, version: '1', deploy }),
    becomes: 'nothing',
  },
  {
    title: 'breaking the glass is for gatekeepers',
    when: () => ({
      kind: 'request',
      what: 'deploy',
      ...lane,
      version: '2',
      breakGlass: { reason: 'the shop is down', rules: ['freeze'] },
    }),
    becomes: 'TERR_DEPLOYS_FOREIGN',
  },
  {
    title: 'an environment does not come after itself',
    given: (play) =>
      void play.give({ kind: 'environment', environment: 'b', changes: { after: 'a' } }),
    when: () => ({ kind: 'environment', environment: 'a', changes: { after: 'b' } }),
    becomes: 'TERR_DEPLOYS_INVALID',
  },
  {
    title: 'what is declared already changes nothing',
    given: (play) =>
      void play.give({ kind: 'environment', environment: 'b', changes: { approvals: 1 } }),
    when: () => ({ kind: 'environment', environment: 'b', changes: { approvals: 1 } }),
    becomes: 'nothing',
  },
  {
    title: 'two do not reserve one time',
    given: (play) =>
      void play.give({ kind: 'reserve', ...lane, from: noon, until: noon + 30 * minute }, 'bob'),
    when: () => ({
      kind: 'reserve',
      ...lane,
      app: 'search',
      from: noon + 29 * minute,
      until: noon + 40 * minute,
    }),
    becomes: 'TERR_DEPLOYS_RESERVED',
  },
  {
    title: 'one after the other they do',
    given: (play) =>
      void play.give({ kind: 'reserve', ...lane, from: noon, until: noon + 30 * minute }, 'bob'),
    when: () => ({ kind: 'reserve', ...lane, from: noon + 30 * minute, until: noon + 60 * minute }),
    becomes: 'reservation.made',
  },
  {
    title: 'what nobody knows',
    when: () => ({ kind: 'cancel', deploy: 'nothing' }),
    becomes: 'TERR_DEPLOYS_UNKNOWN',
  },
];

test.each(examples)('$title: $becomes', ({ given = asked, when, actor, becomes }) => {
  const play = new DeploysPlay();
  const id = play.ask();
  given(play);
  const before = play.facts.length;
  const command = when(id, play.deploy(id).token ?? 0);
  const code = codeOf(() => play.give(command, actor));
  const fact = play.facts[before]?.type.replace(/^dev\.cdeventsx\.territory-|^dev\.cdevents\./, '');
  const happened = fact?.split('.').slice(0, 2).join('.');
  expect(code === 'nothing' ? (happened ?? 'nothing') : code).toBe(becomes);
});

describe('a deploy from its asking to its end', () => {
  test('it waits, runs stage by stage, stands and is verified', () => {
    const play = new DeploysPlay();
    const id = play.ask({ digest: 'sha256:2', previous: '1', reason: 'SHOP-12', level: 'code' });
    expect(play.deploy(id)).toMatchObject({
      state: 'waiting',
      by: 'ann',
      at: noon,
      previous: '1',
      reason: 'SHOP-12',
    });
    const token = play.start(id);
    const started = play.facts.at(-1);
    expect(started).toMatchObject({ offset: token, subject: 'deploy/shop/production' });
    const again = { kind: 'stage', deploy: id, token } as const;
    play.give({ ...again, stages: [stage] });
    play.give({ ...again, stages: [{ ...stage, state: 'done', ended: noon + second }] });
    expect(play.deploy(id)).toMatchObject({
      state: 'running',
      runner: 'box',
      stages: [{ stage: 'fetching', state: 'done', ended: noon + second }],
    });
    play.now += minute;
    play.give({ kind: 'end', deploy: id, token, result: 'succeeded', serves: '2' });
    play.give({ kind: 'verify', ...lane, version: '2', deploy: id });
    expect(play.deploy(id)).toMatchObject({
      state: 'succeeded',
      ended: noon + minute,
      serves: '2',
    });
    expect(play.deploy(id).verified).toBe(noon + minute);
    expect(play.state.lanes.get(laneKey(lane))).toMatchObject({
      waiting: [],
      stands: { version: '2', deploy: id },
      took: { deploy: [minute] },
    });
  });

  test('what it tells, others understand as one deploy', () => {
    const play = new DeploysPlay();
    const id = play.ask();
    play.run(id);
    const heard = play.facts.map(toldBy).filter((told) => told !== undefined);
    expect(heard.map(({ happened }) => happened)).toEqual(['started', 'deployed']);
    for (const told of heard)
      expect(told).toMatchObject({ ...lane, version: '2', deployment: `shop/production/${id}` });
    const success = play.facts.at(-1);
    expect(success?.data).toMatchObject({
      context: { id: success?.id, source: 'territory/deploys' },
      subject: { id: 'service/shop', content: { environment: { id: 'production' } } },
      customData: { deploy: id, seconds: 60 },
    });
  });

  test('a lost one frees its lane, and was no success', () => {
    const play = new DeploysPlay();
    const [one, two] = [play.ask(), play.ask({ version: '3' })];
    play.run(one, 'lost');
    expect(play.deploy(one).state).toBe('lost');
    expect(play.state.lanes.get(laneKey(lane))?.stands).toBeUndefined();
    expect(play.start(two)).toBeGreaterThan(play.deploy(one).token ?? 0);
  });

  test('the same command again is the same deploy', () => {
    const play = new DeploysPlay();
    const command = { kind: 'request', what: 'deploy', ...lane, version: '2' } as const;
    for (const _ of [1, 2]) play.give(command, 'ann', 'the same');
    expect(play.state.deploys.size).toBe(1);
  });

  test('a rehearsal leaves its proof', () => {
    const play = new DeploysPlay();
    const id = play.ask({ what: 'rehearsal', previous: '1' });
    const token = play.start(id);
    play.give({ kind: 'end', deploy: id, token, result: 'succeeded', backSeconds: 14 });
    expect([...play.state.proofs.values()]).toEqual([
      { ...lane, from: '1', to: '2', at: noon, seconds: 14, good: true },
    ]);
    const bad = play.ask({ what: 'rehearsal', previous: '1' });
    play.run(bad, 'failed');
    expect([...play.state.proofs.values()]).toMatchObject([{ good: false }]);
    expect(codeOf(() => play.ask({ what: 'rehearsal' }))).toBe('TERR_DEPLOYS_INVALID');
  });
});
