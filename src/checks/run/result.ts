import type { StepKind } from '../language/vocabulary.ts';

/** How a step or a scenario ended. `unknown`: whether it holds could not be seen. */
export type RunState = 'passed' | 'failed' | 'unknown';

/**
 * What kind of failure it was. `network`: nobody answered, and it is tried again at once; `time`: a
 * step did not end in time; `assertion`: what was seen is not what was expected; `other`: unknown.
 */
export type FailureKind = 'network' | 'time' | 'assertion' | 'other';

/** One step of a run. */
export interface StepResult {
  readonly text: string;
  readonly line: number;
  readonly kind: StepKind;
  readonly state: RunState | 'skipped';
  readonly seconds: number;
  /** What was expected and what was seen, without secrets, at most 2 KiB. */
  readonly failure?: string;
}

/**
 * A measured value with its limits, as Nagios' performance data has it (Monitoring Plugins
 * guidelines, "Performance data"). Seconds, bytes, or without unit.
 */
export interface Performance {
  readonly label: string;
  readonly value: number;
  readonly unit: '' | 's' | 'B' | '%' | 'c';
  /** From here on it is a warning. */
  readonly warning?: number;
  /** From here on it is a failure. */
  readonly critical?: number;
  readonly min?: number;
  readonly max?: number;
}

/** What is kept of the last answer of a run that did not pass. */
export interface Excerpt {
  readonly url: string;
  readonly status: number;
  /** Without secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most 2 KiB, without secrets. */
  readonly body: string;
}

/** What kind of failure ended the attempts of a scenario, and where. */
export interface Failure {
  readonly kind: FailureKind;
  readonly step: string;
  readonly line: number;
  readonly message: string;
}

/** One run of a scenario: its last attempt, and how many there were. */
export interface RunResult {
  readonly name: string;
  readonly state: RunState;
  /** Passed with a warning: a limit of "ideally" was passed, or its failure is a warning (`@warning`). */
  readonly warning?: string;
  /** Of all attempts. */
  readonly seconds: number;
  /** So much later than it was due the runner began, ms. */
  readonly lagMs: number;
  readonly attempts: number;
  readonly steps: readonly StepResult[];
  readonly failure?: Failure;
  readonly performance: readonly Performance[];
  /** So far back did steps look at what came in, ms: a release that is younger is not judged by it. */
  readonly lookbackMs?: number;
  readonly excerpt?: Excerpt;
  /** PNG of the page of a browser when it failed. */
  readonly screenshot?: Uint8Array;
}

/** The word of Nagios for a run: OK 0, WARNING 1, CRITICAL 2, UNKNOWN 3. */
export type CheckState = 'ok' | 'warning' | 'critical' | 'unknown';

/** What a run says of what it checks. */
export function checkStateOf({ state, warning }: Pick<RunResult, 'state' | 'warning'>): CheckState {
  if (state === 'unknown') return 'unknown';
  if (warning !== undefined) return 'warning';
  return state === 'passed' ? 'ok' : 'critical';
}
