import fc from 'fast-check';
import type { Event } from '../../event/event.ts';
import type { Decision } from '../decision.ts';
import { Engine } from '../engine/engine.ts';
import { collectRulesNow } from '../language/collect.ts';
import type { RulePlan } from '../language/plan.ts';
import { combine, events, ratio, rule } from '../rules.ts';
import { operators } from './table.ts';

export const start = Date.UTC(2024, 1, 29);
export const hosts = ['a', 'b', 'c'] as const;
const states = ['ok', 'warning', 'critical'] as const;

/** An event before it has a place in time. */
interface Sketch {
  /** After the event before it, ms. */
  readonly after: number;
  /** How much older it is than its arrival, ms. */
  readonly delay: number;
  readonly host: string;
  readonly state: string;
  readonly metric: number | undefined;
  readonly ttl: number | undefined;
  readonly name: string;
}

const sketch = (mostDelay: number): fc.Arbitrary<Sketch> =>
  fc.record({
    after: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4_000 }), fc.constant(60_000)),
    delay: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: mostDelay })),
    host: fc.constantFrom(...hosts),
    state: fc.constantFrom(...states),
    metric: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(undefined)),
    ttl: fc.oneof(fc.constant(undefined), fc.constantFrom(1, 15)),
    name: fc.constantFrom('x', 'y'),
  });

/** Events in the order in which they arrive, at most so many ms old then. */
export function arrivals(mostDelay: number, maxLength = 60): fc.Arbitrary<readonly Event[]> {
  return fc.array(sketch(mostDelay), { maxLength }).map((sketches) => {
    let received = start;
    return sketches.map(({ after, delay, metric, ttl, ...rest }, i) => {
      received += after;
      return {
        ...rest,
        id: `e${i}`,
        type: 'metric',
        source: 'test',
        time: received - delay,
        received,
        ...(metric === undefined ? {} : { metric }),
        ...(ttl === undefined ? {} : { ttl }),
      };
    });
  });
}

/** A rule for each operator, named so. */
export const everyOperator: readonly RulePlan[] = collectRulesNow(() => {
  const hostly = events.by('host');
  const [x, y] = [hostly.where('name = "x"'), hostly.where('name = "y"')];
  const out = { type: 'out' };
  rule('tumbling', () => hostly.window({ every: '5s' }).count().emit(out));
  rule('sliding', () => hostly.window({ every: '2s', size: '6s' }).quantiles(0.5, 1).emit(out));
  rule('session', () => hostly.window({ idle: '3s', max: '10s' }).sum().emit(out));
  rule('counted', () => hostly.window({ count: 3 }).mean().emit(out));
  rule('last', () => hostly.window({ last: 3 }).stddev().emit(out));
  rule('distinct', () => hostly.window({ every: '5s' }).distinct('state').emit(out));
  rule('fold', () =>
    hostly
      .window({ every: '2s', size: '4s' })
      .fold(
        '',
        (text, { state = '' }) => text + state,
        (text) => ({ attributes: { text } }),
      )
      .emit(out),
  );
  rule('rate', () => hostly.rate('5s').emit(out));
  rule('increase', () => hostly.increase().emit(out));
  rule('ewma', () => hostly.ewma('5s').emit(out));
  rule('top', () => hostly.top(2, '5s').emit(out));
  rule('top-of-windows', () => hostly.window({ every: '5s' }).sum().top(1, '5s').emit(out));
  rule('changed', () => hostly.changed().emit(out));
  rule('stable', () => hostly.stable('3s').emit(out));
  rule('consecutive', () => hostly.consecutive(2).emit(out));
  rule('absent', () => hostly.absent('8s', { roster: ['d'] }).alert({ title: '{host}' }));
  rule('combine', () =>
    combine({ x, y }, ({ x: a, y: b }) => (a.metric ?? 0) - (b.metric ?? 0)).emit(out),
  );
  rule('ratio', () => ratio(x.rate('5s'), hostly.rate('5s')).emit(out));
  rule('followed-by', () => x.followedBy(y, { within: '5s' }).emit(out));
  rule('throttle', () => hostly.throttle(2, '5s').emit(out));
  rule('digest', () => hostly.digest(1, '5s').notify('browser'));
  rule('dedupe', () => hostly.dedupe('5s', 'state').emit(out));
  rule('level', () =>
    hostly
      .level({ critical: 'metric > 15', warning: 'metric > 10', clear: 'metric < 5' })
      .alert({ title: '{host}' }),
  );
  rule('scale', () =>
    hostly.scale({
      target: '{host}',
      want: (e) => (e.metric ?? Number.NaN) / 2,
      min: 1,
      max: 8,
      cooldown: '6s',
    }),
  );
});

/** How a stream is given to an engine: in which pieces, and where the clock is looked at. */
export interface Manner {
  /** Ends of batches, by index. */
  readonly batches: readonly number[];
  /** Before which events there is a tick, and how far it is on the way to it, 0 to 1. */
  readonly ticks: readonly (readonly [number, number])[];
  /** Before which event all goes on in a new engine from a snapshot. */
  readonly restart?: number;
}

/** All decisions by rule, with a tick long after the last event. */
export function decide(
  rules: readonly RulePlan[],
  given: readonly Event[],
  { batches, ticks, restart }: Manner = { batches: [], ticks: [] },
): Readonly<Record<string, readonly Decision[]>> {
  const playing = new Playing(rules);
  for (const [i, event] of given.entries()) {
    const [, way] = ticks.find(([before]) => before === i) ?? [];
    const before = given[i - 1]?.received ?? start;
    if (batches.includes(i)) playing.flush();
    if (way !== undefined) playing.tick(Math.floor(before + way * (event.received - before)));
    if (restart === i) playing.restart();
    playing.waiting.push(event);
  }
  playing.tick((given.at(-1)?.received ?? start) + 3_600_000);
  return playing.decided;
}

/** Rules that run, and what they decided. */
class Playing {
  readonly decided: Record<string, Decision[]> = {};
  /** Events of a batch that has not been given. */
  waiting: Event[] = [];
  readonly #rules: readonly RulePlan[];
  #engine: Engine;

  constructor(rules: readonly RulePlan[]) {
    this.#rules = rules;
    this.#engine = this.#make();
    this.#engine.tick(start);
  }

  flush(): void {
    this.#engine.batch(this.waiting);
    this.waiting = [];
  }

  tick(now: number): void {
    this.flush();
    this.#engine.tick(now);
  }

  restart(): void {
    this.flush();
    const snapshots = structuredClone(this.#engine.snapshot());
    this.#engine = this.#make();
    for (const [i, run] of this.#engine.runs.entries()) {
      const snapshot = snapshots[i];
      if (snapshot) run.restore(snapshot);
    }
  }

  #make(): Engine {
    const engine = new Engine({
      kinds: operators,
      onDecision: (decision) => (this.decided[decision.rule] ??= []).push(decision),
      onProblem: ({ message }) => {
        throw new Error(message);
      },
    });
    engine.seat(this.#rules.map((plan) => engine.prepare(plan)));
    return engine;
  }
}
