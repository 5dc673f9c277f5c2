import { formatDuration } from '../../event/quantity.ts';
import type { OperatorKind } from '../engine/operator.ts';
import { timeOf } from './event-time.ts';

interface Weighed {
  /** The sum of the values, each times its weight at `time`. */
  sum: number;
  weight: number;
  /** Of the newest event, ms. */
  time: number;
}

/** After so many half-lives what was before weighs a thousandth. */
const remembered = 10;

/**
 * The mean of all values so far, of which one weighs half as much with each half-life that has
 * passed since: Σ v·2^(−age/h) / Σ 2^(−age/h). So the first value is the first mean, and values of
 * one time weigh the same. Each event goes on with the mean as its `metric`; one without `metric`
 * is left out. An event that is older than the newest of its key counts with the weight it has by
 * now; once the watermark has passed it, it is late. Keeps three numbers a key.
 */
export const ewma: OperatorKind = {
  stateful: true,
  retention: ({ halfLife }) => remembered * Number(halfLife),
  label: ({ halfLife }) => `half-life ${formatDuration(Number(halfLife))}`,
  start: ({ args, send, get, set, late, watermark }) => {
    const halfLife = Number(args['halfLife']);
    return {
      event: (event, scope) => {
        const { metric } = event;
        if (metric === undefined) return;
        const time = timeOf(event);
        let state = get(scope) as Weighed | undefined;
        if (!state) {
          state = { sum: 0, weight: 0, time };
          set(scope, state);
        }
        if (time < state.time) {
          if (time <= watermark()) return late();
          // Weighs what it would weigh by now.
          const weight = 2 ** ((time - state.time) / halfLife);
          state.sum += metric * weight;
          state.weight += weight;
        } else {
          const fade = 2 ** ((state.time - time) / halfLife);
          state.sum = state.sum * fade + metric;
          state.weight = state.weight * fade + 1;
          state.time = time;
        }
        send({ ...event, metric: state.sum / state.weight }, scope);
      },
    };
  },
};
