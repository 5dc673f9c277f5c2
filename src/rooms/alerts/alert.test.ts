import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Severity } from '../../rules/decision.ts';
import { Ordinals } from './ordinals.ts';
import { Play, second } from './play.suite.ts';

describe('given decisions, when one more, then this fact', () => {
  type Step = readonly [seconds: number, severity: Severity];
  const cases: readonly [given: readonly Step[], when: Step, then: string | undefined][] = [
    [[], [0, 'ok'], undefined],
    [[], [0, 'critical'], 'alert.opened'],
    [[], [0, 'unknown'], 'alert.opened'],
    [[[0, 'critical']], [30, 'critical'], undefined],
    [[[0, 'critical']], [30, 'warning'], 'alert.updated'],
    [[[0, 'critical']], [30, 'ok'], 'alert.resolved'],
    [
      [
        [0, 'critical'],
        [30, 'ok'],
      ],
      [60, 'ok'],
      undefined,
    ],
    [
      [
        [0, 'critical'],
        [30, 'ok'],
      ],
      [60, 'critical'],
      'alert.opened',
    ],
    // Too late: a rule that runs again after a crash.
    [[[60, 'critical']], [30, 'ok'], undefined],
    [
      [
        [0, 'critical'],
        [60, 'ok'],
      ],
      [30, 'critical'],
      undefined,
    ],
  ];
  test.each(cases)('%j then %j', (given, when, then) => {
    const play = new Play();
    for (const [at, severity] of given) play.decide(at, severity);
    expect(play.decide(...when)).toBe(then);
  });
});

test('the facts carry what people search by, and the evidence', () => {
  const play = new Play();
  const suspects = [
    {
      source: '/ci',
      id: '7',
      type: 't',
      time: second(-60),
      what: 'shop 1.4.2 deployed',
      score: 0.9,
      because: ['same service'],
    },
  ];
  play.decide(0, 'critical', {
    key: { service: 'shop', 'label.code': '503' },
    host: 'web1',
    environment: 'production',
    name: 'http.errors',
    value: 0.07,
    team: 'web',
    suspects,
    details: { verdict: 'moved' },
  });
  expect(play.facts).toMatchObject([
    {
      id: 'r/shop+503/0/critical',
      type: 'dev.cdeventsx.territory-alert.opened.0.1.0',
      subject: 'alert/r/shop,503',
      service: 'shop',
      host: 'web1',
      environment: 'production',
      name: 'r',
      state: 'critical',
      time: second(0),
      attributes: { rule: 'r', severity: 'critical', team: 'web', code: '503', 'rule.path': 'r' },
    },
  ]);
  expect(play.alert({ service: 'shop', 'label.code': '503' })).toMatchObject({
    state: 'open',
    value: 0.07,
    name: 'http.errors',
    suspects,
    details: { verdict: 'moved' },
  });
});

test('other words or another value become a fact once a minute at most', () => {
  const play = new Play();
  play.decide(0, 'critical', { value: 1 });
  expect(play.decide(59, 'critical', { value: 2 })).toBeUndefined();
  expect(play.decide(60, 'critical', { value: 3 })).toBe('alert.updated');
  expect(play.decide(90, 'critical', { value: 4 })).toBeUndefined();
  expect(play.decide(120, 'critical', { value: 4 })).toBe('alert.updated');
  expect(play.alert().value).toBe(4);
});

test('what resolves an alert does not say how bad it was', () => {
  const play = new Play();
  play.decide(0, 'critical', { value: 9 });
  play.decide(600, 'ok', { value: 1 });
  expect(play.alert()).toMatchObject({
    state: 'resolved',
    severity: 'critical',
    title: 'web is critical',
    value: 9,
    openedAt: second(0),
    resolvedAt: second(600),
  });
});

