import type { CheckState } from './definition.ts';

/** The source of all that the checks tell. */
export const checksSource = 'territory/checks';

/** One run, or a slot that had none, as it stands on the stream of readings. Times are ms, UTC. */
export interface CheckRun {
  readonly check: string;
  /** When it was due. With the check it is the identity of the run. */
  readonly slot: number;
  readonly started: number;
  /** When it was known: what the order of runs goes by. */
  readonly ended: number;
  readonly state: CheckState;
  /** Why, in a line: the failing step with what was expected and seen. */
  readonly summary: string;
  readonly durationMs: number;
  readonly lagMs: number;
  /** So far back before `started` it looked at what came in, ms: no verdict on a younger release. */
  readonly lookbackMs?: number;
  readonly attempts: number;
  /** Version of the application that was in the environment when it started, as far as known. */
  readonly release: string | undefined;
  readonly sha: string;
  readonly performance: readonly {
    readonly label: string;
    readonly value: number;
    readonly unit: string;
    readonly warning?: number;
    readonly critical?: number;
  }[];
}

/** Why a slot had no run. */
export const missReasons = [
  'asleep',
  'still-running',
  'no-place',
  'stopped',
  'quarantined',
] as const;
export type MissReason = (typeof missReasons)[number];

export interface MissedSlot {
  readonly check: string;
  readonly slot: number;
  readonly why: MissReason;
}
