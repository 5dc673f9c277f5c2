import type { Notes } from '../log/log.ts';
import type { Decoded, Refused } from './decoded.ts';
import type { Delivered } from './delivery.ts';

/** What a poller is given. */
export interface PollerContext {
  /** The settings of the poller, `intakes.<name>`, as loaded. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  /** Name of this machine. */
  readonly host: string;
  /** Absolute path under the data directory for files of its own; made by the poller that wants it. */
  readonly directory: string;
  /** Ends the poller. */
  readonly signal: AbortSignal;
  /** Small durable values; keys begin with `intake/<name>/`. */
  readonly notes: Notes;
  /**
   * Resolves when the events are durable. `sender` names where they were found, for the page of
   * sources. Waits and tries again while the log is busy or full; rejects when the signal aborts.
   */
  readonly deliver: (decoded: Iterable<Decoded>, sender: string) => Promise<Delivered>;
  /** A place that could not be read, or can be again. Shown beside the sender. */
  readonly trouble: (sender: string, refused: Refused) => void;
}

/** Fetches events where nobody sends them: files, endpoints, repositories. */
export interface Poller {
  /** In `GET /api/v1/intakes`; also its group of settings, unless `group` names another. */
  readonly name: string;
  readonly group?: string;
  readonly title: string;
  /** Whether the settings name anything to look at. */
  readonly wanted: (settings: Readonly<Record<string, unknown>>) => boolean;
  /** What it looks at, for people: a path, an address. */
  readonly address: (settings: Readonly<Record<string, unknown>>) => string;
  /** Runs until the signal aborts; never rejects. */
  readonly run: (context: PollerContext) => Promise<void>;
}
