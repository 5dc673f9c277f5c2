import type { OperatorKind } from '../engine/operator.ts';

/** The sum so far of the interval that ends at `end` (ms), and until when a silent key is reported. */
interface RateState {
  end: number;
  sum: number;
  /** Until here zeros are reported: the last event's time and ttl, ms. */
  until: number;
  name: string | undefined;
}

const most = 10;

/**
 * The sum of `metric` (1 where an event has none) per second over each interval, aligned to the
 * epoch. A silent key reports 0 until the ttl of its last event (without one: ten intervals), then
 * nothing. An event of an interval that has been reported is late.
 */
export const rate: OperatorKind = {
  stateful: true,
  retention: ({ every }) => Number(every),
  label: ({ every }) => `${Number(every) / 1000} s`,
  start: ({ args, send, get, set, wakeAt, watermark, late, about }) => {
    const every = Number(args['every']);
    return {
      event: (event, scope) => {
        const end = Math.floor(event.time / every) * every + every;
        if (end <= watermark()) return late();
        let state = get(scope) as RateState | undefined;
        const until = event.time + (event.ttl === undefined ? most * every : event.ttl * 1000);
        if (!state) {
          state = { end, sum: 0, until, name: event.name };
          set(scope, state);
          wakeAt(scope, end);
        }
        state.sum += event.metric ?? 1;
        state.until = Math.max(state.until, until);
        state.name = event.name;
      },
      wake: (scope, at) => {
        const state = get(scope) as RateState | undefined;
        if (state?.end !== at) return;
        const { sum, name } = state;
        if (sum === 0 && at > state.until) return set(scope, undefined);
        state.end = at + every;
        state.sum = 0;
        wakeAt(scope, state.end);
        send(
          about(scope, at, {
            ...(name === undefined ? {} : { name }),
            metric: sum / (every / 1000),
            attributes: { unit: '/s' },
          }),
          scope,
        );
      },
    };
  },
};
