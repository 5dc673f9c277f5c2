import type { OperatorKind } from '../engine/operator.ts';
import { lookOf, written } from './look.ts';

/**
 * Lets through an event whose value differs from that of the event before. An event without the
 * value is left out and changes nothing (rules.md 1.8). Keeps one value a key.
 */
export const changed: OperatorKind = {
  stateful: true,
  label: ({ look }) => written(look),
  start: ({ args, send, get, set }) => {
    const look = lookOf(args['look']);
    const from = args['from'];
    return {
      event: (event, scope) => {
        const value = look(event);
        if (value === undefined) return;
        const last = get(scope) ?? from;
        if (value === last) return;
        set(scope, value);
        send(event, scope);
      },
    };
  },
};
