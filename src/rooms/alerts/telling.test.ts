import { describe, expect, test } from 'vitest';
import type { AlertDecision, NotifyDecision, ScaleDecision } from '../../rules/decision.ts';
import { flapPercent, observeChange, steady } from './flap.ts';
import { plan } from './plan.ts';
import { Play, alertDecision, second } from './play.suite.ts';

const mail = 'mail:a@example.org';

/** Turns a condition over `times` times, `every` seconds apart; the facts that came of it. */
function turn(play: Play, times: number, { from = 0, every = 30 } = {}): (string | undefined)[] {
  return Array.from({ length: times }, (_, n) =>
    play.decide(from + n * every, n % 2 === 0 ? 'critical' : 'ok'),
  );
}

describe('flapping', () => {
  test('the percentage is that of Icinga 2: the newest of 20 observations weighs 1.18, the oldest 0.8', () => {
    const once = observeChange(steady, 0);
    expect(flapPercent(once, 0)).toBeCloseTo(1.18 * 5);
    // Each quiet minute is an observation without a change.
    expect(flapPercent(once, 19 * 60_000)).toBeCloseTo(0.8 * 5);
    expect(flapPercent(once, 20 * 60_000)).toBe(0);
    let flap = steady;
    for (let n = 0; n < 20; n++) flap = observeChange(flap, n);
    expect(flapPercent(flap, 20)).toBeCloseTo(99);
  });

  test('an alert that flaps stays open, says so, and is told once; then it is settled', () => {
    const play = new Play({ routes: [{ to: [mail], groupWait: 0, groupInterval: 0 }] });
    const facts: (string | undefined)[] = [];
    const told: string[] = [];
    for (let n = 0; n < 12; n++) {
      facts.push(play.decide(n * 30, n % 2 === 0 ? 'critical' : 'ok'));
      play.tick(n * 30);
      told.push(...play.queued().slice(told.length));
    }
    expect(facts.slice(0, 6)).toEqual([
      'alert.opened',
      'alert.resolved',
      'alert.opened',
      'alert.resolved',
      'alert.opened',
      'alert.updated', // it would have been resolved: the sixth change in three minutes
    ]);
    expect(new Set(facts.slice(6))).toEqual(new Set(['alert.updated']));
    expect(play.alert()).toMatchObject({
      state: 'open',
      flapping: true,
      condition: 'ok',
      count: 6,
    });
    const titles = told.map((one) => one.slice(mail.length + 1));
    expect(titles).toEqual([
      '[CRITICAL] web is critical',
      '[RESOLVED] web is critical',
      '[CRITICAL] web is critical',
      '[RESOLVED] web is critical',
      '[CRITICAL] web is critical',
      '[FLAPPING] web is critical',
    ]);
    const muted = [...play.state.log.values()].map(({ why }) => why);
    expect(muted).toEqual(['flapping']);
    // Quiet: it goes on for some minutes, and then what the rule said last holds.
    expect(play.tick(7 * 60)).toEqual([]);
    expect(play.tick(22 * 60)).toEqual(['alert.resolved', 'notification.queued']);
    expect(play.alert().state).toBe('resolved');
  });

  test('one that settles while its condition holds is told as open again', () => {
    const play = new Play({ routes: [{ to: [mail], groupWait: 0, groupInterval: 0 }] });
    turn(play, 7);
    play.tick(200);
    expect(play.alert()).toMatchObject({ flapping: true, condition: 'critical' });
    expect(play.tick(20 * 60)).toEqual(['alert.updated', 'notification.queued']);
    expect(play.queued().at(-1)).toBe(`${mail} [CRITICAL] web is critical`);
  });

  test('what changes every ten minutes does not flap', () => {
    const play = new Play();
    const facts = turn(play, 20, { every: 600 });
    expect(facts).toEqual(facts.map((_, n) => (n % 2 === 0 ? 'alert.opened' : 'alert.resolved')));
  });
});

