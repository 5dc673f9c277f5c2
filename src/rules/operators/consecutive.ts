import type { OperatorKind } from '../engine/operator.ts';
import { isOutOfOrder, timeOf } from './event-time.ts';
import { lookOf, written } from './look.ts';

interface Run {
  value: string | number;
  length: number;
  /** Of the newest event, ms. */
  time: number;
}

/**
 * Lets events through from the `n`th in a row with the same value on (Nagios' max_check_attempts).
 * An event without the value is left out and ends no run; one that is older than the newest of its
 * key is late. Keeps one value, one count and one time a key.
 */
export const consecutive: OperatorKind = {
  stateful: true,
  label: ({ n, look }) => `${written(n)} × ${written(look)}`,
  start: ({ args, send, get, set, late }) => {
    const look = lookOf(args['look']);
    const n = Number(args['n']);
    return {
      event: (event, scope) => {
        const value = look(event);
        if (value === undefined) return;
        const time = timeOf(event);
        let run = get(scope) as Run | undefined;
        if (!run) {
          run = { value, length: 0, time };
          set(scope, run);
        }
        if (isOutOfOrder(run, time)) return late();
        run.length = run.value === value ? run.length + 1 : 1;
        run.value = value;
        if (run.length >= n) send(event, scope);
      },
    };
  },
};
