import type { Draft } from '../../event/event.ts';
import type { Kind, MetricLine } from './metric-line.ts';
import { Members, type Room, Timer } from './samples.ts';

/** What all readings of a series have in common. */
export type Described = Omit<Draft, 'type' | 'name' | 'time' | 'metric'> & {
  readonly name: string;
};

/** What `-5` says of a gauge: set it to −5, or take 5 from it. */
export type SignedGauges = 'auto' | 'relative' | 'absolute';

/** The samples of one series in one interval, taken out of it. */
export interface Gathered {
  readonly series: Series;
  /** The sum of a counter, the value of a gauge. */
  readonly value: number;
  readonly timer: Timer | undefined;
  readonly members: Members | undefined;
}

/** One name with its type and tags. */
export class Series {
  readonly kind: Kind;
  readonly described: Described;
  /** Whether it had a sample in this interval. */
  touched = false;
  /** Whether it was known when there was room. */
  established = false;
  /** When its last reading was taken: ms since the epoch, UTC. */
  takenAt = 0;
  #value = 0;
  #timer: Timer | undefined;
  #members: Members | undefined;

  constructor(kind: Kind, described: Described) {
    this.kind = kind;
    this.described = described;
  }

  /** Takes the values of a line; how many of them there was memory for. */
  add(bytes: Buffer, line: MetricLine, room: Room, signed: SignedGauges): number {
    switch (this.kind) {
      case 'c':
        for (let i = 0; i < line.count; i++) this.#value += (line.values[i] ?? 0) / line.rate;
        return line.count;
      case 'g':
        this.#value = gaugeAfter(line, this.#value, signed);
        return line.count;
      case 's': {
        this.#members ??= new Members();
        const { start, end } = line.member;
        return this.#members.add(bytes.toString('latin1', start, end), room) ? 1 : 0;
      }
      case 'ms':
      case 'h':
      case 'd':
        return this.#addTimes(line, room);
    }
  }

  /** What was gathered; a gauge goes on from its value, all others from nothing. */
  take(): Gathered {
    const gathered = {
      series: this,
      value: this.#value,
      timer: this.#timer,
      members: this.#members,
    };
    if (this.kind !== 'g') this.#value = 0;
    this.#timer = undefined;
    this.#members = undefined;
    this.touched = false;
    return gathered;
  }

  #addTimes(line: MetricLine, room: Room): number {
    this.#timer ??= new Timer();
    let taken = 0;
    for (let i = 0; i < line.count; i++)
      if (this.#timer.add(line.values[i] ?? 0, 1 / line.rate, room)) taken++;
    return taken;
  }
}

/**
 * A gauge after a line. A sign makes a value relative (StatsD). DogStatsD has no relative gauges, so
 * that a minus there is part of the number; a plus is written by nobody who means it so.
 */
export function gaugeAfter(line: MetricLine, before: number, signed: SignedGauges): number {
  const dogStatsd =
    line.tags.end > 0 || line.container.end > 0 || line.external.end > 0 || line.time > 0;
  const minusIsRelative = signed === 'relative' || (signed === 'auto' && !dogStatsd);
  let value = before;
  for (let i = 0; i < line.count; i++) {
    const sign = line.signs[i];
    const given = line.values[i] ?? 0;
    const relative = (sign === 0x2b && signed !== 'absolute') || (sign === 0x2d && minusIsRelative);
    value = relative ? value + given : given;
  }
  return value;
}

/** The readings that samples become. `time`: ms since the epoch, UTC, the end of their interval. */
export function* readings(gathered: Gathered, time: number): Generator<Draft> {
  const { series, value, timer, members } = gathered;
  const { kind, described } = series;
  const { name } = described;
  if (kind === 'c') yield reading(described, { name, time, metric: value, kind: 'delta' });
  else if (kind === 'g') yield reading(described, { name, time, metric: value, kind: 'gauge' });
  else if (members) yield reading(described, { name, time, metric: members.count, kind: 'gauge' });
  else if (timer) yield* timerReadings(described, timer, { time, unit: kind === 'ms' });
}

const quantiles = [
  ['p50', 0.5],
  ['p95', 0.95],
  ['p99', 0.99],
] as const;

function* timerReadings(
  described: Described,
  timer: Timer,
  { time, unit }: { readonly time: number; readonly unit: boolean },
): Generator<Draft> {
  const { name } = described;
  const own = { time, ...(unit && { unit: 'ms' }) };
  yield reading(described, { name: `${name}.count`, time, metric: timer.count, kind: 'delta' });
  yield reading(described, { ...own, name: `${name}.sum`, metric: timer.sum, kind: 'delta' });
  yield reading(described, { ...own, name: `${name}.min`, metric: timer.min, kind: 'gauge' });
  yield reading(described, { ...own, name: `${name}.max`, metric: timer.max, kind: 'gauge' });
  for (const [suffix, q] of quantiles) {
    const metric = timer.quantile(q);
    yield reading(described, { ...own, name: `${name}.${suffix}`, metric, kind: 'quantile' });
  }
}

/** One reading of a series; `kind` is its `metric.type`. */
export function reading(
  described: Described,
  { name, time, metric, kind, unit }: Reading,
): Draft & { readonly name: string } {
  return {
    ...described,
    type: 'metric',
    name,
    time,
    metric,
    attributes: {
      ...described.attributes,
      'metric.type': kind,
      ...(unit !== undefined && { unit }),
    },
  };
}

interface Reading {
  readonly name: string;
  /** ms since the epoch, UTC. */
  readonly time: number;
  readonly metric: number;
  readonly kind: 'delta' | 'gauge' | 'quantile';
  readonly unit?: string;
}
