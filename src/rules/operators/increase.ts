import type { OperatorKind } from '../engine/operator.ts';
import { isOutOfOrder, timeOf } from './event-time.ts';

interface Counter {
  value: number;
  /** Of the newest event, ms. */
  time: number;
}

/**
 * By how much a counter grew since the event before, as `metric`. A counter that is lower than
 * before was reset and has counted from 0 since (Prometheus' `increase` does the same). The first
 * event of a key says nothing, nor does one without `metric`; one that is older than the newest of
 * its key is late. Keeps one number and one time a key.
 */
export const increase: OperatorKind = {
  stateful: true,
  label: () => '',
  start: ({ send, get, set, late }) => ({
    event: (event, scope) => {
      const { metric } = event;
      if (metric === undefined) return;
      const time = timeOf(event);
      const last = get(scope) as Counter | undefined;
      if (!last) return set(scope, { value: metric, time });
      if (isOutOfOrder(last, time)) return late();
      const grown = metric >= last.value ? metric - last.value : metric;
      last.value = metric;
      send({ ...event, metric: grown }, scope);
    },
  }),
};
