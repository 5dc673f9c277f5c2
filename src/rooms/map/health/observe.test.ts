import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HealthState, Observed, Signal } from '../health.ts';
import type { MapNode, MapProcess } from '../model.ts';
import { nodeOf, shop } from './map.suite.ts';
import { maxEvidence, observe } from './observe.ts';
import { rankOf, stateOf } from './order.ts';

const now = Date.UTC(2026, 10, 26, 4);
const second = 1_000;
const minute = 60 * second;

let count = 0;
/** A signal that came so long ago. */
function signal(kind: Signal['kind'], more: Partial<Signal> & { readonly age?: number }): Signal {
  const { age = 0, ...fields } = more;
  const stream = kind === 'alert' ? ('facts' as const) : ('readings' as const);
  const key = `${kind}/${++count}`;
  return { kind, key, time: now - age, stream, offset: count, source: '/test', ...fields };
}

const node = (more: Partial<MapNode> = {}) => nodeOf('shop', more);
const look = (about: MapNode | MapProcess, ...signals: Signal[]) => observe(about, signals, now);
const texts = ({ evidence }: Observed) => evidence.map(({ text }) => text);

test('without a signal nothing is known', () => {
  expect(look(node())).toEqual({ state: 'no-evidence', evidence: [] });
});

describe('a check', () => {
  test.each<readonly [string | undefined, HealthState]>([
    ['ok', 'ok'],
    ['OK', 'ok'],
    ['pass', 'ok'],
    ['up', 'ok'],
    ['warning', 'degraded'],
    ['degraded', 'degraded'],
    ['at-risk', 'at-risk'],
    ['critical', 'down'],
    ['fail', 'down'],
    ['down', 'down'],
    ['unknown', 'no-evidence'],
    ['expired', 'no-evidence'],
    ['purple', 'no-evidence'],
    [undefined, 'no-evidence'],
  ])('that says %s is %s', (state, expected) => {
    const said = state === undefined ? {} : { state };
    expect(look(node(), signal('check', { name: 'http', ...said })).state).toBe(expected);
  });

  test('says what it is called, what it said and its number', () => {
    const found = look(
      node(),
      signal('check', { name: 'http', state: 'critical', metric: 5.25, text: 'refused', age: 9 }),
      signal('check', { name: 'disk' }),
    );
    expect(found.evidence[0]).toEqual({
      kind: 'check',
      state: 'down',
      name: 'http',
      text: 'http is critical (5.25): refused',
      time: now - 9,
      stale: false,
      stream: 'readings',
      offset: expect.any(Number) as number,
    });
    expect(texts(found)[1]).toBe('disk says nothing of its state');
  });

  test('is listed when it is stale, and does not count', () => {
    const old = signal('check', { name: 'http', state: 'critical', ttl: 60, age: 60 * second });
    const found = look(node(), old);
    expect(found.state).toBe('no-evidence');
    expect(found.evidence).toMatchObject([
      { state: 'down', stale: true, text: 'http is critical (more than 1 min ago)' },
    ]);
    expect(found.until).toBeUndefined();
  });

  test.each([
    [{ ttl: 60 }, {}, 1],
    [{}, {}, 5],
    [{}, { freshFor: 2 * minute }, 2],
    [{ ttl: 600 }, { freshFor: 2 * minute }, 10],
  ])('%j of a node with %j is stale after %i min', (fields, about, minutes) => {
    const check = signal('check', { state: 'ok', ...fields });
    const end = check.time + minutes * minute;
    expect(observe(node(about), [check], end - 1)).toMatchObject({ state: 'ok', until: end });
    expect(observe(node(about), [check], end).state).toBe('no-evidence');
  });

  test('of several the worst counts, and what is unknown does not', () => {
    const all = (['ok', 'warning', 'unknown'] as const).map((state) => signal('check', { state }));
    const found = look(node(), ...all);
    expect(found.state).toBe('degraded');
    expect(found.evidence.map(({ state }) => state)).toEqual(['degraded', 'ok', 'no-evidence']);
  });
});

describe('a heartbeat', () => {
  const beat = (age: number, more: Partial<Signal> = {}) =>
    signal('heartbeat', { name: 'backup', ttl: 60, age, ...more });

  test('is good until the next one is overdue, and down from then on, however long', () => {
    expect(look(node(), beat(59 * second))).toMatchObject({
      state: 'ok',
      until: now + second,
      evidence: [{ text: 'heartbeat came, one is due every 1 min' }],
    });
    for (const age of [60 * second, 3_600 * second, 30 * 86_400 * second])
      expect(look(node(), beat(age))).toMatchObject({
        state: 'down',
        evidence: [{ text: 'no heartbeat for more than 1 min', stale: false }],
      });
    expect(look(node(), beat(61 * second)).until).toBeUndefined();
  });

  test('can say itself that something is wrong', () => {
    const found = look(node(), beat(0, { state: 'warning', text: 'behind' }));
    expect(found).toMatchObject({ state: 'degraded' });
    expect(texts(found)).toEqual(['the heartbeat says warning: behind']);
  });
});

