import type { Args } from '../../language/plan.ts';
import { distinct } from './distinct.ts';
import type { Fold } from './fold.ts';
import { count, max, mean, min, stddev, sum } from './numbers.ts';
import { opaque } from './opaque.ts';
import { quantiles } from './quantiles.ts';

const plain: Readonly<Record<string, Fold>> = { count, sum, mean, min, max, stddev };

/** The fold that a window was given. */
export function foldOf(args: Args): Fold {
  const name = args['fold'] as string; // as `Window` made the arguments, here and below
  if (name === 'quantiles') return quantiles(args['quantiles'] as readonly number[]);
  if (name === 'distinct') return distinct(args['field'] as string);
  return plain[name] ?? opaque(args);
}
