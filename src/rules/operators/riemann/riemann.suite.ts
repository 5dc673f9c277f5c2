import type { Event } from '../../../event/event.ts';
import {
  events,
  type Decided,
  rule,
  type RuleEvent,
  type Stream,
  type Window,
} from '../../rules.ts';
import { type TestEvent, world } from '../../test.ts';

/** An event as Riemann's vectors write it: seconds, and any field beside. A number is a metric. */
export type RiemannEvent = Readonly<Record<string, unknown>> | number;

export interface Step {
  readonly event?: RiemannEvent;
  readonly advance?: number;
  readonly advanceTo?: number;
  readonly shuffledMetrics?: readonly number[];
  readonly service?: string;
}

/** What a stream said, and when, in seconds of the vector's time. */
export interface Said {
  readonly at: number;
  readonly out: unknown;
}

const start = Date.UTC(2024, 1, 29);
const own = new Set(['host', 'service', 'state', 'name']);

/** A chain whose last step lets everything out. */
export type Chain = (from: Stream) => Stream;

/** Puts a list of events into one: what Riemann's windows hand on. */
export function listed(window: Window<Stream>): Stream {
  return window.fold<readonly RuleEvent[]>(
    [],
    (list, event) => [...list, event],
    (list) => listOf(list),
  );
}

export function listOf(list: readonly RuleEvent[]): Partial<RuleEvent> {
  return { attributes: { list: JSON.stringify(list) } };
}

/** Runs the steps through the chain, in virtual time, and says what came out up to their end. */
export function play(chain: Chain, steps: readonly Step[]): readonly Said[] {
  const w = world(() => {
    rule('vector', { lateness: '0s' }, (): Decided => chain(events).emit({ type: 'out' }));
  });
  let clock = 0;
  for (const step of steps) {
    if (step.advance !== undefined) clock += step.advance;
    // Riemann's clock does not go back either.
    if (step.advanceTo !== undefined) clock = Math.max(clock, step.advanceTo);
    for (const event of eventsOf(step)) w.at(start + ms(clock), given(event));
  }
  w.advance('1h');
  if (w.problems().length > 0) throw new Error(w.problems()[0]?.message);
  return w
    .out()
    .map((event) => ({ at: (event.time - start) / 1000, out: riemann(event) }))
    .filter(({ at }) => at <= clock + 1e-9);
}

function ms(seconds: number): number {
  return Math.round(seconds * 1000);
}

function eventsOf({ event, shuffledMetrics, service }: Step): readonly RiemannEvent[] {
  if (event !== undefined) return [event];
  const [from = 0, to = -1] = shuffledMetrics ?? [];
  const metrics = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  // Shuffled in the same way each time: 37 and 101 have no common divisor.
  return metrics.map((_, i) => ({ service, metric: metrics[(i * 37) % metrics.length] }));
}

function given(event: RiemannEvent): TestEvent {
  if (typeof event === 'number') return { metric: event };
  const made: Record<string, unknown> = {};
  const attributes: Record<string, string> = {};
  for (const [field, value] of Object.entries(event)) {
    if (value === null) continue;
    if (field === 'time') made[field] = start + ms(Number(value));
    else if (own.has(field)) made[field] = textOf(value);
    else if (['metric', 'ttl', 'tags'].includes(field)) made[field] = value;
    else attributes[field] = textOf(value);
  }
  return { ...made, attributes };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** An event as Riemann would write it; a list where `listOf` made it of one. */
function riemann(event: Event): unknown {
  const { attributes = {} } = event;
  const { list } = attributes;
  if (list !== undefined) return (JSON.parse(list) as Event[]).map(riemann);
  const { host, service, state, metric, ttl, tags } = event;
  const time = (event.time - start) / 1000;
  return { ...attributes, time, host, service, state, metric, ttl, tags };
}
