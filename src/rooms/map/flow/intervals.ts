/** From, to: ms since the epoch, UTC; the end is not part of it. */
export type Interval = readonly [from: number, to: number];

/** The same time without overlaps, in order. What is empty or runs backwards is left out. */
export function merged(intervals: readonly Interval[]): Interval[] {
  const whole: [number, number][] = [];
  for (const [from, to] of intervals.filter(([a, b]) => b > a).toSorted((a, b) => a[0] - b[0])) {
    const last = whole.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else whole.push([from, to]);
  }
  return whole;
}

/** How long merged intervals are within `from` and `to`, ms. */
export function lengthWithin(intervals: readonly Interval[], from: number, to: number): number {
  let length = 0;
  for (const [a, b] of intervals) length += Math.max(0, Math.min(b, to) - Math.max(a, from));
  return length;
}

/** What of the first is in none of the second; both merged. */
export function without(from: readonly Interval[], away: readonly Interval[]): Interval[] {
  let left: Interval[] = [...from];
  for (const [start, end] of away)
    left = left.flatMap(([a, b]): Interval[] =>
      end <= a || start >= b
        ? [[a, b]]
        : [
            [a, Math.min(b, start)],
            [Math.max(a, end), b],
          ],
    );
  return merged(left);
}
