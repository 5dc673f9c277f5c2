const hour = 3_600_000;

/** When a silence may end, as people say it. */
export const ends = [
  ['1h', '1 h'],
  ['4h', '4 h'],
  ['morning', 'tomorrow 9:00'],
  ['7d', '7 d'],
] as const;
export type End = (typeof ends)[number][0];

/** The moment that is meant, ms since the epoch; the morning is that of the browser's zone. */
export function endOf(end: End, now: number): number {
  if (end === 'morning') {
    const day = new Date(now);
    day.setDate(day.getDate() + 1);
    return day.setHours(9, 0, 0, 0);
  }
  return now + { '1h': hour, '4h': 4 * hour, '7d': 168 * hour }[end];
}
