import type { Event } from '../../event/event.ts';
import type { Scope } from '../engine/scope.ts';
import type { Operator, Surroundings } from '../engine/operator.ts';
import { timeOf } from './event-time.ts';
import type { Fold } from './fold/fold.ts';

interface Counted {
  n: number;
  kept: unknown;
  /** The latest time of its events, ms. */
  time: number;
}

/**
 * Windows of `count` events each, in the order in which they arrive; none is late. The time of a
 * window is the latest of its events. Keeps one state of its fold a key, however long the window
 * takes to fill.
 */
export function countedWindows(ctx: Surroundings, count: number, fold: Fold): Operator {
  const { get, set, send, about } = ctx;
  return {
    event: (event, scope) => {
      const item = fold.item(event);
      if (item === undefined) return;
      let state = get(scope) as Counted | undefined;
      if (!state) {
        state = { n: 0, kept: fold.make(), time: 0 };
        set(scope, state);
      }
      state.n++;
      state.kept = fold.add(state.kept, item);
      state.time = Math.max(state.time, timeOf(event));
      if (state.n < count) return;
      set(scope, undefined);
      say(event, scope, state);
    },
  };

  function say({ name }: Event, scope: Scope, { kept, time }: Counted): void {
    const named = name === undefined ? {} : { name };
    for (const result of fold.results(kept))
      send(about(scope, time, { ...named, ...result }), scope);
  }
}

interface Last {
  items: unknown[];
  time: number;
}

/**
 * At each event what the fold makes of the last `last` ones, in the order in which they arrive; none
 * is late. Keeps so many numbers, texts or (for a rule's own fold) events a key, and folds them anew
 * each time.
 */
export function lastWindows(ctx: Surroundings, last: number, fold: Fold): Operator {
  const { get, set, send, about } = ctx;
  return {
    event: (event, scope) => {
      const item = fold.item(event);
      if (item === undefined) return;
      let state = get(scope) as Last | undefined;
      if (!state) {
        state = { items: [], time: 0 };
        set(scope, state);
      }
      if (state.items.length === last) state.items.shift();
      state.items.push(item);
      state.time = Math.max(state.time, timeOf(event));
      const kept = state.items.reduce((sum, one) => fold.add(sum, one), fold.make());
      const named = event.name === undefined ? {} : { name: event.name };
      for (const result of fold.results(kept))
        send(about(scope, state.time, { ...named, ...result }), scope);
    },
  };
}
