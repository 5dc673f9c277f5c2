/** One process of an application, as the supervisor is to keep it. Kept in a file of its own. */
export interface InstanceWish {
  readonly app: string;
  readonly environment: string;
  /** `blue-1`, `green-1`, `1`: its place, one process in each. */
  readonly slot: string;
  readonly version: string;
  readonly digest: string;
  /** Folder of the artefact's files, its working directory. */
  readonly folder: string;
  /** For `sh -c`. */
  readonly start: string;
  readonly port: number;
  /** Beside PORT, SERVICE_VERSION, OTEL_RESOURCE_ATTRIBUTES and TERRITORY_TASK. */
  readonly env: Readonly<Record<string, string>>;
  /** `down`: it is to be stopped and stays so; its wish is kept for the way back. */
  readonly wanted: 'up' | 'down';
}

/** A process is the same only if its start time is: pids come again. */
export interface ProcessMark {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat, clock ticks since boot. */
  readonly startTime: number;
  /** Boot id: ticks of another boot say nothing. */
  readonly boot: string;
}

export interface InstanceState {
  readonly wish: InstanceWish;
  readonly state: 'up' | 'starting' | 'down' | 'crash-loop';
  readonly process: ProcessMark | undefined;
  /** Starts by the supervisor since the last wish. */
  readonly restarts: number;
}

/**
 * Starts and stops processes by wish, and finds them again after a restart of its own. `start` and
 * `stop` may be called by a deploy while the supervisor of the runner looks at the same folder:
 * the wish on disk, written as a whole, is what both act on, under a lock for each slot.
 */
export interface Instances {
  /** Every instance that has a wish, of one application in one environment or of all. */
  readonly list: (app?: string, environment?: string) => Promise<readonly InstanceState[]>;
  /** Writes the wish `up` and starts it unless it runs as wished. Throws TERR_RUNNER_INSTANCE. */
  readonly start: (wish: InstanceWish) => Promise<InstanceState>;
  /** Writes the wish `down`; TERM, after `graceMs` KILL, and resolves when it is gone. */
  readonly stop: (wish: InstanceWish, graceMs: number) => Promise<void>;
  /** Forgets a wish that is down. */
  readonly forget: (wish: InstanceWish) => Promise<void>;
}
