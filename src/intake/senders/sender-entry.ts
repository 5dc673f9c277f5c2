/** The last thing of a sender that was refused. */
export interface LastProblem {
  /** ms since the epoch, UTC. */
  readonly at: number;
  readonly code: string;
  readonly message: string;
  /** The start of what was sent, without what looks like a secret. */
  readonly sample?: string;
}

/** What is known of one sender of one intake. Plain data, kept over restarts. */
export interface SenderEntry {
  readonly intake: string;
  /** A token's name, an address, a webhook, a file: what the intake knows its senders by. */
  readonly sender: string;
  /** ms since the epoch, UTC. */
  readonly first: number;
  readonly last: number;
  readonly accepted: number;
  readonly refused: number;
  /** How often something came: what came within a second counts once. */
  readonly arrivals: number;
  /** Usual time between two arrivals, ms; 0 until there were two. */
  readonly gap: number;
  /** Accepted in each of the last six spans of ten seconds; the first is that of `slot`. */
  readonly recent: readonly number[];
  /** Number of the span that `recent` begins with: ms / 10,000. */
  readonly slot: number;
  readonly problem?: LastProblem;
}

const slotMs = 10_000;
const slots = 6;
const sameArrivalMs = 1_000;
/** A sender is not called silent before this, however often it usually speaks. */
const leastSilenceMs = 60_000;
/** So many times its usual gap it may take. */
const patience = 6;
/** Before so many arrivals nothing is usual. */
const leastArrivals = 3;

/** A sender that is heard of for the first time. */
export function newSender(intake: string, sender: string, at: number): SenderEntry {
  const slot = Math.floor(at / slotMs);
  const counts = { accepted: 0, refused: 0, arrivals: 0, gap: 0 };
  return { intake, sender, first: at, last: at, ...counts, recent: [0], slot };
}

/** The entry once it has sent `accepted` events at `at` (ms). */
export function heard(entry: SenderEntry, accepted: number, at: number): SenderEntry {
  const { recent, slot } = shifted(entry, at);
  const [now = 0, ...before] = recent;
  return {
    ...arrived(entry, at),
    accepted: entry.accepted + accepted,
    recent: [now + accepted, ...before],
    slot,
  };
}

/** The entry once something of it was refused. */
export function turnedAway(entry: SenderEntry, count: number, problem: LastProblem): SenderEntry {
  return { ...arrived(entry, problem.at), refused: entry.refused + count, problem };
}

/** Accepted events a second over the last minute, as far as it is known for so long. */
export function rateOf(entry: SenderEntry, now: number): number {
  const { recent } = shifted(entry, now);
  const sum = recent.reduce((a, b) => a + b, 0);
  const since = Math.max(entry.first, (Math.floor(now / slotMs) - slots + 1) * slotMs);
  return sum / (Math.max(1_000, now - since) / 1_000);
}

/**
 * Whether it has not been heard for much longer than usual: six times its usual gap and a minute.
 * Of one that was heard less than three times nothing is usual.
 */
export function isSilent(entry: SenderEntry, now: number): boolean {
  if (entry.arrivals < leastArrivals) return false;
  return now - entry.last > Math.max(leastSilenceMs, patience * entry.gap);
}

function arrived(entry: SenderEntry, at: number): SenderEntry {
  const since = at - entry.last;
  if (entry.arrivals > 0 && since < sameArrivalMs)
    return { ...entry, last: Math.max(entry.last, at) };
  const { arrivals, gap } = entry;
  // An exponentially weighted mean that forgets over about ten arrivals; the first is taken whole.
  const next = arrivals === 0 ? 0 : arrivals === 1 ? since : gap + (since - gap) / 10;
  return { ...entry, last: at, arrivals: arrivals + 1, gap: next };
}

function shifted({ recent, slot }: SenderEntry, now: number): Pick<SenderEntry, 'recent' | 'slot'> {
  const to = Math.floor(now / slotMs);
  if (to <= slot) return { recent, slot };
  const zeros = Array.from({ length: Math.min(slots, to - slot) }, () => 0);
  return { recent: [...zeros, ...recent].slice(0, slots), slot: to };
}