describe('acknowledging', () => {
  test('by one, with a note; the second is told who was first', () => {
    const play = new Play();
    play.decide(0, 'critical');
    const alert = play.alert().id;
    play.give(10, { kind: 'acknowledge', alert, note: 'on it' }, 'ana');
    expect(play.alert().acknowledged).toEqual({ by: 'ana', at: second(10), note: 'on it' });
    expect(() => play.give(11, { kind: 'acknowledge', alert }, 'ben')).toThrow(
      /ana has acknowledged/,
    );
    play.give(12, { kind: 'unacknowledge', alert }, 'ben');
    expect(play.alert().acknowledged).toBeUndefined();
    expect(() => play.give(13, { kind: 'unacknowledge', alert })).toThrow(/nobody/);
  });

  test('ends with the episode, and when it becomes worse', () => {
    const play = new Play();
    play.decide(0, 'warning');
    const alert = play.alert().id;
    play.give(1, { kind: 'acknowledge', alert });
    play.decide(2, 'critical');
    expect(play.alert().acknowledged).toBeUndefined();
    play.give(3, { kind: 'acknowledge', alert });
    play.decide(4, 'warning');
    expect(play.alert().acknowledged).toBeDefined();
    play.decide(5, 'ok');
    expect(() => play.give(6, { kind: 'acknowledge', alert })).toThrow(/was resolved/);
    play.decide(7, 'warning');
    expect(play.alert()).toMatchObject({ state: 'open', episode: 2, count: 2 });
    expect(play.alert().acknowledged).toBeUndefined();
  });

  test('someone may say that it is over; the rule may open it again', () => {
    const play = new Play();
    play.decide(0, 'critical');
    const alert = play.alert().id;
    expect(play.give(5, { kind: 'resolve', alert, note: 'rule removed' })).toBe('alert.resolved');
    expect(play.alert()).toMatchObject({ state: 'resolved', resolvedBy: 'ana' });
    expect(play.decide(6, 'critical')).toBe('alert.opened');
    expect(() => play.give(7, { kind: 'resolve', alert: 'nope' })).toThrow(/no alert nope/);
  });
});

test('too many open alerts are refused; the resolved ones are forgotten, the oldest first', () => {
  const play = new Play({ bounds: { maxOpen: 2, maxClosed: 2 } });
  const keys = ['a', 'b', 'c'].map((service) => ({ service }));
  const [a = {}, b = {}, c = {}] = keys;
  play.decide(0, 'critical', { key: a });
  play.decide(0, 'critical', { key: b });
  expect(() => play.decide(0, 'critical', { key: c })).toThrow(/2 alerts are open/);
  expect(play.decide(1, 'warning', { key: a })).toBe('alert.updated');
  for (const key of [a, b, c]) {
    play.decide(2, 'ok', { key });
    play.decide(3, 'critical', { key: c });
  }
  play.decide(4, 'ok', { key: c });
  expect(play.state.open.size).toBe(0);
  expect([...play.state.closed.values()].map(({ key }) => key['service'])).toEqual(['b', 'c']);
  expect(play.state.forgotten.closed).toBe(1);
});

const anyStep = fc.record({
  after: fc.integer({ min: -30, max: 300 }),
  severity: fc.constantFrom<Severity>('ok', 'warning', 'critical', 'unknown'),
  service: fc.constantFrom('a', 'b'),
  value: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
});

