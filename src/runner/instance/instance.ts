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
  /** Path on its port that answers 200 when it is ready; without one a connection is enough. */
  readonly ready?: string | null;
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

/** What happened to an instance, for the log of events and for people who watch. */
export interface InstanceEvent {
  /**
   * `died`: its process ended without being asked to. `crash-loop`: five times within a minute; it is
   * tried on, slowly. `recovered`: it stays up again after that. `expired`: the time was over for
   * which an old one is kept. `unusable`: it can not be looked at or started, as `text` says.
   */
  readonly kind:
    | 'started'
    | 'stopped'
    | 'adopted'
    | 'died'
    | 'crash-loop'
    | 'recovered'
    | 'expired'
    | 'unusable';
  /** ms since the epoch, UTC. */
  readonly at: number;
  readonly app: string;
  readonly environment: string;
  readonly slot: string;
  /** Null when its file can not be read. */
  readonly version: string | null;
  readonly pid: number | null;
  /** A sentence. */
  readonly text: string;
}

/**
 * Starts and stops processes by wish, and finds them again after a restart of its own. `start` and
 * `stop` may be called by a deploy while the supervisor of the runner looks at the same folder:
 * the wish on disk, written as a whole, is what both act on, under a lock for each slot.
 *
 * Each throws TERR_RUNNER_INSTANCE when a file of it is not readable.
 */
export interface Instances {
  /** Every instance that has a wish, of one application in one environment or of all. */
  readonly list: (app?: string, environment?: string) => Promise<readonly InstanceState[]>;
  /**
   * Writes the wish `up` and starts it unless it runs as wished. What runs there by another wish is
   * stopped before. Throws TERR_RUNNER_INSTANCE.
   */
  readonly start: (wish: InstanceWish) => Promise<InstanceState>;
  /** Writes the wish `down`; TERM, after `graceMs` KILL, and resolves when it is gone. */
  readonly stop: (wish: InstanceWish, graceMs: number) => Promise<void>;
  /** Lets it run on for `ms`; then the supervisor stops and forgets it. */
  readonly expire: (wish: InstanceWish, ms: number) => Promise<void>;
  /** Forgets a wish that is down. */
  readonly forget: (wish: InstanceWish) => Promise<void>;
  /** Keeps the wish that a place has now, for the way back: a later `start` there replaces it. */
  readonly keep: (place: Place) => Promise<void>;
  /** What `keep` found there the last time; undefined when there was none. */
  readonly kept: (place: Place) => Promise<InstanceWish | undefined>;
}

/** Which place of which application in which environment. */
export type Place = Pick<InstanceWish, 'app' | 'environment' | 'slot'>;
