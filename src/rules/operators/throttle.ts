import { formatDuration } from '../../event/quantity.ts';
import type { OperatorKind } from '../engine/operator.ts';
import { timeOf } from './event-time.ts';
import { written } from './look.ts';

interface Period {
  /** Its number: its time divided by its length. */
  number: number;
  count: number;
}

/**
 * At most `n` events in each period, which are aligned to the epoch; the others are dropped. An
 * event of a period that is over counts in the one that runs, since it is about how many go on.
 * Keeps two numbers a key.
 */
export const throttle: OperatorKind = {
  stateful: true,
  retention: ({ per }) => Number(per),
  label: ({ n, per }) => `${written(n)} in ${formatDuration(Number(per))}`,
  start: ({ args, send, get, set }) => {
    const n = Number(args['n']);
    const per = Number(args['per']);
    return {
      event: (event, scope) => {
        const number = Math.floor(timeOf(event) / per);
        let period = get(scope) as Period | undefined;
        if (!period) {
          period = { number, count: 0 };
          set(scope, period);
        }
        if (number > period.number) {
          period.number = number;
          period.count = 0;
        }
        if (period.count >= n) return;
        period.count++;
        send(event, scope);
      },
    };
  },
};
