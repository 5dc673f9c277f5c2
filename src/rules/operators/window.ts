import { formatDuration } from '../../event/quantity.ts';
import { written } from './look.ts';
import type { OperatorKind } from '../engine/operator.ts';
import type { Args } from '../language/plan.ts';
import { countedWindows, lastWindows } from './counted.ts';
import { foldOf } from './fold/table.ts';
import { PaneOperator } from './panes.ts';
import { SessionOperator } from './sessions.ts';

/**
 * Windows of one of five shapes, each ending in a fold: tumbling and sliding (`PaneOperator`),
 * sessions (`SessionOperator`), counted and last ones (`counted.ts`). What is late, and what is kept,
 * stands there.
 */
export const window: OperatorKind = {
  stateful: true,
  retention: ({ size, max }) => Number(size ?? max ?? 0),
  label: (args) => `${written(args['fold'])} ${shapeText(args)}`,
  start: (ctx) => {
    const { every, size, idle, max, count, last } = ctx.args;
    const fold = foldOf(ctx.args);
    if (every !== undefined)
      return new PaneOperator(ctx, { every: Number(every), size: Number(size), fold });
    if (idle !== undefined)
      return new SessionOperator(ctx, { idle: Number(idle), max: Number(max), fold });
    if (count !== undefined) return countedWindows(ctx, Number(count), fold);
    return lastWindows(ctx, Number(last), fold);
  },
};

function shapeText({ every, size, idle, count, last }: Args): string {
  if (every !== undefined)
    return size === every
      ? `of each ${formatDuration(Number(every))}`
      : `of ${formatDuration(Number(size))} each ${formatDuration(Number(every))}`;
  if (idle !== undefined) return `until ${formatDuration(Number(idle))} of silence`;
  return count === undefined ? `of the last ${written(last)}` : `of each ${written(count)}`;
}
