import { describe, expect, test } from 'vitest';
import type { Draft } from '../../../event/event.ts';
import { events, moved, type MovedOptions, rule } from '../../rules.ts';
import { world, type World } from '../../test.ts';

const start = Date.UTC(2024, 1, 29);
const minute = 60_000;
const hour = 60 * minute;

const deploys = events.where('type = "dev.cdevents.service.deployed"');

/** Sample 9 of rules.md 6.4. */
const deployEffect =
  (more: Partial<MovedOptions> = {}, fields = ['service', 'env']) =>
  (): void => {
    rule('deploy-effect', () =>
      moved(events.where('name = "http.latency.q" and label.q = "0.95"').by(...fields), {
        after: deploys,
        baseline: '2h',
        observe: '15m',
        minEffect: 0.05,
        falseAlarms: 0.01,
        direction: 'up',
        ...more,
      }).alert({ title: '{version} moved {name} of {service}' }),
    );
  };

/** Noise that is the same in every run, roughly normal. */
function noise(seed: number): () => number {
  let a = seed;
  const next = (): number => {
    a = (a * 1_103_515_245 + 12_345) % 2 ** 31;
    return a / 2 ** 31;
  };
  return () => (next() + next() + next() + next() - 2) * Math.sqrt(3);
}

type Level = (time: number) => number;

interface Played {
  readonly from: number;
  readonly to: number;
  readonly level: Level;
  readonly event?: Partial<Draft>;
}

/** A reading every 30 s, of each series in turn; and what else happens, at its times. */
function play(
  w: World,
  series: readonly Played[],
  others: readonly [number, Partial<Draft>][] = [],
): void {
  const all: [number, Partial<Draft>][] = [...others];
  for (const [s, { from, to, level, event }] of series.entries()) {
    const random = noise(s + 1);
    for (let t = from; t < to; t += 30_000) {
      const shop = { service: 'shop', environment: 'live', name: 'http.latency.q', ...event };
      const attributes = { q: '0.95', ...shop.attributes };
      all.push([t + s, { ...shop, attributes, metric: level(t) * (1 + 0.05 * random()) }]);
    }
  }
  for (const [time, event] of all.toSorted((a, b) => a[0] - b[0])) w.at(start + time, event);
}

const deploy = (version: string, more: Partial<Draft> = {}): Partial<Draft> => ({
  type: 'dev.cdevents.service.deployed.0.3.0',
  id: `deploy-${version}`,
  service: 'shop',
  environment: 'live',
  ...more,
  attributes: { 'service.version': version, ...more.attributes },
});

const alerts = (w: World): unknown[] =>
  w
    .actions('alert')
    .map(({ title, severity, at, since }) => [
      title,
      severity,
      (at - start) / minute,
      (since - start) / minute,
    ]);
const verdicts = (w: World): unknown[] => w.out('change.verdict').map(({ state }) => state);
const step =
  (at: number, by: number): Level =>
  (t) =>
    t >= at ? 100 + by : 100;