describe('a metric', () => {
  const limits = [{ metric: 'p99', warning: '500', critical: '1000' }];
  test.each<readonly [number, HealthState, string]>([
    [200, 'ok', 'p99 is 200 ms, limit 500'],
    [812.4567, 'degraded', 'p99 is 812.5 ms, limit 500'],
    [1500, 'down', 'p99 is 1500 ms, critical limit 1000'],
  ])('of %d is %s', (metric, state, text) => {
    const reading = signal('metric', { name: 'p99', metric, attributes: { unit: 'ms' } });
    const found = look(node({ limits }), reading);
    expect([found.state, ...texts(found)]).toEqual([state, text]);
  });

  test.each<readonly [string, number, string]>([
    ['10:', 3, 'free is 3, limit at least 10'],
    ['~:10', 11, 'free is 11, limit 10'],
    ['10:20', 3, 'free is 3, limit 10 to 20'],
    ['@10:20', 15, 'free is 15, limit not 10 to 20'],
  ])('the range %s is said in words', (warning, metric, text) => {
    const about = node({ limits: [{ metric: 'free', warning }] });
    const found = look(about, signal('metric', { name: 'free', metric }));
    expect([found.state, ...texts(found)]).toEqual(['degraded', text]);
  });

  test('without limits says nothing, nor with limits that are none, nor when it is gone', () => {
    const reading = signal('metric', { name: 'p99', metric: 1 });
    expect(look(node(), reading).evidence).toEqual([]);
    expect(look(node({ limits: [{ metric: 'p99', warning: 'x' }] }), reading)).toMatchObject({
      state: 'no-evidence',
      evidence: [{ text: 'p99 is 1, and its limit is no range of numbers' }],
    });
    const gone = signal('metric', { name: 'p99', state: 'expired' });
    expect(look(node({ limits }), gone)).toMatchObject({
      state: 'no-evidence',
      evidence: [{ text: 'p99 is not reported any more' }],
    });
  });
});

describe('an alert', () => {
  test.each<readonly [string, HealthState]>([
    ['warning', 'degraded'],
    ['critical', 'down'],
    ['unknown', 'no-evidence'],
    ['info', 'no-evidence'],
  ])('that is %s is %s', (state, expected) => {
    const old = signal('alert', {
      name: 'slow',
      state,
      text: 'Shop is slow',
      age: 86_400 * second,
    });
    const found = look(node(), old);
    expect(found).toMatchObject({ state: expected, evidence: [{ stale: false }] });
    expect(texts(found)).toEqual([`alert slow is ${state}: Shop is slow`]);
  });

  test('that is resolved is gone', () => {
    expect(look(node(), signal('alert', { state: 'resolved' })).evidence).toEqual([]);
  });

  test('beside a good check decides', () => {
    const check = signal('check', { state: 'ok' });
    expect(look(node(), check, signal('alert', { state: 'critical' })).state).toBe('down');
    expect(look(node(), check, signal('alert', { state: 'unknown' })).state).toBe('ok');
  });
});

test('what the measure of a process says is taken as it is', () => {
  const checkout = shop.processes.get('checkout');
  if (!checkout) throw new Error('no checkout');
  const sli = signal('sli', { name: 'rate(order.placed)', state: 'at-risk', text: '0.4', ttl: 60 });
  expect(look(checkout, sli)).toMatchObject({ state: 'at-risk', evidence: [{ text: '0.4' }] });
  expect(observe(checkout, [sli], now + minute).state).toBe('no-evidence');
});

