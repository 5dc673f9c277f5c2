import type { Event } from '../../event/event.ts';
import type { OperatorKind } from '../engine/operator.ts';
import type { RuleEvent } from '../language/plan.ts';
import type { Patch } from '../language/stream.ts';
import { shown, written } from './look.ts';

/** Puts what its function answers over the event; nothing drops it. */
export const map: OperatorKind = {
  stateful: false,
  label: ({ patch }) => written(patch),
  start: ({ args, send }) => {
    const patch = args['patch'] as (event: RuleEvent) => Patch | undefined; // as `Stream.map` took it
    return {
      event: (event, scope) => {
        const changes = patch(shown(event));
        if (changes !== undefined && changes !== null) send(patched(event, changes), scope);
      },
    };
  },
};

function patched(event: Event, changes: Patch): Event {
  const made: Record<string, unknown> = { ...event };
  for (const [field, value] of Object.entries(changes))
    if (value === undefined) delete made[field];
    else made[field] = value;
  return made as unknown as Event; // an event with some fields changed
}
