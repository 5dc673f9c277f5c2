import type { Lines } from '../../../event/batch.ts';
import type { StreamName } from '../../../event/event.ts';
import type { Decision, EmitDecision } from '../../../rules/decision.ts';
import type { RuleProblem, RuleStat } from '../../../rules/engine/engine.ts';

/** First offset of each stream that was not read yet. */
export type Cursors = Readonly<Record<StreamName, number>>;

/** A rule file as the thread of the rules is told of it. */
export interface WorkerFile {
  /** Its name in the rules directory. */
  readonly file: string;
  /** Path of the source, for places in it. */
  readonly path: string;
  /** URL of the compiled module; undefined: it has problems, and what runs of it goes on. */
  readonly module?: string | undefined;
  readonly digest?: string | undefined;
}

/** Why a rule was stopped from outside, by its name. */
export type Stops = Readonly<Record<string, string>>;

export interface WorkerStart {
  readonly logDir: string;
  /** Where what the rules know is written down. */
  readonly stateFile: string;
  readonly files: readonly WorkerFile[];
  readonly stopped: Stops;
  /** Rules whose state is thrown away, since it is what filled the memory. */
  readonly emptied: readonly string[];
  /** See `heartbeat.ts`. */
  readonly heartbeat: SharedArrayBuffer;
  readonly checkpointMs: number;
  /** Bytes that all rules may hold together. */
  readonly memory: number;
}

export type ToWorker =
  | { readonly kind: 'files'; readonly files: readonly WorkerFile[] }
  /** Everything that was posted up to `seq` is durable. */
  | { readonly kind: 'durable'; readonly seq: number }
  /** Lets a stopped rule go on. */
  | { readonly kind: 'start'; readonly rule: string }
  /** Writes a checkpoint and ends. */
  | { readonly kind: 'stop' };

/** What goes to others than the log: alerts, messages, scaling. */
export type OutwardDecision = Exclude<Decision, EmitDecision>;

/** What is wrong with a rule file that could be compiled. */
export interface LoadProblem {
  /** The file at fault: this one by its name, or an imported one by its path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** What became of a rule file. */
export interface FileOutcome {
  readonly file: string;
  readonly digest: string | undefined;
  readonly problem: LoadProblem | undefined;
}

/** How a rule is doing, as the thread knows it. */
export interface WorkerRule {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly state: 'running' | 'warming';
  /** Undefined while it is being warmed for the first time. */
  readonly stat: RuleStat | undefined;
  readonly maxKeys: number;
  /** Events that got past what filters before anything is kept or decided. */
  readonly matched: number;
  readonly eventsPerSecond: number;
  readonly lastDecision: LastDecision | undefined;
}

export interface LastDecision {
  readonly kind: Decision['kind'];
  /** Event time, ms. */
  readonly at: number;
  readonly title: string;
}

export interface WorkerStats {
  readonly rules: readonly WorkerRule[];
  readonly cursors: Cursors;
  /** Events read since the thread started. */
  readonly events: number;
  /** Events that the log had no longer, or not readable. */
  readonly skipped: number;
  /** Recent time from append to decision posted, ms. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly heapBytes: number;
  /** Decisions that were on the log already when they were made again. */
  readonly repeated: number;
  /** Decisions that are not durable yet. */
  readonly outstanding: number;
  /** Times that the reading waited for decisions to become durable. */
  readonly waited: number;
}

export type FromWorker =
  | {
      readonly kind: 'decided';
      readonly seq: number;
      /** What was emitted, as lines for the log. */
      readonly lines: Partial<Record<StreamName, Lines>>;
      readonly outward: readonly OutwardDecision[];
    }
  | { readonly kind: 'problem'; readonly problem: RuleProblem }
  /** The rules in the order of their heartbeat numbers. */
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | {
      readonly kind: 'swapped';
      readonly files: readonly FileOutcome[];
      /** Rules that run or are being warmed. */
      readonly rules: readonly string[];
      /** Rules that ran before and are in no file any more. */
      readonly gone: readonly string[];
    }
  | { readonly kind: 'stats'; readonly stats: WorkerStats }
  /** The rule keeps what it is given until nothing is left; it must go, and what it holds with it. */
  | { readonly kind: 'leak'; readonly rule: string; readonly message: string }
  /** Something else than a rule went wrong. */
  | { readonly kind: 'trouble'; readonly message: string };
