import { formatDuration } from '../../event/quantity.ts';
import type { OperatorKind } from '../engine/operator.ts';
import { perSecond } from './fold/numbers.ts';
import { PaneOperator } from './panes.ts';

/**
 * The sum of `metric` (1 where an event has none) per second over each interval, aligned to the
 * epoch: a tumbling window, with all that `PaneOperator` says of lateness, silence and memory.
 */
export const rate: OperatorKind = {
  stateful: true,
  retention: ({ every }) => Number(every),
  label: ({ every }) => `each ${formatDuration(Number(every))}`,
  start: (ctx) => {
    const every = Number(ctx.args['every']);
    return new PaneOperator(ctx, { every, size: every, fold: perSecond(every) });
  },
};
