import { join } from 'node:path';
import { type ChdbHistory, openChdbHistory } from '../../history/chdb/open.ts';
import type { History, HistoryStat, QueryLimits } from '../../history/history.ts';
import type { Config } from '../config/schema.ts';
import { apiError } from '../errors.ts';
import type { HistoryState } from '../introspection/state.ts';
import type { HistoryDesk } from '../parts.ts';

const firstRetryMs = 1_000;
const lastRetryMs = 30_000;
/** How old an answer about history's size may be. */
const statEveryMs = 5_000;

/**
 * History that comes when it is ready: the log and the tail work meanwhile. Opening is tried again
 * until it succeeds or the server stops.
 */
export class HistoryPart implements HistoryDesk {
  readonly #config: Config;
  readonly #onError: (error: unknown) => void;
  readonly #stopping = new AbortController();
  #history: ChdbHistory | undefined;
  #opening: Promise<void> = Promise.resolve();
  #stat: { readonly at: number; readonly value: Promise<HistoryStat | undefined> } | undefined;

  constructor(config: Config, onError: (error: unknown) => void) {
    this.#config = config;
    this.#onError = onError;
  }

  /** Starts opening; `ready` is called once it is open. */
  start(ready: (history: History) => void): void {
    if (this.#config.history.enabled) this.#opening = this.#open(ready);
  }

  current(): History | undefined {
    return this.#history;
  }

  state(): HistoryState {
    if (!this.#config.history.enabled) return 'off';
    if (this.#stopping.signal.aborted) return 'stopped';
    return this.#history?.state() ?? 'starting';
  }

  memory(): number | undefined {
    return this.#history?.memory();
  }

  /** Its size, at most some seconds old; undefined while it does not answer. */
  stat(): Promise<HistoryStat | undefined> {
    const now = performance.now();
    if (this.#stat === undefined || now - this.#stat.at > statEveryMs) {
      const value = this.#history?.stat().catch(() => undefined) ?? Promise.resolve(undefined);
      this.#stat = { at: now, value };
    }
    return this.#stat.value;
  }

  async ask<T>(
    question: (history: History, limits: QueryLimits) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const { enabled, query } = this.#config.history;
    if (!enabled)
      throw apiError('NO_HISTORY', 'history is not kept here (history.enabled is false)');
    if (this.#history === undefined)
      throw apiError('NO_HISTORY', 'history is starting; try again in a moment', { retryAfter: 2 });
    const limits = { timeoutMs: query.timeout, memoryBytes: query.memory };
    return question(this.#history, signal ? { ...limits, signal } : limits);
  }

  /** Readings older than the retention leave history. */
  async forget(now: number): Promise<void> {
    const { retention } = this.#config.history;
    if (retention > 0 && this.#history?.state() === 'running')
      await this.#history.dropBefore(now - retention);
  }

  /** Drains, then stops. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#opening;
    await this.#history?.close();
  }

  async #open(ready: (history: History) => void): Promise<void> {
    const { signal } = this.#stopping;
    for (let wait = firstRetryMs; !signal.aborted; wait = Math.min(wait * 2, lastRetryMs)) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
        const history = await openChdbHistory(this.#options());
        this.#history = history;
        if (!signal.aborted) ready(history);
        return;
      } catch (error) {
        this.#onError(error);
      }
      // oxlint-disable-next-line no-await-in-loop
      await pause(wait, signal);
    }
  }

  #options() {
    const { data, history } = this.#config;
    const { maxBytes, maxMemory, query } = history;
    return {
      dir: join(data, 'history'),
      ...(maxBytes > 0 ? { maxBytes } : {}),
      maxMemoryBytes: maxMemory,
      queriesAtOnce: query.atOnce,
      queriesWaiting: query.waiting,
    };
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
