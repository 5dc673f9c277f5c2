import { formatDuration } from '../../event/quantity.ts';
import type { OperatorKind } from '../engine/operator.ts';
import { timeOf } from './event-time.ts';
import { lookOf, written } from './look.ts';

/** When each value was let through, ms; the oldest first. */
type Seen = Map<string | number, number>;

/** So many values are remembered of a key. */
const most = 10_000;

/**
 * Drops an event whose value was let through less than `within` before. An event without the value
 * is let through. One that comes late is dropped as well when its value was let through since.
 * Remembers at most 10,000 values a key, and forgets the oldest first.
 */
export const dedupe: OperatorKind = {
  stateful: true,
  retention: ({ within }) => Number(within),
  label: ({ within, look }) => `${written(look)} within ${formatDuration(Number(within))}`,
  start: ({ args, send, get, set, full }) => {
    const look = lookOf(args['look']);
    const within = Number(args['within']);
    return {
      event: (event, scope) => {
        const value = look(event);
        if (value === undefined) return send(event, scope);
        const time = timeOf(event);
        let seen = get(scope) as Seen | undefined;
        if (!seen) {
          seen = new Map();
          set(scope, seen);
        }
        const before = seen.get(value);
        if (before !== undefined && time < before + within) return;
        seen.delete(value);
        seen.set(value, time);
        if (forget(seen, time - within)) full();
        send(event, scope);
      },
    };
  },
};

/** Forgets what is over; true when something had to go that is not. */
function forget(seen: Seen, until: number): boolean {
  for (const [value, time] of seen) {
    const over = time <= until;
    if (!over && seen.size <= most) return false;
    seen.delete(value);
    if (!over) return true;
  }
  return false;
}
