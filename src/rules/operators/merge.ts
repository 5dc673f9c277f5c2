import type { OperatorKind } from '../engine/operator.ts';

/** Hands on whatever comes by any of its inputs. */
export const merge: OperatorKind = {
  stateful: false,
  label: () => '',
  start: ({ send }) => ({ event: send }),
};
