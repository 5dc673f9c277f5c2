import type { Event } from '../../event/event.ts';
import type { OperatorKind } from '../engine/operator.ts';
import type { RuleEvent } from '../language/plan.ts';
import { timeOf } from './event-time.ts';
import { metric, type Result } from './fold/fold.ts';
import { shown, written } from './look.ts';

type Make = (last: Readonly<Record<string, RuleEvent>>) => number | Result | undefined | null;

/** By input; the last event of each. */
interface CombineState {
  readonly last: (Event | undefined)[];
  /** Of the newest event of any, ms. */
  time: number;
}

/**
 * The last events of several streams, made into a number or fields of an event whenever one of them
 * changes and all are there; the time is that of the newest. A last event counts until its ttl is
 * over (strictly: time − its time > ttl), or until one with the state `expired` takes its place. An
 * event that is older than the last of its own stream is late. Keeps one event for each stream a key.
 */
export const combine: OperatorKind = {
  stateful: true,
  label: ({ names }) => written(names),
  start: ({ args, send, get, set, late, about }) => {
    const names = args['names'] as readonly string[]; // as `combine` made them
    const make = args['make'] as Make;
    return {
      event: (event, scope, input) => {
        let state = get(scope) as CombineState | undefined;
        if (!state) {
          state = { last: names.map(() => undefined), time: 0 };
          set(scope, state);
        }
        const { last } = state;
        const before = last[input];
        const time = timeOf(event);
        if (before && time < timeOf(before)) return late();
        last[input] = event.state === 'expired' ? undefined : event;
        state.time = Math.max(state.time, time);
        forgetExpired(state);
        const given: Record<string, RuleEvent> = {};
        for (const [i, name] of names.entries()) {
          const one = last[i];
          if (!one) return;
          given[name] = shown(one);
        }
        for (const result of resultsOf(make(given))) send(about(scope, state.time, result), scope);
      },
    };
  },
};

function forgetExpired({ last, time }: CombineState): void {
  for (const [i, one] of last.entries())
    if (one?.ttl !== undefined && time - timeOf(one) > one.ttl * 1000) last[i] = undefined;
}

function resultsOf(made: ReturnType<Make>): readonly Result[] {
  if (made === undefined || made === null) return [];
  return typeof made === 'number' ? metric(made) : [made];
}
