/** A clip that the feeds gave. */
export interface GivenItem {
  /** Its place among all that the feeds ever gave. */
  readonly n: number;
  readonly guid: string;
  readonly feed: string;
}

/** What came of what the feeds gave. */
export interface Outcome {
  /** Clips that came out, each counted once. */
  readonly done: number;
  /** Clips that did not come out, and will not. */
  readonly lost: number;
  /** Clips that came out more than once. */
  readonly twice: number;
}

/**
 * Compares what the feeds gave with what came out of a program that takes each feed in its order and
 * does not look back: once a later clip of the same feed is out, the earlier one will not come any more.
 * Where several work at once, one may be overtaken by as many as there are others.
 *
 * @param given in the order in which the feeds gave it
 * @param out how often each came out, by guid
 * @param overtaking how many later clips of a feed may come out before it
 */
export function outcomeOf(
  given: readonly GivenItem[],
  out: ReadonlyMap<string, number>,
  overtaking: number,
): Outcome {
  const later = new Map<string, number>();
  const seen = { done: 0, lost: 0, twice: 0 };
  for (const { guid, feed } of given.toReversed()) {
    const times = out.get(guid) ?? 0;
    const outLater = later.get(feed) ?? 0;
    if (times > 0) {
      seen.done++;
      later.set(feed, outLater + 1);
      if (times > 1) seen.twice++;
    } else if (outLater > overtaking) seen.lost++;
  }
  return seen;
}
