/** What a stage's figures say of Little's law. Nulls where they say nothing. */
export interface LittlesLaw {
  /** Departures per ms × mean time in the stage. */
  readonly expected: number | null;
  /** Mean number of items in the stage over the window. */
  readonly actual: number | null;
  readonly holds: boolean | null;
}

/** Fewer departures prove nothing. */
const leastItems = 5;
/** Arrivals and departures may differ by so much of the larger for the stage to count as steady. */
const steady = 0.5;
/** What is expected and what is may differ by so much of the larger. */
const tolerance = 0.3;

/**
 * Little's law, L = λW, of a stage over a window: J. D. C. Little, "A Proof for the Queuing Formula"
 * (1961). For a window rather than for ever it holds as far as few items lie over its ends ("Little's
 * Law as Viewed on Its 50th Anniversary", 2011, section 3), hence the two conditions; the bounds are
 * ours. Where it does not hold, times and counts do not tell of the same items: facts are missing, or
 * old items stay while new ones pass.
 *
 * @param present time in the stage of all items together within the window, ms
 * @param length of the window, ms
 */
export function littlesLaw({
  arrivals,
  departures,
  meanTime,
  present,
  length,
}: {
  readonly arrivals: number;
  readonly departures: number;
  readonly meanTime: number | null;
  readonly present: number;
  readonly length: number;
}): LittlesLaw {
  if (length <= 0) return { expected: null, actual: null, holds: null };
  const actual = arrivals === 0 && departures === 0 && present === 0 ? null : present / length;
  const expected = meanTime === null ? null : (departures / length) * meanTime;
  const changing = Math.abs(arrivals - departures) > steady * Math.max(arrivals, departures);
  if (expected === null || actual === null || departures < leastItems || changing)
    return { expected, actual, holds: null };
  const apart = Math.abs(actual - expected);
  return { expected, actual, holds: apart <= tolerance * Math.max(actual, expected) };
}
