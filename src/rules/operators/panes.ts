import type { Event } from '../../event/event.ts';
import type { Scope } from '../engine/scope.ts';
import type { Operator, Surroundings } from '../engine/operator.ts';
import { timeOf } from './event-time.ts';
import type { Fold, Result } from './fold/fold.ts';

/** Windows of a fixed size; both in ms, the size a whole multiple of `every`. */
interface Shape {
  readonly every: number;
  readonly size: number;
  readonly fold: Fold;
}

/**
 * The panes of one key that windows still need: what a pane holds are the events of one `every`.
 * For a fold that cannot merge, a pane holds the events of the whole window that ends with it.
 */
interface Panes {
  /** Number of the first pane: its time divided by `every`. */
  first: number;
  readonly panes: unknown[];
  /** The next window's end for which it is woken, ms. */
  due: number;
  /** Until here empty windows are said, ms. */
  until: number;
  name: string | undefined;
}

/** A key that is silent and has told no ttl is reported empty for so many windows. */
const emptyWindows = 10;
/** And for at most so many, whatever its ttl. */
const mostEmptyWindows = 1_000;

/**
 * Windows aligned to the epoch: each `every`, what its fold makes of the last `size`. A window is
 * said when the watermark reaches its end. An event counts for those of its windows that are still
 * to end; it is late when there is none.
 *
 * A window without an event is said by folds that count or add (0), until the ttl of the key's last
 * event is over (without one: for ten windows); other folds say nothing then. Keeps size / every
 * states of its fold a key, and those of the windows that lateness keeps open.
 */
export class PaneOperator implements Operator {
  readonly #ctx: Surroundings;
  readonly #every: number;
  readonly #fold: Fold;
  /** How many panes a window has. */
  readonly #width: number;
  /** In how many windows an event is put at once: 1 when panes can be merged. */
  readonly #spread: number;

  constructor(ctx: Surroundings, { every, size, fold }: Shape) {
    this.#ctx = ctx;
    this.#every = every;
    this.#fold = fold;
    this.#width = size / every;
    this.#spread = fold.merge ? 1 : this.#width;
  }

  event(event: Event, scope: Scope): void {
    const item = this.#fold.item(event);
    if (item === undefined) return;
    const time = timeOf(event);
    const every = this.#every;
    const pane = Math.floor(time / every);
    const watermark = this.#ctx.watermark();
    if ((pane + this.#width) * every <= watermark) return this.#ctx.late();
    const state = (this.#ctx.get(scope) as Panes | undefined) ?? this.#open(scope, pane, watermark);
    state.name = event.name;
    this.#stay(state, event, time);
    if (pane < state.first) this.#openEarlier(state, pane);
    if ((pane + 1) * every < state.due) this.#wakeEarlier(state, scope, pane);
    for (let i = 0; i < this.#spread; i++) this.#add(state, pane + i, item);
  }

  wake(scope: Scope, at: number): void {
    const state = this.#ctx.get(scope) as Panes | undefined;
    if (state?.due !== at) return;
    const { until, name } = state;
    const end = at / this.#every;
    const kept = this.#fold.merge ? this.#merged(state, end) : state.panes[end - 1 - state.first];
    this.#forget(state, end);
    // Asked for before anything is made of the window, which may throw.
    if (state.panes.length > 0 || (this.#fold.empty && at <= until)) {
      state.due = at + this.#every;
      this.#ctx.wakeAt(scope, state.due);
    } else this.#ctx.set(scope, undefined);
    if (kept !== undefined) this.#say(scope, at, { name, results: this.#fold.results(kept) });
    else if (this.#fold.empty && at <= until)
      this.#say(scope, at, { name, results: [this.#fold.empty] });
  }

  #say(
    scope: Scope,
    at: number,
    { name, results }: { readonly name: string | undefined; readonly results: readonly Result[] },
  ): void {
    const named = name === undefined ? {} : { name };
    for (const result of results)
      this.#ctx.send(this.#ctx.about(scope, at, { ...named, ...result }), scope);
  }

  #open(scope: Scope, pane: number, watermark: number): Panes {
    const next = (Math.floor(watermark / this.#every) + 1) * this.#every;
    const due = Math.max((pane + 1) * this.#every, next);
    const state: Panes = { first: pane, panes: [], due, until: 0, name: undefined };
    this.#ctx.set(scope, state);
    this.#ctx.wakeAt(scope, due);
    return state;
  }

  #openEarlier(state: Panes, pane: number): void {
    for (let i = state.first - pane; i > 0; i--) state.panes.unshift(undefined);
    state.first = pane;
  }

  /** A window that ends before the one that is waited for has got an event after all. */
  #wakeEarlier(state: Panes, scope: Scope, pane: number): void {
    const next = (Math.floor(this.#ctx.watermark() / this.#every) + 1) * this.#every;
    const due = Math.max((pane + 1) * this.#every, next);
    if (due >= state.due) return;
    state.due = due;
    this.#ctx.wakeAt(scope, due);
  }

  #stay(state: Panes, { ttl }: Event, time: number): void {
    const every = this.#every;
    const stay =
      ttl === undefined
        ? (this.#width - 1 + emptyWindows) * every
        : Math.min(ttl * 1000, (this.#width + mostEmptyWindows) * every);
    if (time + stay > state.until) state.until = time + stay;
  }

  #add(state: Panes, pane: number, item: unknown): void {
    const { panes } = state;
    const i = pane - state.first;
    while (panes.length <= i) panes.push(undefined);
    const before = panes[i];
    const after = this.#fold.add(before === undefined ? this.#fold.make() : before, item);
    if (after !== before) panes[i] = after;
  }

  #merged(state: Panes, end: number): unknown {
    const { merge, make } = this.#fold;
    const to = Math.min(end - state.first, state.panes.length);
    const from = Math.max(0, end - this.#width - state.first);
    if (this.#width === 1) return to > from ? state.panes[from] : undefined;
    let all: unknown;
    for (let i = from; i < to; i++) {
      const pane = state.panes[i];
      if (pane !== undefined) all = merge?.(all ?? make(), pane);
    }
    return all;
  }

  /** Lets go of the panes that no window after this one needs. */
  #forget(state: Panes, end: number): void {
    const before = this.#fold.merge ? end - this.#width + 1 : end;
    while (state.panes.length > 0 && state.first < before) {
      state.panes.shift();
      state.first++;
    }
    // What is left may be empty: panes before an event of the future of this window.
    if (state.panes.length === 0) state.first = before;
  }
}
