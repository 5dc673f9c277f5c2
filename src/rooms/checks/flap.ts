import type { CheckState } from './definition.ts';

/**
 * Flapping as Icinga 2 defines it (`Checkable::UpdateFlappingStatus`): the last 20 results, the
 * oldest counting 0.80 and the newest 1.18 where it was a change.
 */
export interface Flap {
  /** One bit for each result, the newest lowest; set where it was a change. */
  readonly changes: number;
  readonly last: CheckState | undefined;
  readonly flapping: boolean;
}

const slots = 20;
const all = 2 ** slots - 1;
/** Flapping begins above `flapHigh` and ends at or below `flapLow`, percent (Icinga's defaults). */
export const flapHigh = 30;
export const flapLow = 25;

/** Before the first result. */
export const steadyFlap: Flap = { changes: 0, last: undefined, flapping: false };

/** With one result more. The first of all is no change. */
export function observe(flap: Flap, state: CheckState): Flap {
  const isChange = flap.last !== undefined && flap.last !== state;
  const changes = ((flap.changes << 1) | Number(isChange)) & all;
  const percent = percentOf(changes);
  return { changes, last: state, flapping: percent > (flap.flapping ? flapLow : flapHigh) };
}

/** The weighted share of changes among the last 20 results, 0 to 99 percent. */
export function flapPercent({ changes }: Flap): number {
  return percentOf(changes);
}

function percentOf(changes: number): number {
  let sum = 0;
  // From the oldest on, as Icinga adds them up: the sum is the same to the last bit.
  for (let i = 0; i < slots; i++) if (changes & (1 << (slots - 1 - i))) sum += 0.8 + 0.02 * i;
  return (100 * sum) / slots;
}
