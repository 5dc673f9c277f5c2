import type { OperatorKind } from '../engine/operator.ts';
import type { Arg } from '../language/plan.ts';
import { conditionOf, written } from './look.ts';

/** The attribute by which `route` tells `branch` which way an event goes; never leaves the two. */
const way = Symbol('branch');

interface Routed {
  [way]?: string;
}

/** Finds the first branch whose condition holds. */
export const route: OperatorKind = {
  stateful: false,
  label: ({ names }) => (names as readonly string[]).join(', '),
  start: ({ args, send }) => {
    const names = args['names'] as readonly string[];
    const conditions = (args['conditions'] as readonly Arg[]).map(conditionOf);
    return {
      event: (event, scope) => {
        const taken = conditions.findIndex((matches) => matches(event));
        const routed: typeof event & Routed = { ...event, [way]: names[taken] ?? 'else' };
        send(routed, scope);
      },
    };
  },
};

/** Lets through what `route` sent this way. */
export const branch: OperatorKind = {
  stateful: false,
  label: ({ name }) => written(name),
  start: ({ args, send }) => ({
    event: (event, scope) => {
      if ((event as Routed)[way] === args['name']) send(event, scope);
    },
  }),
};