describe('replicas', () => {
  const three = node({ replicas: { desired: 3 } });
  const from = (host: string, state: string, age = 0) =>
    signal('check', { name: 'http', host, state, age });

  test.each<readonly [readonly string[], HealthState, string]>([
    [['ok', 'ok', 'ok'], 'ok', '3 of 3 instances are available'],
    [['ok', 'ok'], 'degraded', '2 of 3 instances are available'],
    // One bad instance of several is not the node.
    [['ok', 'ok', 'critical'], 'degraded', '2 of 3 instances are available'],
    [['critical', 'critical', 'critical'], 'down', '0 of 3 instances are available'],
  ])('instances that say %j are %s', (states, expected, text) => {
    const found = look(three, ...states.map((state, at) => from(`web${at}`, state)));
    expect(found.state).toBe(expected);
    expect(texts(found)).toContain(text);
  });

  test('an instance that is silent is not available, and of none nothing is known', () => {
    const old = from('web3', 'ok', 6 * minute);
    expect(look(three, from('web1', 'ok'), from('web2', 'ok'), old).state).toBe('degraded');
    expect(look(three, old).state).toBe('no-evidence');
  });

  test('instances come and go: the heartbeat of one that is gone does not count', () => {
    const beat = (instance: string, age: number) =>
      signal('heartbeat', { ttl: 60, age, attributes: { 'service.instance.id': instance } });
    const gone = [beat('old1', 5 * minute), beat('old2', 5 * minute)];
    const there = ['a', 'b', 'c'].map((instance) => beat(instance, 0));
    expect(look(three, ...gone, ...there).state).toBe('ok');
    expect(look(three, ...gone).state).toBe('down');
  });

  test('what is said of all of them counts as it is', () => {
    const all = ['web1', 'web2', 'web3'].map((host) => from(host, 'ok'));
    expect(look(three, ...all, signal('check', { state: 'critical' })).state).toBe('down');
    expect(look(three, ...all, signal('alert', { host: 'web1', state: 'critical' })).state).toBe(
      'degraded',
    );
  });

  test.each<readonly [number, number, HealthState, string]>([
    [3, 3, 'ok', '3 of 3 instances are available'],
    [2, 3, 'degraded', '2 of 3 instances are available'],
    [0, 3, 'down', '0 of 3 instances are available'],
    [0, 0, 'at-risk', 'no instance is wanted'],
    [4, 3, 'ok', '4 of 3 instances are available'],
  ])('by two metrics: %d of %d is %s', (available, desired, state, text) => {
    const about = node({
      replicas: { desiredMetric: 'spec_replicas', availableMetric: 'available_replicas' },
    });
    const found = look(
      about,
      signal('metric', { name: 'spec_replicas', metric: desired, ttl: 60 }),
      signal('metric', {
        name: 'available_replicas',
        metric: available,
        age: 10 * second,
        ttl: 60,
      }),
    );
    expect([found.state, ...texts(found)]).toEqual([state, text]);
    expect(found.until).toBe(now + 50 * second);
    expect(look(about, signal('metric', { name: 'spec_replicas', metric: 3 })).state).toBe(
      'no-evidence',
    );
  });
});

describe('much evidence', () => {
  test('is cut, the worst kept, and all of it counts', () => {
    const good = Array.from({ length: 70 }, () => signal('check', { state: 'ok' }));
    const found = look(node(), ...good, signal('check', { state: 'warning' }));
    expect(found.evidence).toHaveLength(maxEvidence);
    expect(found.omitted).toBe(71 - maxEvidence);
    expect(found.evidence[0]?.state).toBe('degraded');
  });

  test('what changes next decides until when it holds', () => {
    const ages = [10, 20, 30].map((age) => signal('check', { state: 'ok', age: age * second }));
    expect(look(node(), ...ages).until).toBe(now + 5 * minute - 30 * second);
  });
});

const anySignal = fc.record({
  kind: fc.constantFrom<Signal['kind']>('check', 'heartbeat', 'metric', 'alert', 'sli'),
  state: fc.constantFrom('ok', 'warning', 'critical', 'unknown', 'purple', 'resolved'),
  name: fc.constantFrom('http', 'p99'),
  metric: fc.double({ noNaN: true, noDefaultInfinity: true }),
  age: fc.integer({ min: -minute, max: 20 * minute }),
  ttl: fc.constantFrom(1, 60, 600),
  host: fc.constantFrom('web1', 'web2'),
});
const anyNode = fc.record({
  limits: fc.constantFrom([], [{ metric: 'p99', warning: '10', critical: '20' }]),
});

describe('whatever comes', () => {
  const signals = fc.array(
    anySignal.map(({ kind, ...more }) => signal(kind, more)),
    { maxLength: 12 },
  );

  test('the order of the signals makes no difference', () => {
    fc.assert(
      fc.property(anyNode, signals, (about, all) => {
        const other = observe(node(about), all.toReversed(), now);
        expect(other).toEqual(observe(node(about), all, now));
      }),
    );
  });

  test('one more bad check makes nothing better, and nothing good comes from nothing', () => {
    fc.assert(
      fc.property(anyNode, signals, (about, all) => {
        const before = observe(node(about), all, now);
        const after = observe(node(about), [...all, signal('check', { state: 'critical' })], now);
        expect(after.state).toBe('down');
        const counted = before.evidence.filter(
          ({ stale, state }) => !stale && state !== 'no-evidence',
        );
        const worst = Math.max(...counted.map(({ state }) => rankOf(state)));
        expect(before.state).toBe(counted.length === 0 ? 'no-evidence' : stateOf(worst));
      }),
    );
  });

  test('until then it stays as it is', () => {
    fc.assert(
      fc.property(
        anyNode,
        signals,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (about, all, part) => {
          const { state, until = now + minute } = observe(node(about), all, now);
          const later = Math.floor(now + (until - now) * part);
          expect(observe(node(about), all, later).state).toBe(state);
        },
      ),
    );
  });
});
