/**
 * A job is a process of its own that outlives whoever started it. Everything about it is in its
 * folder: `order.json`, `log`, `pid` (with the start time of the process), `rc`. The folder is the
 * protocol; it is the same on another machine by ssh.
 */
export interface JobOrder {
  readonly id: string;
  /** A command by argument vector. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The whole environment of the process; TERRITORY_TASK is added, by which its children are found. */
  readonly env: Readonly<Record<string, string>>;
  /** Never written to the log: masked before. */
  readonly secrets: readonly string[];
  /** ms in all, and ms without a byte of output. */
  readonly limits: { readonly total: number; readonly silence: number };
}

/** `lost`: the process is gone and left no exit code. It is never taken for a success. */
export type JobState =
  | { readonly state: 'running'; readonly pid: number }
  | {
      readonly state: 'ended';
      readonly code: number;
      /** Why it was stopped, if it was. */
      readonly stopped: 'cancelled' | 'total' | 'silence' | undefined;
    }
  | { readonly state: 'lost' };

/** Bytes of a log from an offset on. */
export interface LogPiece {
  readonly offset: number;
  readonly text: string;
}

/** Where jobs run: this machine, or one behind ssh. */
export interface JobHost {
  /** Starts it, once: a folder that has an order already is adopted. Throws TERR_RUNNER_JOB. */
  readonly start: (folder: string, order: JobOrder) => Promise<void>;
  readonly stateOf: (folder: string) => Promise<JobState>;
  /** What its log holds from an offset on, and what comes, until it ended or `signal`. */
  readonly follow: (folder: string, from: number, signal: AbortSignal) => AsyncIterable<LogPiece>;
  /**
   * INT, then TERM, then KILL to its group, then to whatever carries its cookie, also what left the
   * group. Gives the pids that are still there.
   */
  readonly cancel: (folder: string) => Promise<readonly number[]>;
}
