import { describe, expect, test } from 'vitest';
import { DeploysPlay, hour, lane, minute, noon } from './deploys.suite.ts';
import { type Held, laneQueue, queueOf } from './queue.ts';
import { goodVersions, rollbackTarget } from './rollback.ts';

describe('the queue', () => {
  function order(play: DeploysPlay, held?: Held): string[] {
    const queue = laneQueue(play.state, lane, { now: play.now, ...(held && { held }) });
    return queue.waiting.map(({ deploy }) => deploy.version);
  }

  test('who asked first is first, but rollbacks go before', () => {
    const play = new DeploysPlay();
    for (const version of ['a', 'b']) play.ask({ version });
    play.ask({ version: 'back', what: 'rollback' });
    play.ask({ version: 'c' });
    expect(order(play)).toEqual(['back', 'a', 'b', 'c']);
    const { waiting } = laneQueue(play.state, lane, { now: play.now });
    expect(waiting.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
  });

  test('what is held or for later is not in the way', () => {
    const play = new DeploysPlay();
    const held = play.ask({ version: 'held' });
    play.ask({ version: 'later', notBefore: noon + hour });
    play.ask({ version: 'ready' });
    expect(order(play, new Map([[held, undefined]]))).toEqual(['ready', 'held', 'later']);
    const ready = play.ask({ version: 'last' });
    expect(play.word('lane', { id: ready }, { held: new Set([held]) })).toMatchObject([
      { reason: 'the deploy of shop ready by ann is before it' },
    ]);
  });

  test('whose time it is goes before others', () => {
    const play = new DeploysPlay();
    play.ask({ version: 'a' }, 'bob');
    play.ask({ version: 'b' }, 'ann');
    const id = play.give({ kind: 'reserve', ...lane, from: noon, until: noon + hour }, 'ann');
    expect(order(play)).toEqual(['b', 'a']);
    expect(id).not.toBe('');
    const [reservation] = play.state.reservations.keys();
    play.give({ kind: 'release', reservation: reservation ?? '', gatekeeper: false }, 'ann');
    expect(order(play)).toEqual(['a', 'b']);
  });

  test('when one begins follows from how long others took, and is not made up', () => {
    const play = new DeploysPlay();
    play.ask({ version: 'a' });
    expect(laneQueue(play.state, lane, { now: noon }).waiting[0]?.eta).toBe(noon);
    play.ask({ version: 'b' });
    expect(laneQueue(play.state, lane, { now: noon }).waiting[1]?.eta).toBeUndefined();

    const other = new DeploysPlay();
    other.run(other.ask({ version: '1' }));
    const begun = other.now;
    other.start(other.ask({ version: 'a' }));
    const held = other.ask({ version: 'held' });
    for (const version of ['b', 'c']) other.ask({ version });
    other.now += 20_000;
    const queue = laneQueue(other.state, lane, {
      now: other.now,
      held: new Map([[held, begun + hour]]),
    });
    expect(queue.waiting.map(({ deploy, eta }) => [deploy.version, eta])).toEqual([
      ['b', begun + minute],
      ['c', begun + 2 * minute],
      ['held', begun + hour],
    ]);
    // It takes longer than it should: the next is expected now, not in the past.
    other.now = begun + 5 * minute;
    expect(laneQueue(other.state, lane, { now: other.now }).waiting[0]?.eta).toBe(other.now);
  });

  test('lanes are told by environment and application', () => {
    const play = new DeploysPlay();
    for (const app of ['shop', 'search']) play.ask({ app });
    play.ask({ environment: 'staging', app: 'a' });
    play.run(play.ask({ environment: 'empty' }));
    expect(
      queueOf(play.state, noon).map(({ app, environment }) => `${environment} ${app}`),
    ).toEqual(['production search', 'production shop', 'staging a']);
  });
});

describe('what to go back to', () => {
  const target = (play: DeploysPlay, standing?: string) =>
    rollbackTarget(play.state, lane, standing)?.version;

  test('nothing where nothing else was borne out', () => {
    const play = new DeploysPlay();
    expect(target(play)).toBeUndefined();
    play.bring('1');
    expect(target(play)).toBeUndefined();
    play.run(play.ask({ version: '2' }));
    expect(target(play)).toBe('1');
  });

  test('the last that was verified here, not the last that was deployed', () => {
    const play = new DeploysPlay();
    play.bring('1');
    play.run(play.ask({ version: '2' }));
    play.bring('3', { environment: 'staging' });
    play.run(play.ask({ version: '4' }));
    expect(target(play)).toBe('1');
  });

  test('never one that was rolled back', () => {
    const play = new DeploysPlay();
    for (const version of ['1', '2', '3']) play.bring(version);
    expect(target(play)).toBe('2');
    play.bring('2', {}, 'rollback');
    expect(target(play)).toBe('1');
    play.bring('1', {}, 'rollback');
    expect(target(play)).toBeUndefined();
    play.bring('2');
    expect(target(play)).toBe('1');
    expect(goodVersions(play.state, lane).map(({ version }) => version)).toEqual(['2', '1']);
  });

  test('nor one that failed with its code running; what failed before that says nothing of it', () => {
    const play = new DeploysPlay();
    for (const version of ['1', '2', '3']) play.bring(version);
    const early = play.ask({ version: '2' });
    const token = play.start(early);
    play.reach(early, 'fetching');
    play.give({ kind: 'end', deploy: early, token, result: 'failed' }, 'box');
    expect(target(play)).toBe('2');
    play.run(play.ask({ version: '2' }), 'failed');
    expect(target(play)).toBe('1');
  });

  test('one that was taken back while it was watched does not stand, and is bad', () => {
    const play = new DeploysPlay();
    for (const version of ['1', '2']) play.bring(version);
    play.run(play.ask({ version: '3' }), 'rolled-back', { serves: '2' });
    expect(target(play)).toBe('1');
    expect(target(play, '3')).toBe('2');
  });

  test('what evidence sees counts where it differs from what is known', () => {
    const play = new DeploysPlay();
    for (const version of ['1', '2']) play.bring(version);
    expect(target(play, '1')).toBe('2');
    play.give({ kind: 'verify', ...lane, version: '9' }, 'system');
    expect(target(play)).toBe('2');
  });

  test('another artefact of the same name has to be borne out itself', () => {
    const play = new DeploysPlay();
    for (const version of ['1', '2']) play.bring(version);
    play.run(play.ask({ version: '1', digest: 'sha256:other' }));
    play.run(play.ask({ version: '3' }));
    expect(target(play)).toBe('2');
  });
});
