import { type Event, streamOf } from '../../event/event.ts';
import { rulesSource } from '../engine/path.ts';
import { retentionOf, settlingOf } from '../engine/retention.ts';
import type { RulePlan } from '../language/plan.ts';
import { operators } from '../operators/table.ts';
import { Comparison } from './compare.ts';
import { bucketWidth, EventCourse } from './course.ts';
import type { Bounds } from './findings.ts';
import type { Backtest, Input } from './result.ts';
import { Trial, sliceMs } from './trial.ts';

/** Rules with the name under which they are compared. */
interface Rules {
  readonly name: string;
  readonly plans: readonly RulePlan[];
}

export interface BacktestOptions {
  /** ms; decisions are listed from here on, by their event time. */
  readonly from: number;
  /** ms; and up to this, where the last window of the time ends. */
  readonly to: number;
  /** The rules in question. */
  readonly plans: readonly RulePlan[];
  /** Run beside them over the same events. */
  readonly against?: Rules;
  readonly bounds?: Bounds;
  /** Told after each batch how many events there were so far, and up to when they were received. */
  readonly onProgress?: (events: number, received: number) => void;
}

/** The time by the events' clock that must be read. */
export interface ReadRange {
  /** ms */
  readonly warmFrom: number;
  /** ms; before this. */
  readonly until: number;
}

/** What the reader of the events says of them, asked at the end. */
export type ReadReport = Pick<Input, 'sources' | 'complete' | 'warm' | 'backfilled'>;

const listed = 10_000;
const mostRows = 1_000;
const territorySources = new Set([rulesSource, 'territory/alerts']);

/**
 * What must be read for a backtest: enough before `from` that every window is full there, enough
 * behind `to` that all is decided.
 */
export function readRange({ from, to, plans, against }: BacktestOptions): ReadRange {
  const all = [...plans, ...(against?.plans ?? [])];
  const longest = (of: (plan: RulePlan) => number): number => Math.max(0, ...all.map(of));
  const floor = (time: number): number => Math.floor(time / sliceMs) * sliceMs;
  return {
    warmFrom: floor(Math.max(0, from - longest((plan) => retentionOf(plan, operators)))),
    until: floor(to + longest(settlingOf)) + sliceMs,
  };
}

/**
 * Runs rules over recorded events with no side effects: the same events give the same answer, to the
 * byte, however they are batched.
 *
 * @param batches in the order of `received`, of the range that `readRange` gives
 */
export async function backtest(
  batches: AsyncIterable<readonly Event[]>,
  options: BacktestOptions,
  report: () => ReadReport,
): Promise<Backtest> {
  const { from, to, plans, against, onProgress } = options;
  const { warmFrom, until } = readRange(options);
  const range = { from, to, every: bucketWidth(from, to) };
  const comparison = against ? new Comparison() : undefined;
  const trialOf = (side: 'candidate' | 'live', own: readonly RulePlan[]): Trial =>
    new Trial({
      plans: own,
      range,
      bounds: options.bounds ?? boundsFor(own.length),
      ...(comparison ? { onDecision: (decision) => comparison.add(side, decision) } : {}),
    });
  const candidate = trialOf('candidate', plans);
  const live = against && trialOf('live', against.plans);
  const trials = live ? [candidate, live] : [candidate];
  const names = new Set([...plans, ...(against?.plans ?? [])].map(({ name }) => name));
  const feeding = new Feeding(trials, names, range);
  for await (const batch of batches) {
    feeding.batch(batch);
    onProgress?.(feeding.events, feeding.clock);
  }
  feeding.end(until);
  const outcome = candidate.outcome();
  const others = live?.outcome();
  return {
    format: 'territory.backtest/1',
    from,
    to,
    warmFrom,
    every: range.every,
    input: { ...feeding.counts(), ...report() },
    ...outcome,
    ...(against && others && comparison
      ? {
          against: {
            name: against.name,
            ...others,
            difference: comparison.result(
              { candidate: outcome.alerts, live: others.alerts },
              mostRows,
            ),
          },
        }
      : {}),
  };
}

function boundsFor(rules: number): Bounds {
  return {
    listed: Math.max(200, Math.floor(listed / Math.max(1, rules))),
    alerts: 5_000,
    problems: 100,
  };
}

/** Cuts the events into slices of their clock, whatever their batches are. */
class Feeding {
  events = 0;
  /** `received` of the last event, ms. */
  clock = 0;
  readonly #trials: readonly Trial[];
  /** Rules that run anew: what they once emitted is not taken. */
  readonly #anew: ReadonlySet<string>;
  readonly #course: EventCourse;
  readonly #range: { readonly from: number; readonly to: number };
  #facts = 0;
  #replaced = 0;
  #start = Number.NEGATIVE_INFINITY;
  #slice: Event[] = [];

  constructor(
    trials: readonly Trial[],
    anew: ReadonlySet<string>,
    range: { readonly from: number; readonly to: number; readonly every: number },
  ) {
    this.#trials = trials;
    this.#anew = anew;
    this.#range = range;
    this.#course = new EventCourse(range.every);
  }

  batch(events: readonly Event[]): void {
    const { from, to } = this.#range;
    for (const event of events) {
      const { received } = event;
      this.events++;
      if (received >= this.#start + sliceMs) this.#turn(received);
      if (received >= from && received < to) this.#course.add(received);
      if (streamOf(event.type) === 'facts') this.#facts++;
      if (territorySources.has(event.source) && this.#isAnew(event)) this.#replaced++;
      else this.#slice.push(event);
    }
    this.clock = events.at(-1)?.received ?? this.clock;
  }

  end(until: number): void {
    this.#turn(until);
    for (const trial of this.#trials) trial.silence(until);
  }

  counts(): Omit<Input, keyof ReadReport> {
    const { events } = this;
    return {
      events,
      facts: this.#facts,
      readings: events - this.#facts,
      replaced: this.#replaced,
      course: this.#course.rows(),
    };
  }

  #turn(received: number): void {
    if (this.#slice.length > 0)
      for (const trial of this.#trials) trial.slice(this.#start, this.#slice);
    this.#slice = [];
    this.#start = Math.floor(received / sliceMs) * sliceMs;
  }

  #isAnew({ attributes }: Event): boolean {
    const rule = attributes?.['rule'];
    return rule !== undefined && this.#anew.has(rule);
  }
}
