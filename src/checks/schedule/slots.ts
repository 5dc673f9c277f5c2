import { createHash } from 'node:crypto';

/** ms that a run may take, whatever the interval. */
const mostTime = 30_000;
/** ms that a run may begin late, whatever the interval. */
const mostLate = 5000;
/** ms that are left between a run and the next slot. */
const spare = 100;

/**
 * Where in its interval a check is due, ms from 0 to below the interval: by the SHA-256 of its id, so
 * that checks of one interval are spread over it, and each keeps its place over restarts.
 */
export function phaseOf(id: string, interval: number): number {
  const hash = createHash('sha256').update(id).digest();
  return hash.readUIntBE(0, 6) % interval;
}

/** The first slot at or after a moment; ms since the epoch, UTC. */
export function slotFrom(at: number, interval: number, phase: number): number {
  return Math.ceil((at - phase) / interval) * interval + phase;
}

/** So much later than it is due may a run begin, ms: what is later is missed, so that nothing is caught up with. */
export const latenessOf = (interval: number): number => Math.min(interval / 2, mostLate);

/** What a run may take that begins `lag` ms after its slot, ms: it is over before the next one. */
export const deadlineOf = (interval: number, lag: number): number =>
  Math.min(mostTime, Math.max(interval - lag - spare, interval / 2));