describe('silences', () => {
  const silence = { where: 'service = "web"', reason: 'moving house', ends: second(600) };

  test('keep an alert from being told until they end; it is said once why', () => {
    const play = new Play();
    play.give(0, { kind: 'silence', silence });
    play.decide(1, 'critical');
    expect(play.tick(40)).toEqual(['notification.suppressed']);
    expect(play.tick(500)).toEqual([]);
    expect([...play.state.log.values()]).toMatchObject([
      { state: 'suppressed', why: 'silenced', title: '[CRITICAL] web is critical', rule: 'r' },
    ]);
    // It wakes the clockwork when it ends, and what is still open is told.
    expect(plan(play.state, play.policy, second(500)).next).toBe(second(600));
    expect(play.tick(600)).toEqual(['notification.queued']);
  });

  test('what was resolved meanwhile is told to nobody', () => {
    const play = new Play();
    play.decide(0, 'critical');
    play.tick(30);
    play.give(40, { kind: 'silence', silence });
    play.decide(50, 'ok');
    expect(play.tick(400)).toEqual(['notification.suppressed']);
    expect(play.tick(700)).toEqual([]);
    expect(play.queued()).toEqual([`${mail} [CRITICAL] web is critical`]);
  });

  test('may start later and be ended early', () => {
    const play = new Play({ routes: [{ to: [mail], groupWait: 0, groupInterval: 0 }] });
    play.give(0, { kind: 'silence', silence: { ...silence, starts: second(100) } });
    play.decide(1, 'warning');
    expect(play.tick(2)).toEqual(['notification.queued']);
    play.decide(101, 'critical');
    expect(play.tick(101)).toEqual(['notification.suppressed']);
    const [id = ''] = play.state.silences.keys();
    play.give(102, { kind: 'end-silence', silence: id }, 'ben');
    expect(play.tick(102)).toEqual(['notification.queued']);
    expect(play.state.silences.get(id)).toMatchObject({ ended: { by: 'ben', at: second(102) } });
    expect(() => play.give(103, { kind: 'end-silence', silence: id })).toThrow(/is over/);
  });

  test.each([
    [{ where: ' ' }, /say which alerts/],
    [{ where: 'service = ' }, /expected/],
    [{ reason: '  ' }, /say why/],
    [{ ends: second(-1) }, /ends after now/],
    [{ starts: second(700) }, /ends after now and its start/],
    [{ ends: second(400 * 86_400) }, /a year at most/],
  ])('%j is refused', (wrong, says) => {
    const play = new Play();
    const command = { kind: 'silence', silence: { ...silence, ...wrong } } as const;
    expect(() => play.give(0, command)).toThrow(says);
  });

  test('select by everything that an alert is labelled with', () => {
    const where =
      'rule = "r" and severity = "critical" and service = "web" and host = "h" and ' +
      'environment = "live" and queue = "mail" and team = "ops" and name = "r" and state = "critical"';
    const play = new Play();
    play.give(0, { kind: 'silence', silence: { ...silence, where } });
    const more: Partial<AlertDecision> = { host: 'h', environment: 'live', team: 'ops' };
    play.decide(1, 'critical', { ...more, key: { service: 'web', queue: 'mail' } });
    expect(play.tick(400)).toEqual(['notification.suppressed']);
  });
});