describe('sample 9: did this deploy move this metric?', () => {
  test('it did, which is seen at the first look with enough history, and ends when it is back', () => {
    const w = world(deployEffect());
    const level: Level = (t) => (t >= 18 * hour && t < 19 * hour ? 140 : 100);
    play(w, [{ from: 0, to: 20 * hour, level }], [[18 * hour, deploy('1.4.2')]]);
    const title = '1.4.2 moved http.latency.q of shop';
    expect(alerts(w)).toEqual([
      [title, 'critical', 18 * 60 + 5, 18 * 60],
      [title, 'ok', 19 * 60 + 20, 19 * 60 + 20],
    ]);
    expect(w.actions('alert')[0]).toMatchObject({
      service: 'shop',
      environment: 'live',
      name: 'http.latency.q',
      details: {
        kind: 'moved',
        direction: 'up',
        change: { id: 'deploy-1.4.2', what: 'shop 1.4.2 deployed' },
        evidence: { rank: { larger: 0, wanted: 0.002 }, control: 'none' },
        also: [],
      },
    });
    expect(verdicts(w)).toEqual(['moved']);
    expect(w.replay()).toEqual(w.decisions());
  });

  test('it did not, and that is on the log', () => {
    const w = world(deployEffect());
    play(w, [{ from: 0, to: 19 * hour, level: () => 100 }], [[18 * hour, deploy('1.4.2')]]);
    expect(alerts(w)).toEqual([]);
    expect(w.out('change.verdict')).toMatchObject([
      {
        type: 'verdict',
        state: 'notMoved',
        service: 'shop',
        environment: 'live',
        time: start + 18 * hour + 15 * minute,
        attributes: {
          version: '1.4.2',
          'metric.name': 'http.latency.q',
          'change.id': 'deploy-1.4.2',
        },
        data: { because: expect.arrayContaining(['rank', 'effect']) },
      },
    ]);
  });

  test('it cannot be told with a short history, or when the metric falls silent', () => {
    const w = world(deployEffect());
    play(w, [{ from: 0, to: 3 * hour, level: step(2 * hour, 500) }], [[2 * hour, deploy('1')]]);
    w.at(start + 3 * hour, deploy('2'));
    w.advance('1h');
    expect(alerts(w)).toEqual([]);
    expect(
      w.out('change.verdict').map(({ state, attributes }) => [state, attributes?.['text']]),
    ).toEqual([
      ['cannotTell', 'cannot tell: 41 of 200 comparable places in the history'],
      ['cannotTell', 'cannot tell: 0 of 12 readings after the change'],
    ]);
  });

  test('it moved, but before the deploy', () => {
    const w = world(deployEffect());
    const level = step(18 * hour - 8 * minute, 60);
    play(w, [{ from: 0, to: 19 * hour, level }], [[18 * hour, deploy('1.4.2')]]);
    expect(alerts(w)).toEqual([]);
    const [verdict] = w.out('change.verdict');
    expect(verdict?.state).toBe('movedElsewhere');
    expect(verdict?.attributes?.['text']).toMatch(
      /but at 17:51 UTC, 8 min before shop 1.4.2 deployed/,
    );
  });

  test('a deploy that is told late moved it when it may have been there by then', () => {
    const verdictOf = (late: MovedOptions['late'], ago: number): string | undefined => {
      const w = world(deployEffect(late ? { late } : {}));
      const level = step(18 * hour - ago, 60);
      play(w, [{ from: 0, to: 19 * hour, level }], [[18 * hour, deploy('1.4.2')]]);
      return w.out('change.verdict')[0]?.state;
    };
    expect(verdictOf(undefined, 4 * minute)).toBe('movedElsewhere');
    for (const ago of [0, 1, 4, 5])
      expect([ago, verdictOf('5m', ago * minute)]).toEqual([ago, 'moved']);
    expect(verdictOf('5m', 8 * minute)).toBe('movedElsewhere');
  });

  test('a deploy of another service or environment is not asked about', () => {
    const w = world(deployEffect());
    const others: [number, Partial<Draft>][] = [
      [18 * hour, deploy('1', { service: 'mail' })],
      [18 * hour + 1, deploy('2', { environment: 'test' })],
    ];
    play(w, [{ from: 0, to: 19 * hour, level: step(18 * hour, 60) }], others);
    expect(verdicts(w)).toEqual([]);
  });

  test('a deploy that is told of late is judged as if it had come in time', () => {
    const w = world(deployEffect());
    const late = { ...deploy('1.4.2'), time: start + 18 * hour };
    play(w, [{ from: 0, to: 20 * hour, level: step(18 * hour, 60) }], [[19 * hour, late]]);
    expect(alerts(w)).toEqual([[expect.any(String), 'critical', 18 * 60 + 5, 18 * 60]]);
  });

  test('a reading of an interval that is over is late, and left out', () => {
    const w = world(deployEffect());
    play(w, [{ from: 0, to: hour, level: () => 100 }]);
    const reading = {
      name: 'http.latency.q',
      attributes: { q: '0.95' },
      service: 'shop',
      metric: 1,
    };
    w.at(start + hour, { ...reading, environment: 'live', time: start + hour - 2 * minute });
    expect(w.stats()[0]).toMatchObject({ late: 1 });
  });

  test.for([
    [{ minEffect: -0.1 }, 'minEffect'],
    [{ falseAlarms: 0 }, 'falseAlarms'],
    [{ falseAlarms: 5 }, 'falseAlarms'],
  ] as const)('%o is refused', ([options, field]) => {
    expect(() => world(deployEffect(options))).toThrow(field);
  });

  test('a restart and a saved file keep what it knows', () => {
    const w = world(deployEffect());
    const level = step(18 * hour, 60);
    play(w, [{ from: 0, to: 18 * hour + 2 * minute, level }], [[18 * hour, deploy('1.4.2')]]);
    w.reload(deployEffect());
    play(w, [{ from: 18 * hour + 2 * minute, to: 18 * hour + 16 * minute, level }]);
    expect(alerts(w)).toHaveLength(1);
  });
});

