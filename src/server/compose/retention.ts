import type { Log } from '../../log/log.ts';

export interface RetentionRules {
  /** ms; 0: for ever. */
  readonly age: number;
  /** Before compression; 0: no limit. */
  readonly bytes: number;
  /** Free bytes on the disk below which even unread events go. */
  readonly minFree: number;
}

export interface RetentionState {
  readonly now: number;
  readonly freeBytes: number;
  /** Offset of the first reading that history has not yet taken; undefined when none is kept. */
  readonly unread: number | undefined;
}

/** What a round forgot. */
export interface Trimmed {
  readonly before: number;
  /** Events that history had not taken. */
  readonly unread: number;
}

/** In an emergency so much of the readings goes at a time. */
const emergencyShare = 0.1;

/**
 * Forgets readings that are too old or too many, never those that history has not yet taken, unless
 * the disk is nearly full: losing the oldest readings is better than refusing new events. Facts are
 * never forgotten.
 */
export async function trimReadings(
  log: Log,
  rules: RetentionRules,
  state: RetentionState,
): Promise<Trimmed> {
  const { first, next } = log.stat('readings');
  const { unread = next } = state;
  const wanted = Math.max(byAge(log, rules, state.now), bySize(log, rules), first);
  const emergency = state.freeBytes < rules.minFree;
  const forced = emergency ? first + Math.ceil((next - first) * emergencyShare) : first;
  const before = Math.max(Math.min(wanted, unread), forced);
  if (before <= first) return { before: first, unread: 0 };
  await log.trim('readings', before);
  const held = log.stat('readings').first;
  return { before: held, unread: Math.max(0, held - Math.max(first, unread)) };
}

function byAge(log: Log, { age }: RetentionRules, now: number): number {
  return age > 0 ? log.offsetAt('readings', now - age) : 0;
}

/** The log knows no size of a part, so the average of its events is taken. */
function bySize(log: Log, { bytes }: RetentionRules): number {
  const stat = log.stat('readings');
  if (bytes === 0 || stat.bytes <= bytes) return 0;
  const share = (stat.bytes - bytes) / stat.bytes;
  return stat.first + Math.ceil((stat.next - stat.first) * share);
}
