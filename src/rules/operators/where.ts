import type { OperatorKind } from '../engine/operator.ts';
import { conditionOf, written } from './look.ts';

/** Where the events of the log come in. */
export const events: OperatorKind = {
  stateful: false,
  label: () => '',
  start: ({ send }) => ({ event: send }),
};

/** Lets through what fulfils its condition. */
export const where: OperatorKind = {
  stateful: false,
  label: ({ condition }) => written(condition),
  start: ({ args, send }) => {
    const matches = conditionOf(args['condition']);
    return {
      event: (event, scope) => {
        if (matches(event)) send(event, scope);
      },
    };
  },
};
