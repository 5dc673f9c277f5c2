import type { CheckState } from './definition.ts';
import type { CheckRun, MissedSlot } from './run.ts';

/** What is shown of a slot. */
export interface StripSlot {
  readonly slot: number;
  readonly state: CheckState | 'missed';
  readonly durationMs: number | null;
  readonly release: string | null;
}

/** What came of a slot: a run, or none. */
export type SlotOutcome =
  | { readonly kind: 'run'; readonly run: CheckRun }
  | { readonly kind: 'missed'; readonly missed: MissedSlot };

/** So many slots a strip has. */
export const stripSlots = 60;

/** The last slots by their time, the oldest first. A slot that was missed while a run took long comes before it is told. */
export function stripOf(outcomes: readonly SlotOutcome[]): StripSlot[] {
  return outcomes
    .map(slotOf)
    .toSorted((a, b) => a.slot - b.slot)
    .slice(-stripSlots);
}

function slotOf(outcome: SlotOutcome): StripSlot {
  if (outcome.kind === 'missed')
    return { slot: outcome.missed.slot, state: 'missed', durationMs: null, release: null };
  const { slot, state, durationMs, release = null } = outcome.run;
  return { slot, state, durationMs, release };
}
