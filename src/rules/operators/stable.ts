import type { Event } from '../../event/event.ts';
import { formatDuration } from '../../event/quantity.ts';
import type { Scope } from '../engine/scope.ts';
import type { OperatorKind } from '../engine/operator.ts';
import type { RuleEvent } from '../language/plan.ts';
import { isOutOfOrder, timeOf } from './event-time.ts';
import { lookOf, written } from './look.ts';

interface StableState {
  value: string | number;
  /** Since when it has been so, and the time of its newest event, ms. */
  since: number;
  time: number;
  /** The newest event, while nothing was said of the value. */
  event: Event | undefined;
  /** A wish to be woken is pending. */
  waiting: boolean;
}

/**
 * Says a value once it has been the same for `time`: the newest event of it, with that moment as its
 * `time` and `since`, when the value began (rules.md 6.5). What was held before is dropped; further
 * events of the same value go through as they come, with `since`. A silent key counts as unchanged.
 * An event without the value is left out; one that is older than the newest of its key is late.
 * Keeps one value, two times and at most one event a key.
 */
export const stable: OperatorKind = {
  stateful: true,
  retention: ({ time }) => Number(time),
  label: ({ time, look }) => `${written(look)} for ${formatDuration(Number(time))}`,
  start: ({ args, send, get, set, wakeAt, late }) => {
    const look = lookOf(args['look']);
    const time = Number(args['time']);

    const say = (state: StableState, scope: Scope): void => {
      const { event, since } = state;
      state.event = undefined;
      const at = since + time;
      if (event) pass({ ...event, time: at, received: Math.max(at, event.received) }, state, scope);
    };
    const pass = (event: Event, { since }: StableState, scope: Scope): void => {
      const passed: RuleEvent = { ...event, since };
      send(passed, scope);
    };
    const begin = (value: string | number, event: Event, scope: Scope): void => {
      const at = timeOf(event);
      const before = get(scope) as StableState | undefined;
      const waiting = before?.waiting ?? false;
      set(scope, { value, since: at, time: at, event, waiting: true });
      if (!waiting) wakeAt(scope, at + time);
    };

    return {
      event: (event, scope) => {
        const value = look(event);
        if (value === undefined) return;
        const state = get(scope) as StableState | undefined;
        if (!state) return begin(value, event, scope);
        const at = timeOf(event);
        if (isOutOfOrder(state, at)) return late();
        // It stayed so up to this event, whatever this one says.
        if (state.event && at >= state.since + time) say(state, scope);
        if (state.value !== value) begin(value, event, scope);
        else if (state.event) state.event = event;
        else pass(event, state, scope);
      },
      wake: (scope, at) => {
        const state = get(scope) as StableState | undefined;
        if (!state) return;
        state.waiting = state.event !== undefined && state.since + time > at;
        // The value changed since this was asked for.
        if (state.waiting) wakeAt(scope, state.since + time);
        else say(state, scope);
      },
    };
  },
};
