import type { Event } from '../../event/event.ts';
import { formatDuration } from '../../event/quantity.ts';
import type { Scope } from '../engine/scope.ts';
import type { OperatorKind } from '../engine/operator.ts';
import type { RuleEvent } from '../language/plan.ts';
import { timeOf } from './event-time.ts';

interface Pending {
  /** Events of either stream that have not met, by time. */
  firsts: Event[];
  nexts: Event[];
}

/** So many events of a stream wait for one of the other. */
const most = 16;

/**
 * An event of the second stream that comes after one of the first within the time. It goes on with
 * `since` (when the first happened) and the attributes `after.id`, `after.source`, `after.type`,
 * `after.time`. It meets the newest that came before it, or at its time; that one and those before
 * are used up. An event of the first stream that arrives late still meets what came after it, as long as
 * the watermark has not passed that. Keeps at most 16 events of each stream a key; the oldest give
 * way.
 */
export const followedBy: OperatorKind = {
  stateful: true,
  retention: ({ within }) => Number(within),
  label: ({ within }) => `within ${formatDuration(Number(within))}`,
  start: ({ args, send, get, set, watermark, full }) => {
    const within = Number(args['within']);

    const pendingOf = (scope: Scope): Pending => {
      const known = get(scope) as Pending | undefined;
      if (known) return known;
      const made = { firsts: [], nexts: [] };
      set(scope, made);
      return made;
    };
    const meets = (first: Event, next: Event): boolean => {
      const apart = timeOf(next) - timeOf(first);
      return apart >= 0 && apart <= within;
    };
    const wait = (events: Event[], event: Event): void => {
      events.push(event);
      events.sort((a, b) => timeOf(a) - timeOf(b));
      if (events.length > most && events.shift()) full();
    };
    const say = (pending: Pending, scope: Scope, [first, next]: readonly [Event, Event]): void => {
      pending.firsts = pending.firsts.filter((one) => timeOf(one) > timeOf(first));
      pending.nexts = pending.nexts.filter((one) => one !== next);
      send(joined(first, next), scope);
    };

    return {
      event: (event, scope, input) => {
        const pending = pendingOf(scope);
        const passed = watermark();
        pending.nexts = pending.nexts.filter((one) => timeOf(one) > passed);
        if (input === 0) {
          const next = pending.nexts.find((one) => meets(event, one));
          if (next) say(pending, scope, [event, next]);
          else wait(pending.firsts, event);
          return;
        }
        pending.firsts = pending.firsts.filter((one) => timeOf(one) + within >= passed);
        const first = pending.firsts.findLast((one) => meets(one, event));
        if (first) say(pending, scope, [first, event]);
        else if (timeOf(event) > passed) wait(pending.nexts, event);
      },
    };
  },
};

function joined(first: Event, next: Event): RuleEvent {
  const attributes = {
    ...next.attributes,
    'after.id': first.id,
    'after.source': first.source,
    'after.type': first.type,
    'after.time': new Date(first.time).toISOString(),
  };
  return { ...next, attributes, since: first.time };
}
