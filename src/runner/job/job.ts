/**
 * A job is a process of its own that outlives whoever started it. Everything about it is in its
 * folder, which is the protocol (docs/reference/runner-jobs.md); it is the same on another machine
 * by ssh. A second process of ours, the minder, is the parent of the job's process: it writes the
 * log, watches the limits and writes the exit code.
 */
export interface JobOrder {
  readonly id: string;
  /** A command by argument vector. No secret may stand in it: everybody can read it in /proc. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The whole environment of the process; TERRITORY_TASK is added, by which its children are found. */
  readonly env: Readonly<Record<string, string>>;
  /** Never written to the log: masked before. */
  readonly secrets: readonly string[];
  /** ms in all, and ms without a byte of output; bytes of log that are kept, 16 MB if not said. */
  readonly limits: { readonly total: number; readonly silence: number; readonly log?: number };
}

/** Why a job was stopped: somebody did, it took too long, or it was silent for too long. */
export const stops = ['cancelled', 'total', 'silence'] as const;
export type Stop = (typeof stops)[number];

/**
 * `lost`: the process is gone and left no exit code. It is never taken for a success. One that was
 * killed by a signal has ended, with 128 and the number of the signal, as in a shell.
 */
export type JobState =
  | {
      readonly state: 'running';
      /** Of the job's process; before it has one, of its minder. */
      readonly pid: number;
    }
  | {
      readonly state: 'ended';
      readonly code: number;
      /** Why it was stopped, if it was. */
      readonly stopped: Stop | undefined;
    }
  | { readonly state: 'lost' };

/** Bytes of a log from an offset on. */
export interface LogPiece {
  readonly offset: number;
  readonly text: string;
  /** Where the next piece begins: `offset` and the bytes of the text, which is UTF-8. */
  readonly next: number;
}

/** Where jobs run: this machine, or one behind ssh. */
export interface JobHost {
  /**
   * Starts it, once: a folder that has this order already is adopted, and started if nobody came to
   * it. When it resolves, the process is recorded. Throws TERR_RUNNER_JOB.
   */
  readonly start: (folder: string, order: JobOrder) => Promise<void>;
  /** How it stands, also when another process started it. Throws TERR_RUNNER_JOB: no job there. */
  readonly stateOf: (folder: string) => Promise<JobState>;
  /**
   * What its log holds from an offset on, and what comes, until it ended and all was read, or
   * `signal`. Pieces have at most 64 KB. Throws TERR_RUNNER_JOB.
   */
  readonly follow: (folder: string, from: number, signal: AbortSignal) => AsyncIterable<LogPiece>;
  /**
   * INT, then TERM, then KILL to its group, then to whatever carries its cookie, also what left the
   * group. Gives the pids that are still there. May be asked again, also when it has ended: then
   * what it left behind is ended. One that was never started never will be. Throws TERR_RUNNER_JOB.
   */
  readonly cancel: (folder: string) => Promise<readonly number[]>;
}
