import { type Point, weightedT } from './weighted-t.ts';

/** How Perfherder looks for changes; points, and a threshold of |t|. */
export interface PerfherderOptions {
  readonly minBack: number;
  readonly maxBack: number;
  readonly fore: number;
  readonly t: number;
}

/**
 * Every change of a series by Mozilla's Perfherder: |t| of the linearly weighted means above a
 * threshold and not below that of either neighbour. The sample before grows from `minBack` to
 * `maxBack` while nothing changes. Returns the times of the first points after the changes.
 * Checked against Perfherder's own series, test/vectors/changepoint.json.
 */
export function perfherderChanges(
  series: readonly Point[],
  { minBack, maxBack, fore, t: threshold }: PerfherderOptions,
): number[] {
  const points = series.toSorted((a, b) => a[0] - b[0]);
  const values = points.map((point) => point[1]);
  const back: number[] = [0];
  const ts: number[] = [0];
  let quiet = 0;
  for (let i = 1; i < points.length; i++) {
    const before = Math.min(i, Math.min(Math.max(quiet, minBack), maxBack));
    const after = Math.min(fore, points.length - i);
    const t = Math.abs(weightedT(values, i, before, after));
    back.push(before);
    ts.push(t);
    quiet = t > threshold ? 0 : quiet + 1;
  }
  const at = (i: number): number => ts[i] ?? 0;
  return points
    .filter((_, i) => {
      const judged = i >= 1 && (back[i] ?? 0) >= minBack && points.length - i >= fore;
      return judged && at(i) > threshold && at(i - 1) <= at(i) && at(i + 1) <= at(i);
    })
    .map((point) => point[0]);
}
