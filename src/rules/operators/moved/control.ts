import { agree, fieldName, namedKey, share } from '../../correlate/labels.ts';
import type { Point } from '../../correlate/weighted-t.ts';
import type { Case, Judging } from './judge.ts';
import { pointsUntil } from './readings.ts';

/** So many series make the control at most. */
const mostSeries = 16;

/**
 * The mean of the same metric where the change was not: keys that differ in the control's field
 * alone, which the change names, and that no other change touched meanwhile. Undefined when there is
 * none.
 */
export function controlOf(judging: Judging, one: Case, until: number): Point[] | undefined {
  const { ledger, known, labels, readingsOf } = one;
  const { fields, width, late } = judging;
  const field = fieldName(judging.control);
  const key = namedKey(fields, labels);
  if (key[field] === undefined || known.change.labels[field] === undefined) return undefined;
  const rest = fields.filter((name) => fieldName(name) !== field);
  const others = [...ledger.live.values()].filter((other) => {
    const named = namedKey(fields, other);
    const isOther = named[field] !== undefined && named[field] !== key[field];
    return isOther && agree(named, key, rest) && !isTouched(judging, one, named, until);
  });
  const series = others.slice(0, mostSeries).flatMap((other) => {
    const readings = readingsOf(other);
    return readings
      ? [pointsUntil(readings, until, { width, late, change: known.change.time })]
      : [];
  });
  return series.length === 0 ? undefined : meanOf(series);
}

function isTouched(
  { on, observe }: Judging,
  { ledger, known }: Case,
  named: Readonly<Record<string, string>>,
  until: number,
): boolean {
  return ledger.changes.some(({ change, rollout }) => {
    const isThen = change.time <= until && change.time + rollout >= known.change.time - observe;
    return isThen && share(change.labels, named, on);
  });
}

/** At each time for which half of the series or more have a reading. */
function meanOf(series: readonly (readonly Point[])[]): Point[] {
  const sums = new Map<number, { sum: number; n: number }>();
  for (const points of series)
    for (const [time, value] of points) {
      const at = sums.get(time) ?? { sum: 0, n: 0 };
      at.sum += value;
      at.n++;
      sums.set(time, at);
    }
  return [...sums]
    .filter(([, { n }]) => 2 * n >= series.length)
    .map(([time, { sum, n }]): Point => [time, sum / n])
    .sort((a, b) => a[0] - b[0]);
}
