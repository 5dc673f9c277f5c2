import type { Event } from '../../event/event.ts';

/**
 * When an event happened, for windows and order, ms: a producer whose clock is ahead is taken to
 * mean now, else its events would wait in windows of the future.
 */
export function timeOf({ time, received }: Event): number {
  return time < received ? time : received;
}

/** A time that an operator remembers of the events of a key. */
interface Remembering {
  time: number;
}

/**
 * Whether an event comes before one that its key has had already. What goes by the order of events
 * (a change, a run, a difference) cannot make use of it: it is late. The time of a newer one is
 * remembered.
 */
export function isOutOfOrder(state: Remembering, time: number): boolean {
  if (time < state.time) return true;
  state.time = time;
  return false;
}
