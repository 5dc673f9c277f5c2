/**
 * The word of `known` that was most likely meant by `given`: at most a third of its letters wrong
 * (and at least one allowed), upper and lower case alike; undefined when none is that near.
 */
export function suggest(given: string, known: readonly string[]): string | undefined {
  if (given.length > 64) return undefined;
  const word = given.toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = distanceOf(word, candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/**
 * Insertions, deletions, changes, and two neighbours that changed places: the slips of a hand
 * (Damerau 1964; the restricted distance, as spelling checkers use it).
 */
function distanceOf(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, changed);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = swapped ? Math.min(least, (before[j - 2] ?? 0) + 1) : least;
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
