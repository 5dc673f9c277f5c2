import type { OperatorKind } from '../engine/operator.ts';
import { metric } from './fold/fold.ts';

interface Value {
  readonly time: number;
  value: number;
}

interface RatioState {
  /** Values that wait for the other of their time, oldest first: parts, wholes. */
  readonly waiting: readonly [Value[], Value[]];
  /** The newest time of which there was a ratio, ms. */
  joined: number;
}

/** So many values of a side wait for their other. */
const most = 16;

/**
 * The `metric` of the first stream over that of the second, for values of the same time; no value
 * where one is missing or the second is 0 (rules.md 6.5). A value that is not newer than the last
 * ratio is late. Keeps at most 16 values of each side a key that wait for their other; the oldest
 * give way.
 */
export const ratio: OperatorKind = {
  stateful: true,
  label: () => '',
  start: ({ send, get, set, late, full, about }) => ({
    event: ({ time, metric: value }, scope, input) => {
      if (value === undefined) return;
      let state = get(scope) as RatioState | undefined;
      if (!state) {
        state = { waiting: [[], []], joined: Number.NEGATIVE_INFINITY };
        set(scope, state);
      }
      if (time <= state.joined) return late();
      const [parts, wholes] = state.waiting;
      const [own, others] = input === 0 ? [parts, wholes] : [wholes, parts];
      const other = others.find((one) => one.time === time);
      if (!other) {
        if (keep(own, { time, value })) full();
        return;
      }
      state.joined = time;
      for (const side of state.waiting) dropUntil(side, time);
      const part = input === 0 ? value : other.value;
      const whole = input === 0 ? other.value : value;
      if (whole !== 0)
        for (const result of metric(part / whole)) send(about(scope, time, result), scope);
    },
  }),
};

/** True when the oldest had to give way. */
function keep(side: Value[], value: Value): boolean {
  const there = side.find((one) => one.time === value.time);
  if (there) {
    there.value = value.value;
    return false;
  }
  side.push(value);
  if (side.length > 1 && value.time < (side[side.length - 2] as Value).time)
    // there are two
    side.sort((a, b) => a.time - b.time);
  if (side.length <= most) return false;
  side.shift();
  return true;
}

function dropUntil(side: Value[], time: number): void {
  let count = 0;
  while (count < side.length && (side[count] as Value).time <= time) count++; // in range
  side.splice(0, count);
}