describe('inhibition', () => {
  const inhibit = [
    { source: 'rule = "host-down"', target: 'rule != "host-down"', equal: ['host'] },
  ];
  const down = { rule: 'host-down', host: 'h1', key: { host: 'h1' } };

  test('an alert is not told while the one that it depends on is open', () => {
    const play = new Play({ inhibit });
    play.decide(0, 'critical', { ...down, id: 'd1' });
    play.decide(1, 'critical', { host: 'h1' });
    play.decide(1, 'critical', { host: 'h2', key: { service: 'other' } });
    expect(play.tick(40).toSorted()).toEqual([
      'notification.queued',
      'notification.queued',
      'notification.suppressed',
    ]);
    expect(play.queued()).toEqual([
      `${mail} [CRITICAL] web is critical`,
      `${mail} [CRITICAL] web is critical`,
    ]);
    expect([...play.state.log.values()]).toMatchObject([{ why: 'inhibited', host: 'h1' }]);
    play.decide(400, 'ok', { ...down, id: 'd2' });
    play.tick(800);
    expect(play.queued()).toHaveLength(4);
  });

  test('what is both source and target does not inhibit itself or its like', () => {
    const both = [{ source: 'rule = "r"', target: 'rule = "r"', equal: [] }];
    const play = new Play({ inhibit: both });
    play.decide(0, 'critical');
    play.decide(0, 'critical', { key: { service: 'b' } });
    expect(play.tick(60)).toEqual(['notification.queued']);
  });

  test('labels that both lack are equal', () => {
    const play = new Play({ inhibit });
    play.decide(0, 'critical', { rule: 'host-down', key: {}, id: 'd' });
    play.decide(0, 'critical');
    expect(play.tick(60)).toContain('notification.suppressed');
  });
});

describe('grouping and routes', () => {
  const open = (play: Play, s: number, service: string, more: Partial<AlertDecision> = {}) =>
    play.decide(s, 'critical', { key: { service }, ...more });

  test('the first waits for others; a known group keeps its distance; what stays open is told again', () => {
    const play = new Play();
    open(play, 0, 'a');
    open(play, 20, 'b');
    expect(play.tick(29)).toEqual([]);
    expect(plan(play.state, play.policy, second(29)).next).toBe(second(30));
    play.tick(30);
    open(play, 40, 'c');
    expect(play.tick(329)).toEqual([]);
    play.tick(330);
    play.decide(340, 'ok', { key: { service: 'a' } });
    play.tick(630);
    expect(play.tick(630 + 14_399)).toEqual([]);
    play.tick(630 + 14_400);
    expect(play.queued()).toEqual([
      `${mail} [2 open] r`,
      `${mail} [CRITICAL] web is critical`,
      `${mail} [RESOLVED] web is critical`,
      `${mail} still [2 open] r`,
    ]);
  });

  test('what somebody acknowledged is not told again', () => {
    const play = new Play();
    open(play, 0, 'a');
    play.tick(30);
    play.give(40, { kind: 'acknowledge', alert: play.alert({ service: 'a' }).id });
    expect(play.tick(100_000)).toEqual([]);
  });

  test('an alert that comes and goes before anybody was told is told to nobody', () => {
    const play = new Play();
    open(play, 0, 'a');
    play.decide(10, 'ok', { key: { service: 'a' } });
    expect(play.tick(1_000)).toEqual([]);
  });

  test('groups are made by labels, and an address is told once however many routes name it', () => {
    const play = new Play({
      routes: [
        { where: 'service = "a"', to: [mail], groupBy: ['service'], continue: true },
        { where: 'severity = "critical"', to: [mail, 'webhook:chat'], groupBy: ['rule'] },
        { to: ['browser'] },
      ],
    });
    open(play, 0, 'a');
    open(play, 0, 'b');
    play.decide(0, 'warning', { key: { service: 'c' } });
    play.tick(30);
    expect(play.queued().toSorted()).toEqual([
      'browser [WARNING] web is warning',
      `${mail} [CRITICAL] web is critical`,
      `${mail} [CRITICAL] web is critical`,
      'webhook:chat [2 open] r',
    ]);
  });

  test('a team is told beside the routes; without routes, the browsers are', () => {
    const play = new Play({ routes: [], teams: { web: [mail] } });
    open(play, 0, 'a', { team: 'web' });
    open(play, 0, 'b', { team: 'nobody' });
    play.tick(30);
    expect(play.queued().toSorted()).toEqual([
      'browser [2 open] r',
      `${mail} [CRITICAL] web is critical`,
    ]);
  });
});