describe('what else counts', () => {
  test('a deploy in steps is one change with a rollout', () => {
    const w = world(deployEffect());
    const steps = [0, 3, 6].map((m): [number, Partial<Draft>] => [
      18 * hour + m * minute,
      deploy('1.4.2', { id: `step-${m}` }),
    ]);
    play(w, [{ from: 0, to: 19 * hour, level: step(18 * hour + 5 * minute, 80) }], steps);
    expect(verdicts(w)).toEqual(['moved']);
  });

  test('other changes and incidents are named, and their time is no history', () => {
    const w = world(deployEffect());
    const flag = {
      type: 'dev.cdeventsx.unleash-flag.toggled.0.1.0',
      id: 'flag-1',
      subject: 'new-basket',
      service: 'shop',
    };
    const incident = (state: string): Partial<Draft> => ({
      type: `dev.cdevents.incident.${state}.0.2.0`,
      subject: 'incident-7',
      service: 'shop',
    });
    const others: [number, Partial<Draft>][] = [
      [10 * hour, incident('detected')],
      [12 * hour, incident('resolved')],
      [18 * hour - 5 * minute, flag],
      [18 * hour, deploy('1.4.2')],
    ];
    play(w, [{ from: 0, to: 19 * hour, level: step(18 * hour, 60) }], others);
    const data = w.out('change.verdict')[0]?.data as {
      also: string[];
      evidence: { rank: { splits: number } };
    };
    expect(data.also).toEqual(['flag new-basket toggled']);
    const alone = world(deployEffect());
    play(
      alone,
      [{ from: 0, to: 19 * hour, level: step(18 * hour, 60) }],
      [[18 * hour, deploy('1.4.2')]],
    );
    const whole = alone.out('change.verdict')[0]?.data as typeof data;
    expect(data.evidence.rank.splits).toBeLessThan(whole.evidence.rank.splits - 60);
  });

  test('hosts that the deploy left alone are the control', () => {
    const fields = ['service', 'env', 'host'];
    const hosts = (levels: Readonly<Record<string, Level>>): Played[] =>
      Object.entries(levels).map(([host, level]) => ({
        from: 0,
        to: 19 * hour,
        level,
        event: { host },
      }));
    const canary = deploy('1.4.2', { host: 'web1' });
    const up = step(18 * hour, 40);
    const still: Level = () => 100;

    const shared = world(deployEffect({}, fields));
    play(shared, hosts({ web1: up, web2: up, web3: up }), [[18 * hour, canary]]);
    expect(verdicts(shared)).toEqual(['notMoved']);

    const own = world(deployEffect({}, fields));
    play(own, hosts({ web1: up, web2: still, web3: still }), [[18 * hour, canary]]);
    expect(own.out('change.verdict')).toMatchObject([
      { state: 'moved', host: 'web1', data: { evidence: { control: 'used' } } },
    ]);
  });

  test('many metrics of one deploy are judged together', () => {
    const metrics = (count: number): Played[] =>
      Array.from({ length: count }, (_, i) => ({
        from: 10 * hour,
        to: 19 * hour,
        level: i === 0 ? step(18 * hour, 60) : (): number => 100,
        event: { attributes: { route: `/${i}` } },
      }));
    const fields = ['service', 'env', 'label.route'];
    const few = world(deployEffect({}, fields));
    play(few, metrics(3), [[18 * hour, deploy('1.4.2')]]);
    expect(verdicts(few)).toEqual(['moved', 'notMoved', 'notMoved']);
    const many = world(deployEffect({}, fields));
    play(many, metrics(30), [[18 * hour, deploy('1.4.2')]]);
    expect(many.out('change.verdict')[0]).toMatchObject({
      state: 'notMoved',
      data: { because: ['manyMetrics'] },
    });
  });

  test('a key is forgotten when its history is of no more use', () => {
    const w = world(deployEffect());
    play(w, [{ from: 0, to: hour, level: () => 100 }]);
    expect(w.stats()[0]?.keys).toBe(1);
    w.advance('30h');
    w.at(start + 32 * hour, { name: 'other' });
    w.advance('2h');
    expect(w.stats()[0]?.keys).toBe(0);
  });
});
