import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Decoded } from '../../intake/decoded.ts';
import type { Delivered, Delivery } from '../../intake/delivery.ts';
import type { Sender } from '../../intake/intake.ts';
import type { Poller, PollerContext } from '../../intake/poller.ts';
import type { SenderBook } from '../../intake/senders/sender-book.ts';
import type { Notes } from '../../log/log.ts';
import type { Config } from '../config/schema.ts';
import { isPassing } from './passing.ts';
import { groupOf } from './setups.ts';

export interface PollersOptions {
  readonly config: Config;
  readonly pollers: readonly Poller[];
  readonly delivery: Delivery;
  readonly book: SenderBook;
  readonly notes: Notes;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  readonly onProblem: (error: unknown) => void;
}

/** A log that is busy or full is asked again after this, ms; nobody waits but the poller. */
const againMs = 500;

/** Runs what is fetched by Territory itself. */
export class Pollers {
  readonly running: readonly Poller[];
  readonly #options: PollersOptions;
  readonly #ending = new AbortController();
  #done: Promise<unknown> = Promise.resolve();

  constructor(options: PollersOptions) {
    const { config, pollers } = options;
    this.#options = options;
    this.running = pollers.filter((one) => one.wanted(groupOf(config, one.group ?? one.name)));
  }

  start(): void {
    this.#done = Promise.all(this.running.map((one) => this.#run(one)));
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#done;
  }

  async #run(poller: Poller): Promise<void> {
    try {
      await poller.run(this.#contextOf(poller));
    } catch (error) {
      if (!this.#ending.signal.aborted) this.#options.onProblem(error);
    }
  }

  #contextOf(poller: Poller): PollerContext {
    const { config, notes, now, book } = this.#options;
    const { name } = poller;
    return {
      settings: groupOf(config, poller.group ?? name),
      now,
      host: hostname(),
      directory: resolve(config.data, name),
      signal: this.#ending.signal,
      notes,
      deliver: (decoded, sender) => this.#deliver(name, [...decoded], sender),
      trouble: (sender, refused) => book.refused({ intake: name, sender }, refused, now()),
    };
  }

  async #deliver(intake: string, decoded: readonly Decoded[], name: string): Promise<Delivered> {
    const { delivery } = this.#options;
    const { signal } = this.#ending;
    // What it looks at is named in the configuration, by who may change anything.
    const sender: Sender = { name, source: `/${intake}`, unrestricted: true, maySend: () => true };
    for (;;) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- until it is taken
        return await delivery.take(decoded, { intake, sender });
      } catch (error) {
        if (!isPassing(error)) throw error;
        // oxlint-disable-next-line no-await-in-loop -- the log asked for it
        await wait(againMs, undefined, { signal });
      }
    }
  }
}