describe('messages of rules, and the rate limit', () => {
  const message = (n: number, more: Partial<NotifyDecision> = {}): NotifyDecision => ({
    kind: 'notify',
    rule: 'mail-exceptions',
    key: {},
    at: second(n),
    id: `m${n}`,
    to: mail,
    title: `title ${n}`,
    body: 'body',
    ...more,
  });

  test('the same message is taken once', () => {
    const play = new Play();
    expect(play.give(0, { kind: 'decided', decision: message(0), nth: 0 })).toBe(
      'notification.queued',
    );
    expect(play.give(1, { kind: 'decided', decision: message(0), nth: 0 })).toBeUndefined();
    const [id = ''] = play.state.queue.keys();
    expect(play.give(2, { kind: 'sent', notification: id })).toBe('notification.sent');
    expect(play.give(2, { kind: 'sent', notification: id })).toBeUndefined();
    expect(play.give(3, { kind: 'decided', decision: message(0), nth: 0 })).toBeUndefined();
  });

  test('more than the limit are held back and told of in one digest', () => {
    const play = new Play({ rate: { max: 2, window: 60_000 } });
    const decide = (n: number, to = mail) =>
      play.give(n, { kind: 'decided', decision: message(n, { to }), nth: 0 });
    expect([0, 1, 2, 3, 4, 5, 6].map((n) => decide(n))).toEqual([
      ...Array.from({ length: 2 }, () => 'notification.queued'),
      ...Array.from({ length: 5 }, () => 'notification.suppressed'),
    ]);
    expect(decide(7, 'mail:b@example.org')).toBe('notification.queued');
    expect(play.tick(59)).toEqual([]);
    expect(plan(play.state, play.policy, second(59)).next).toBe(second(60));
    expect(play.tick(60)).toEqual(['notification.queued']);
    const digest = [...play.state.queue.values()].at(-1);
    expect(digest).toMatchObject({ kind: 'digest', title: '5 notifications were held back' });
    expect(digest?.body).toMatch(/- title 2\n- title 3\n- title 4\nand 2 more/);
    expect(play.tick(200)).toEqual([]);
  });
});

describe('scaling', () => {
  const want = (s: number, size: number): ScaleDecision => ({
    kind: 'scale',
    rule: 'workers',
    key: { service: 'encoder' },
    at: second(s),
    id: `s${s}/${size}`,
    target: 'workers/encoder',
    want: size,
    min: 2,
    max: 40,
  });

  test('a target cools down, by event time, and is not told the same again', () => {
    const play = new Play();
    const decide = (s: number, size: number) =>
      play.give(s + 1_000, { kind: 'decided', decision: want(s, size), nth: 0 });
    expect(decide(0, 5)).toBe('scale.decided');
    expect(decide(299, 9)).toBeUndefined();
    expect(decide(300, 5)).toBeUndefined();
    expect(decide(301, 9)).toBe('scale.decided');
    expect(play.facts[0]).toMatchObject({ subject: 'scale/workers/encoder', service: 'encoder' });
  });

  test('what became of the last order is kept; of an older one nobody wants to know', () => {
    const play = new Play();
    play.give(0, { kind: 'decided', decision: want(0, 5), nth: 0 });
    const outcome = { kind: 'scaled', target: 'workers/encoder', ok: false, said: 'no' } as const;
    expect(play.give(1, { ...outcome, id: 'other' })).toBeUndefined();
    expect(play.give(1, { ...outcome, id: 's0/5' })).toBe('scale.failed');
    expect(play.give(2, { ...outcome, id: 's0/5' })).toBeUndefined();
    // The same size is wanted again, because it was not reached.
    expect(play.give(400, { kind: 'decided', decision: want(400, 5), nth: 0 })).toBe(
      'scale.decided',
    );
  });
});

test('a thousand alerts in one group are one message, and the clockwork looks at them once', () => {
  const play = new Play({ bounds: { maxOpen: 1_000, maxClosed: 10 } });
  for (let n = 0; n < 1_000; n++) {
    const decision = alertDecision(0, 'critical', { key: { service: `s${n}` } });
    play.give(0, { kind: 'decided', decision, nth: 0 });
  }
  expect(play.tick(30)).toEqual(['notification.queued']);
  const [only] = play.state.queue.values();
  expect(only?.body).toMatch(/and 980 more$/);
});
