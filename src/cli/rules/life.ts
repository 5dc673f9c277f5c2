import { formatDuration } from '../../event/quantity.ts';
import type { Episode } from '../../rules/backtest/result.ts';
import { showTime } from '../words.ts';

/** `2026-05-01 08:10:00Z for 10m critical`. */
export function lifeOf({ from, to, severity }: Pick<Episode, 'from' | 'to' | 'severity'>): string {
  const length = to === undefined ? 'open at the end' : `for ${formatDuration(to - from)}`;
  return `${showTime(from)} ${length} ${severity}`;
}
