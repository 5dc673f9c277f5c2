import type { StreamAnswer, StreamAsked } from '../../../checks/run/asked-stream.ts';
import type { Static } from 'typebox';
import type { Excerpt, StepResult } from '../../../checks/run/result.ts';
import type { CheckRun } from '../../../rooms/checks/run.ts';
import type { LintAnswer, StepsAnswer, TryScenario, TryStep } from '../../api/contract-checks.ts';
import type { FeatureText } from '../features.ts';
import type { PlanInput } from '../planning.ts';
import type { Missed } from '../recording/readings.ts';
import type { PlanTold } from '../told.ts';

/** What stays the same for a thread. */
export interface WorkerStart {
  /** `scheduled`: runs checks when they are due. `asked`: runs what somebody tries. */
  readonly role: 'scheduled' | 'asked';
  /** The folder of the features: files that steps name are below it. */
  readonly folder: string;
  /** For what is compiled. */
  readonly stateDir: string;
  /** See `pulse.ts`. */
  readonly pulse: SharedArrayBuffer;
  /** Scenarios that run at once, in all and against one target. */
  readonly atOnce: number;
  readonly perTarget: number;
  /** Path of a browser; undefined: it is looked for. */
  readonly browser: string | undefined;
}

/** What is run when it is due. */
export interface Scheduled {
  readonly id: string;
  /** ms. */
  readonly interval: number;
  /** The last slot that is accounted for. */
  readonly accounted?: number;
}

/** A scenario that is tried, without being kept. */
export interface TryWanted extends FeatureText {
  readonly environment: string;
  readonly line?: number;
}

export type Question =
  | { readonly kind: 'lint'; readonly text: FeatureText }
  | { readonly kind: 'steps' }
  /** What the scenarios with `@gate` in a text are. */
  | { readonly kind: 'gates'; readonly text: FeatureText }
  | { readonly kind: 'try'; readonly wanted: TryWanted };

export interface Answers {
  readonly lint: LintAnswer;
  readonly steps: Static<typeof StepsAnswer>;
  readonly gates: readonly string[];
  readonly try: { readonly problem: string | undefined };
}

export type ToWorker =
  /** `withoutOwn`: why steps of one's own are not loaded. */
  | {
      readonly kind: 'plan';
      readonly input: PlanInput;
      readonly withoutOwn?: string | undefined;
    }
  /** Of the last plan. `banned`: why a check is not run; `suspects`: not two of them at once. */
  | {
      readonly kind: 'schedule';
      readonly checks: readonly Scheduled[];
      readonly banned: ReadonlyMap<string, string>;
      readonly suspects: readonly string[];
    }
  /** One run more of a check, before its next slot. */
  | { readonly kind: 'again'; readonly check: string; readonly at: number }
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question }
  | { readonly kind: 'stop-asking'; readonly id: number }
  | { readonly kind: 'told'; readonly id: number; readonly answer: StreamAnswer }
  /** Ends what runs, tells what is left, and ends. */
  | { readonly kind: 'stop' };

/** A run with what is kept of it beside the log. */
export interface RanDetail {
  readonly steps: readonly StepResult[];
  readonly excerpt?: Excerpt;
  readonly screenshot?: Uint8Array;
}

export type Told =
  | { readonly kind: 'step'; readonly step: TryStep }
  | { readonly kind: 'scenario'; readonly scenario: TryScenario };

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'planned'; readonly plan: PlanTold }
  /** `number` is what the pulse names it by. */
  | {
      readonly kind: 'began';
      readonly check: string;
      readonly slot: number;
      readonly number: number;
    }
  | { readonly kind: 'ran'; readonly run: CheckRun; readonly detail: RanDetail }
  | { readonly kind: 'missed'; readonly missed: readonly Missed[] }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly why: string }
  | { readonly kind: 'told'; readonly id: number; readonly told: Told }
  | { readonly kind: 'stream'; readonly id: number; readonly asked: StreamAsked }
  | { readonly kind: 'stream-stopped'; readonly id: number }
  /** Memory of the thread, bytes, runs under way, and how late slots are taken up, ms. */
  | {
      readonly kind: 'stats';
      readonly heapBytes: number;
      readonly running: number;
      readonly lagP99: number | undefined;
    };