test('opened and resolved alternate, whatever is decided; a replay of the facts is the same state', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), fc.boolean(), (steps, ticking) => {
      const play = new Play();
      let now = 1_000;
      for (const { after, severity, service, value } of steps) {
        now += after;
        play.decide(now, severity, { key: { service }, ...(value === undefined ? {} : { value }) });
        if (ticking) play.tick(Math.max(now, 1_000) + 10);
      }
      const facts = play.facts.filter(({ type }) => type.includes('-alert.'));
      for (const subject of new Set(facts.map((fact) => fact.subject))) {
        const ends = facts
          .filter((fact) => fact.subject === subject)
          .flatMap(({ type }) => /\.(opened|resolved)\./.exec(type)?.[1] ?? []);
        const alternating = ends.map((_, n) => (n % 2 === 0 ? 'opened' : 'resolved'));
        expect(ends).toEqual(alternating);
      }
      for (const alert of play.state.open.values())
        expect(alert.condition !== 'ok' || alert.flapping).toBe(true);
      // The same decisions again, as after a crash: no new fact.
      expect(new Set(play.facts.map(({ id }) => id)).size).toBe(play.facts.length);
      const again = new Play();
      for (const fact of play.facts) again.take(fact, fact.time ?? 0);
      const times = (alerts: typeof play.state.open) =>
        [...alerts.values()].map((alert) => ({ ...alert, changedAt: 0 }));
      expect(times(again.state.open)).toEqual(times(play.state.open));
      expect(times(again.state.closed)).toEqual(times(play.state.closed));
      expect([...again.state.queue.keys()]).toEqual([...play.state.queue.keys()]);
    }),
  );
});

test('decisions that come again after a crash make no fact that the log does not know', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), fc.nat(), (steps, from) => {
      const play = new Play();
      let now = 1_000;
      const places = new Ordinals();
      const decisions = steps.map(({ after, severity, service }) => {
        now += Math.abs(after) % 3;
        return [now, severity, { key: { service }, nth: places.next(service, now) }] as const;
      });
      for (const decision of decisions) play.decide(...decision);
      const known = new Set(play.facts.map(({ id }) => id));
      const count = play.facts.length;
      // The keeper's log drops what it knows by its id, so that only others would be folded.
      const again = decisions.slice(firstOfItsTime(decisions, from % (decisions.length + 1)));
      for (const decision of again) {
        const before = play.facts.length;
        const state = structuredClone(play.state);
        play.decide(...decision);
        const fact = play.facts[before];
        if (!fact || !known.has(fact.id)) continue;
        play.facts.pop();
        play.state = state;
      }
      expect(play.facts).toHaveLength(count);
    }),
  );
});

/** A checkpoint lies between two moments. */
function firstOfItsTime(decisions: readonly (readonly [number, ...unknown[]])[], n: number) {
  const at = decisions[n]?.[0];
  const first = decisions.findIndex(([time]) => time === at);
  return first < 0 ? n : first;
}

test('the fold is total: any payload on any of its facts changes something or nothing, but never throws', () => {
  const types = [
    'alert.opened',
    'alert.updated',
    'alert.resolved',
    'alert.acknowledged',
    'silence.created',
    'silence.ended',
    'notification.queued',
    'notification.sent',
    'notification.suppressed',
    'scale.decided',
    'scale.done',
  ];
  const fact = fc.record({
    type: fc.constantFrom(...types).map((type) => `dev.cdeventsx.territory-${type}.0.1.0`),
    subject: fc.option(
      fc.constantFrom('alert/r/a', 'silence/s', 'notification/n', 'scale/t', 'x'),
      { nil: undefined },
    ),
    data: fc.oneof(
      fc.jsonValue() as fc.Arbitrary<never>,
      fc.record({
        alert: fc.constantFrom('x', 'y'),
        condition: fc.constantFrom('ok', 'critical', 7, null),
        where: fc.constantFrom('true', '((', 3),
        ends: fc.oneof(fc.integer(), fc.string()),
        open: fc.jsonValue(),
        resolved: fc.jsonValue(),
        group: fc.constantFrom('g', 1),
        suspects: fc.jsonValue(),
      }) as fc.Arbitrary<never>,
    ),
    attributes: fc.option(fc.dictionary(fc.constantFrom('rule', 'to', 'why'), fc.string()), {
      nil: undefined,
    }),
  });
  fc.assert(
    fc.property(fc.array(fact, { maxLength: 30 }), (facts) => {
      const play = new Play();
      for (const { subject, attributes, ...rest } of facts)
        play.take(
          { ...rest, ...(subject ? { subject } : {}), ...(attributes ? { attributes } : {}) },
          second(1),
        );
      expect(() => play.tick(10_000)).not.toThrow();
    }),
  );
});
