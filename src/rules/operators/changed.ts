import type { OperatorKind } from '../engine/operator.ts';
import { isOutOfOrder, timeOf } from './event-time.ts';
import { lookOf, written } from './look.ts';

interface ChangedState {
  value: string | number;
  /** Of the newest event, ms. */
  time: number;
}

/**
 * Lets through an event whose value differs from that of the event before; the first of a key too,
 * unless its value is `from`. An event without the value is left out and changes nothing (rules.md
 * 1.8); one that is older than the newest of its key is late. Keeps one value and one time a key.
 */
export const changed: OperatorKind = {
  stateful: true,
  label: ({ look }) => written(look),
  start: ({ args, send, get, set, late }) => {
    const look = lookOf(args['look']);
    const from = args['from'];
    return {
      event: (event, scope) => {
        const value = look(event);
        if (value === undefined) return;
        const state = get(scope) as ChangedState | undefined;
        const time = timeOf(event);
        if (!state) {
          set(scope, { value, time });
          if (value !== from) send(event, scope);
          return;
        }
        if (isOutOfOrder(state, time)) return late();
        if (value === state.value) return;
        state.value = value;
        send(event, scope);
      },
    };
  },
};
