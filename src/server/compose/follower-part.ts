import { join } from 'node:path';
import type { StreamName } from '../../event/event.ts';
import type { History } from '../../history/history.ts';
import type { Log } from '../../log/log.ts';
import type { Latest } from '../api/contract.ts';
import type { Config } from '../config/schema.ts';
import { feederError } from '../feeder/errors.ts';
import { type Feeder, startFeeder } from '../feeder/feeder.ts';
import type { Lag } from '../introspection/state.ts';
import type { LiveView } from '../parts.ts';

/** So long a first history may take to open before the log is followed without it, ms. */
const patienceMs = 5_000;

/**
 * The follower of the log, which feeds history and keeps the catalogue and the latest events. It
 * waits a moment for history; when that does not come, it follows without, and begins anew once
 * history is there.
 */
export class FollowerPart implements LiveView {
  readonly #config: Config;
  readonly #log: Log;
  readonly #onError: (error: unknown) => void;
  #feeder: Feeder | undefined;
  #feeds = false;
  /** Stops and starts, one after the other. */
  #turn: Promise<void> = Promise.resolve();
  #patience: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(config: Config, log: Log, onError: (error: unknown) => void) {
    this.#config = config;
    this.#log = log;
    this.#onError = onError;
  }

  start(): void {
    if (this.#config.history.enabled)
      this.#patience = setTimeout(() => void this.#restart(undefined), patienceMs);
    else void this.#restart(undefined);
  }

  /** History is there from now on. */
  readonly feed = (history: History): void => {
    clearTimeout(this.#patience);
    void this.#restart(history);
  };

  readonly catalogue: LiveView['catalogue'] = async () => this.#here().catalogue();

  readonly latest: LiveView['latest'] = async (where, limit) => {
    const { entries, overflowed } = await this.#here().latest(where, limit);
    // The contract's types differ from ours only in being mutable.
    return { entries: [...entries] as Latest['entries'], overflowed };
  };

  readonly seen: LiveView['seen'] = async () => this.#here().seen();

  readonly lag = (): Readonly<Record<StreamName, Lag>> | undefined => this.#feeder?.lag();

  /** How often a bound was hit. */
  readonly overflows = (): Readonly<Record<string, number>> => {
    const counters = this.#feeder?.counters();
    return {
      values: counters?.catalogueRefused ?? 0,
      latest: counters?.latestRefused ?? 0,
      places: counters?.placesRefused ?? 0,
      calls: counters?.callsRefused ?? 0,
    };
  };

  /** First reading that history has not taken; undefined when none is kept. */
  readonly unread = (): number | undefined => {
    if (!this.#config.history.enabled) return undefined;
    // As long as history has not said what it has, it may lack everything.
    return this.#feeds ? this.#feeder?.needed().readings : this.#log.stat('readings').first;
  };

  readonly state = (): 'ok' | 'starting' => (this.#feeder ? 'ok' : 'starting');

  /** Ends what is under way. Before history and the log are closed. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#patience);
    await this.#turn;
    await this.#feeder?.stop();
    this.#feeder = undefined;
  }

  #here(): Feeder {
    if (this.#feeder) return this.#feeder;
    throw feederError(
      'UNAVAILABLE',
      'The follower of the log is starting. Try again in a moment.',
      {
        retryAfter: 1,
      },
    );
  }

  #restart(history: History | undefined): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      if (this.#closed) return;
      try {
        await this.#feeder?.stop();
        this.#feeder = undefined;
        this.#feeder = await startFeeder(this.#options(history));
        this.#feeds = history !== undefined;
      } catch (error) {
        this.#onError(error);
        // What history refuses must not take the catalogue away as well.
        if (history) this.#feeder = await startFeeder(this.#options(undefined));
      }
    });
    this.#turn = this.#turn.catch(this.#onError);
    return this.#turn;
  }

  #options(history: History | undefined) {
    const { data, catalogue } = this.#config;
    return {
      logDir: join(data, 'log'),
      log: this.#log,
      history,
      tmpDir: join(data, 'tmp'),
      maxValues: catalogue.maxValues,
      maxLatest: catalogue.maxLatest,
      onProblem: (problem: string) => this.#onError(new Error(problem)),
    };
  }
}
