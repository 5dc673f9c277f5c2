/** A time in which something should be heard, ms since the epoch, UTC: `from` <= t < `to`. */
export interface Listening {
  readonly from: number;
  readonly to: number;
}

/** What is known of when it was heard. */
export interface Heard {
  /** Starts of the buckets that hold an event, in order, from `since` on; ms since the epoch, UTC. */
  readonly buckets: readonly number[];
  readonly bucketMs: number;
  /** Where the time before the window begins that is learned from. */
  readonly since: number;
  /** What came in up to here can be asked; what came later is on its way. */
  readonly watermark: number;
  /** Time of the oldest reading that is kept; undefined: there is none. */
  readonly oldest: number | undefined;
}

interface Gap {
  readonly from: number;
  readonly to: number;
}

/** Whether silence in a window says that nothing happened. */
export interface Coverage {
  readonly isComplete: boolean;
  /** Why it is not, in a sentence. */
  readonly why?: string;
  /** Silences of the window that are longer than allowed, in order. */
  readonly gaps: readonly Gap[];
  /** Longest silence that is nothing out of the ordinary, ms; undefined: not known. */
  readonly allowedMs: number | undefined;
  readonly lastHeard: number | undefined;
}

/** Senders collect for up to a minute before they send: the end of a window may lack so much, ms. */
export const deliveryMs = 90_000;

/** So often has something to be heard before how often it is heard is known. */
const enough = 3;
/** A silence so many times as long as the longest before is a gap. */
const outOfTheOrdinary = 3;

/**
 * Silence proves nothing without a heartbeat: tells whether a window was listened to without a gap.
 * A gap is a silence of three times the longest between two events in the time before the window; also
 * what is no longer kept, and what is still on its way.
 */
export function coverageOf(listening: Listening, heard: Heard): Coverage {
  const { from, to } = listening;
  const { buckets, watermark, oldest } = heard;
  const lastHeard = buckets.findLast((at) => at < to);
  const allowedMs = allowed(listening, heard);
  const said = (why: string, gaps: readonly Gap[]): Coverage => ({
    isComplete: false,
    why,
    gaps,
    allowedMs,
    lastHeard,
  });
  if (oldest === undefined || oldest > from)
    return said('nothing so old is kept as the window begins', [
      { from, to: Math.min(to, oldest ?? to) },
    ]);
  if (watermark + deliveryMs < to)
    return said('what came in last can not be asked yet', [{ from: watermark, to }]);
  if (lastHeard === undefined) return said('it was never heard', [{ from, to }]);
  if (allowedMs === undefined)
    return said('too little was heard before the window to know how often it is heard', []);
  const gaps = silences(listening, heard, allowedMs);
  const [first] = gaps;
  if (!first) return { isComplete: true, gaps, allowedMs, lastHeard };
  const minutes = (gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0) / 60_000).toFixed(1);
  return said(
    `it was silent for ${minutes} min from ${new Date(first.from).toISOString()} on`,
    gaps,
  );
}

function allowed({ from }: Listening, { buckets, bucketMs }: Heard): number | undefined {
  const before = buckets.filter((at) => at < from);
  if (before.length < enough) return undefined;
  const longest = before
    .slice(1)
    .reduce((most, at, i) => Math.max(most, at - (before[i] ?? at)), 0);
  return outOfTheOrdinary * Math.max(longest, bucketMs);
}

function silences(
  { from, to }: Listening,
  { buckets, bucketMs, since }: Heard,
  allowedMs: number,
): readonly Gap[] {
  const before = buckets.findLast((at) => at < from) ?? since - bucketMs;
  const within = buckets.filter((at) => at >= from && at < to);
  const gaps: Gap[] = [];
  let quietFrom = before + bucketMs;
  for (const at of within) {
    // A silence that ended as the window began is none of it.
    if (at > from && at - quietFrom > allowedMs)
      gaps.push({ from: Math.max(quietFrom, from), to: at });
    quietFrom = at + bucketMs;
  }
  if (to - quietFrom > Math.max(allowedMs, deliveryMs))
    gaps.push({ from: Math.max(quietFrom, from), to });
  return gaps;
}
