import type { Event } from '../../event/event.ts';
import type { Scope } from '../engine/scope.ts';
import type { Operator, Surroundings } from '../engine/operator.ts';
import { timeOf } from './event-time.ts';
import type { Fold } from './fold/fold.ts';

/** In ms. */
interface Shape {
  readonly idle: number;
  readonly max: number;
  readonly fold: Fold;
}

interface Session {
  /** Times of its first and last event, ms. */
  start: number;
  last: number;
  kept: unknown;
  name: string | undefined;
}

interface Sessions {
  /** By time. More than one only while lateness keeps an earlier one open. */
  open: Session[];
  /** When it is woken, ms. */
  due: number;
}

/**
 * Sessions: events of a key that follow each other by less than `idle`. One ends `idle` after its
 * last event, or `max` after its first; that is its time. An event that comes late to a session
 * that is open still counts, and may make one of two; an event whose session would have ended is
 * late. Keeps one state of its fold for each session that lateness keeps open, mostly one.
 */
export class SessionOperator implements Operator {
  readonly #ctx: Surroundings;
  readonly #shape: Shape;

  constructor(ctx: Surroundings, shape: Shape) {
    this.#ctx = ctx;
    this.#shape = shape;
  }

  event(event: Event, scope: Scope): void {
    const item = this.#shape.fold.item(event);
    if (item === undefined) return;
    const time = timeOf(event);
    let state = this.#ctx.get(scope) as Sessions | undefined;
    let session = state?.open.find((one) => this.#belongs(one, time));
    if (!session) {
      if (time + this.#shape.idle <= this.#ctx.watermark()) return this.#ctx.late();
      session = { start: time, last: time, kept: this.#shape.fold.make(), name: undefined };
      if (!state) {
        state = { open: [], due: Number.POSITIVE_INFINITY };
        this.#ctx.set(scope, state);
      }
      state.open.push(session);
    }
    session.start = Math.min(session.start, time);
    session.last = Math.max(session.last, time);
    session.name = event.name;
    session.kept = this.#shape.fold.add(session.kept, item);
    if (state) this.#settle(state, scope);
  }

  wake(scope: Scope, at: number): void {
    const state = this.#ctx.get(scope) as Sessions | undefined;
    if (state?.due !== at) return;
    state.due = Number.POSITIVE_INFINITY;
    const ended = state.open.filter((one) => this.#endOf(one) <= at);
    state.open = state.open.filter((one) => this.#endOf(one) > at);
    if (state.open.length === 0) this.#ctx.set(scope, undefined);
    else this.#settle(state, scope);
    for (const { kept, name } of ended)
      for (const result of this.#shape.fold.results(kept)) {
        const named = name === undefined ? {} : { name };
        this.#ctx.send(this.#ctx.about(scope, at, { ...named, ...result }), scope);
      }
  }

  #belongs({ start, last }: Session, time: number): boolean {
    const { idle, max } = this.#shape;
    return time > start - idle && time < last + idle && time < start + max && last < time + max;
  }

  #endOf({ start, last }: Session): number {
    return Math.min(last + this.#shape.idle, start + this.#shape.max);
  }

  /** Joins what has met, and sees to it that the first end is not missed. */
  #settle(state: Sessions, scope: Scope): void {
    const { open } = state;
    if (open.length > 1) {
      open.sort((a, b) => a.start - b.start);
      for (let i = open.length - 1; i > 0; i--) this.#join(open, i);
    }
    const [first] = open;
    const end = first ? this.#endOf(first) : Number.POSITIVE_INFINITY;
    // Later than what is waited for: looked at again when that wakes.
    if (end >= state.due) return;
    state.due = end;
    this.#ctx.wakeAt(scope, end);
  }

  #join(open: Session[], i: number): void {
    const { merge } = this.#shape.fold;
    const [one, next] = open.slice(i - 1, i + 1);
    if (!merge || !one || !next) return;
    if (!this.#belongs(one, next.start) || next.last >= one.start + this.#shape.max) return;
    one.kept = merge(one.kept, next.kept);
    if (next.last >= one.last) one.name = next.name;
    one.last = Math.max(one.last, next.last);
    open.splice(i, 1);
  }
}
