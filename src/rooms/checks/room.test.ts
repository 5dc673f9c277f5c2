import { describe, expect, test } from 'vitest';
import { ChecksPlay, definitionOf } from './checks.suite.ts';
import { checksRoom } from './room.ts';
import { quarantineOf } from './state.ts';

const day = 86_400_000;

describe('features', () => {
  const save = (revision: number, text = 'Feature: Shop') =>
    ({ kind: 'save-feature', file: 'shop/basket.feature', text, revision }) as const;

  test('are saved, and saved over by who knows what is there', () => {
    const play = new ChecksPlay();
    const fact = play.give(save(0));
    expect(fact).toMatchObject({
      type: 'dev.cdeventsx.territory-feature.saved.0.1.0',
      subject: 'feature/shop/basket.feature',
      data: { by: 'ann', text: 'Feature: Shop' },
    });
    const { revision = 0 } = play.state.features.get('shop/basket.feature') ?? {};
    expect(revision).toBe(fact?.offset);
    expect(() => play.give(save(0, 'Feature: Other'))).toThrow(/is at revision 100/);
    expect(play.give(save(revision))).toBeUndefined();
    play.give(save(revision, 'Feature: Other'), 'bob');
    expect(play.state.features.get('shop/basket.feature')).toMatchObject({
      by: 'bob',
      text: 'Feature: Other',
    });
  });

  test('are taken away', () => {
    const play = new ChecksPlay();
    const file = 'shop/basket.feature';
    expect(() => play.give({ kind: 'remove-feature', file, revision: 0 })).toThrow(/no feature/);
    play.give(save(0));
    expect(() => play.give({ kind: 'remove-feature', file, revision: 7 })).toThrow(/revision/);
    play.give({ kind: 'remove-feature', file, revision: 100 });
    expect(play.state.features.size).toBe(0);
  });

  test.each([
    '',
    '/a.feature',
    '../a.feature',
    'a/../b.feature',
    'a.txt',
    '.a.feature',
    'a\n.feature',
  ])('%j is no path of one', (file) => {
    const command = { kind: 'save-feature', file, text: 'Feature: A', revision: 0 } as const;
    expect(() => new ChecksPlay().give(command)).toThrow(/is no path of a feature/);
  });
});

describe('definitions', () => {
  test('what is said again makes no fact', () => {
    const play = new ChecksPlay();
    const definition = definitionOf('home', { tags: ['@page'], route: 'page' });
    expect(play.give({ kind: 'define', definition })?.type).toContain('check.defined');
    expect(play.give({ kind: 'define', definition })).toBeUndefined();
    const changed = { ...definition, sha: 'bb' };
    expect(play.give({ kind: 'define', definition: changed })?.type).toContain('check.changed');
    expect(play.state.checks.get('home')?.definition).toEqual(changed);
    expect(play.give({ kind: 'retire', check: 'home' })?.type).toContain('check.retired');
    expect(play.give({ kind: 'retire', check: 'home' })).toBeUndefined();
    expect(play.state.changes.get('home')?.map(({ what }) => what)).toEqual([
      'defined',
      'changed',
      'retired',
    ]);
  });

  test('a tag does not take the last route or the last gate away in silence', () => {
    const play = new ChecksPlay();
    const home = definitionOf('home', { isGate: true });
    play.give({ kind: 'define', definition: home });
    const fact = play.give({
      kind: 'define',
      definition: { ...home, isGate: false, route: 'note' },
    });
    expect(fact?.data).toMatchObject({ lost: ['route', 'gate'] });
    expect(play.state.losses.map(({ what }) => what)).toEqual(['route', 'gate']);
    expect(play.state.changes.get('home')?.at(-1)?.text).toBe(
      'no check of shop in production tells anybody of a failure any more; no check of shop in production gates a release any more',
    );
    // Another that does is enough.
    play.give({ kind: 'define', definition: definitionOf('basket', { isGate: true }) });
    expect(play.state.losses).toEqual([]);
    const gone = play.give({ kind: 'retire', check: 'basket' });
    expect(gone?.data).toHaveProperty('lost');
    expect(play.state.losses).toHaveLength(2);
  });
});

