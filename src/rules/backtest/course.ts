import type { Decision } from '../decision.ts';

const widths = [
  1_000, 5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000, 21_600_000, 86_400_000,
] as const;
const mostBuckets = 1_500;

/** Width of the buckets of a chart over the range, ms: a minute or less for a day. */
export function bucketWidth(from: number, to: number): number {
  return (
    widths.find((width) => (to - from) / width <= mostBuckets) ?? Math.ceil((to - from) / 1500)
  );
}

const kinds = ['emit', 'alert', 'notify', 'scale'] as const satisfies readonly Decision['kind'][];
type Row = readonly [start: number, emit: number, alert: number, notify: number, scale: number];

/** Decisions by time, for the chart. */
export class Course {
  readonly #every: number;
  readonly #buckets = new Map<number, [number, number, number, number]>();

  constructor(every: number) {
    this.#every = every;
  }

  add({ kind, at }: Pick<Decision, 'kind' | 'at'>): void {
    const start = Math.floor(at / this.#every) * this.#every;
    let bucket = this.#buckets.get(start);
    if (!bucket) this.#buckets.set(start, (bucket = [0, 0, 0, 0]));
    const index = kinds.indexOf(kind);
    bucket[index] = (bucket[index] ?? 0) + 1;
  }

  /** In the order of time; without those that are empty. */
  rows(): readonly Row[] {
    return [...this.#buckets]
      .map(([start, counts]) => [start, ...counts] as const)
      .toSorted(byTime);
  }
}

/** Numbers of events by time. */
export class EventCourse {
  readonly #every: number;
  readonly #buckets = new Map<number, number>();
  #start = Number.NaN;
  #count = 0;

  constructor(every: number) {
    this.#every = every;
  }

  add(time: number): void {
    // Nearly always the bucket of the event before: 20 million events should not look it up.
    if (time >= this.#start && time < this.#start + this.#every) {
      this.#count++;
      return;
    }
    this.#keep();
    this.#start = Math.floor(time / this.#every) * this.#every;
    this.#count = 1;
  }

  rows(): readonly (readonly [start: number, events: number])[] {
    this.#keep();
    return [...this.#buckets].toSorted(byTime);
  }

  #keep(): void {
    if (this.#count > 0)
      this.#buckets.set(this.#start, (this.#buckets.get(this.#start) ?? 0) + this.#count);
    this.#count = 0;
  }
}

const byTime = (a: readonly [number, ...unknown[]], b: readonly [number, ...unknown[]]): number =>
  a[0] - b[0];