describe('quarantine', () => {
  test('ends by itself, and can be lifted before', () => {
    const play = new ChecksPlay();
    play.give({ kind: 'define', definition: definitionOf('home') });
    const until = play.now + day;
    play.give({ kind: 'quarantine', check: 'home', reason: ' flaky ', until });
    expect(quarantineOf(play.state, 'home', play.now)).toEqual({
      by: 'ann',
      reason: 'flaky',
      since: play.now,
      until,
    });
    expect(quarantineOf(play.state, 'home', until)).toBeUndefined();
    play.give({ kind: 'unquarantine', check: 'home' }, 'bob');
    expect(quarantineOf(play.state, 'home', play.now)).toBeUndefined();
    expect(play.give({ kind: 'unquarantine', check: 'home' })).toBeUndefined();
  });

  test('has an end, a reason and a check', () => {
    const play = new ChecksPlay();
    const command = {
      kind: 'quarantine',
      check: 'home',
      reason: 'x',
      until: play.now + day,
    } as const;
    expect(() => play.give(command)).toThrow(/no check home/);
    play.give({ kind: 'define', definition: definitionOf('home') });
    expect(() => play.give({ ...command, until: play.now })).toThrow(/ends after now/);
    expect(() => play.give({ ...command, until: play.now + 31 * day })).toThrow(/30 days/);
    expect(() => play.give({ ...command, reason: ' ' })).toThrow(/say why/);
  });
});

test('what happened to a check is told as it was, and remembered', () => {
  const play = new ChecksPlay();
  play.give({ kind: 'define', definition: definitionOf('home') });
  const happening = {
    kind: 'statechanged',
    id: 'home/5/state',
    at: play.now - 5,
    slot: 5,
    from: 'ok',
    to: 'critical',
    because: 'run',
    summary: 'status 500',
    release: '1.1',
    lastGood: { at: 1, release: '1.0' },
    firstBad: { at: 2, release: '1.1' },
  } as const;
  expect(play.give({ kind: 'happened', check: 'home', happening })).toMatchObject({
    type: 'dev.cdeventsx.territory-check.statechanged.0.1.0',
    time: play.now - 5,
    service: 'shop',
    environment: 'production',
    name: 'The home page',
    state: 'critical',
    data: { from: 'ok', to: 'critical', lastGood: { at: 1, release: '1.0' } },
  });
  expect(play.state.changes.get('home')?.at(-1)).toMatchObject({
    what: 'critical',
    text: 'status 500',
  });
});

test('the same facts give the same state', () => {
  const play = new ChecksPlay();
  play.give({ kind: 'define', definition: definitionOf('home', { isGate: true }) });
  play.give({ kind: 'quarantine', check: 'home', reason: 'flaky', until: play.now + day });
  const judgement = {
    application: 'shop',
    environment: 'production',
    version: '1.1',
    tag: '@gate',
    verdict: 'pass',
    reason: 'all passed',
    since: 5,
  } as const;
  play.give({ kind: 'judge', judgement });
  expect(play.give({ kind: 'judge', judgement })).toBeUndefined();
  play.give({ kind: 'retire', check: 'home' });
  let again = checksRoom.start();
  for (const fact of play.facts) again = checksRoom.fold(again, fact);
  expect(again).toEqual(play.state);
});

test('what makes no sense changes nothing', () => {
  const play = new ChecksPlay();
  const fact = play.give({ kind: 'define', definition: definitionOf('home') });
  if (!fact) throw new Error('no fact');
  const state = checksRoom.start();
  checksRoom.fold(state, { ...fact, data: { name: 5 } });
  checksRoom.fold(state, { ...fact, source: 'somebody' });
  checksRoom.fold(state, { ...fact, subject: 'check/' });
  expect(state).toEqual(checksRoom.start());
});
