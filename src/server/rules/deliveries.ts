import { setTimeout as sleep } from 'node:timers/promises';
import { type StreamName, streamNames } from '../../event/event.ts';
import { Backoff } from '../../launch/backoff.ts';
import type { Log } from '../../log/log.ts';
import type { FromWorker, OutwardDecision } from './running/messages.ts';

type Decided = Extract<FromWorker, { kind: 'decided' }>;

/** Those who act on decisions. */
export interface DecisionSink {
  /** Resolves when what follows from the decisions is durable. The same may come again. */
  readonly decided: (decisions: readonly OutwardDecision[]) => Promise<void>;
  /** These rules are no more; what they opened is to be closed. The same may come again. */
  readonly gone: (rules: readonly string[]) => Promise<void>;
  /** What was decided since the last checkpoint comes again from now on. */
  readonly restarted: () => void;
}

interface DeliveriesOptions {
  readonly log: Log;
  readonly sink: DecisionSink;
  readonly onProblem: (what: string, error: unknown) => void;
}

/**
 * Makes decisions durable: what was emitted goes to the log, the rest to its sink. What fails is
 * tried again until it is done, since a decision that was taken must not be lost; the thread of the
 * rules waits meanwhile.
 */
export class Deliveries {
  /** Events that rules put on the log. */
  emitted = 0;
  /** Of them, those that were there already: taken again after a restart. */
  repeated = 0;
  readonly #options: DeliveriesOptions;
  readonly #stop = new AbortController();
  #order: Promise<boolean> = Promise.resolve(true);
  #outward: Promise<boolean> = Promise.resolve(true);

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  /** Resolves once the message and all before it are durable; false when stopped before. */
  take({ lines, outward }: Decided): Promise<boolean> {
    const { sink } = this.#options;
    // At once and side by side; only the answers keep the order.
    const parts = streamNames.map((stream) => this.#append(stream, lines));
    if (outward.length > 0)
      parts.push(this.#outwards('a decision was not taken over', () => sink.decided(outward)));
    const all = Promise.all(parts);
    const done = this.#order.then(async (before) => (await all).every(Boolean) && before);
    this.#order = done;
    return done;
  }

  /** These rules are in no file any more. */
  gone(rules: readonly string[]): void {
    const { sink } = this.#options;
    if (rules.length > 0)
      void this.#outwards('what rules left open was not closed', () => sink.gone(rules));
  }

  /** The thread of the rules begins anew. */
  restarted(): void {
    this.#outward = this.#outward.then((done) => {
      this.#options.sink.restarted();
      return done;
    });
  }

  /** Resolves when nothing is under way; what fails now is not tried again. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#order, this.#outward]);
  }

  /** One after the other, also when one has to be tried again: an alert's decisions have an order. */
  #outwards(what: string, attempt: () => Promise<void>): Promise<boolean> {
    const done = this.#outward.then(() => this.#untilDone(what, attempt));
    this.#outward = done;
    return done;
  }

  #append(stream: StreamName, all: Decided['lines']): Promise<boolean> {
    const lines = all[stream];
    if (!lines) return Promise.resolve(true);
    return this.#untilDone('what a rule emitted was not stored', async () => {
      const { count, duplicates } = await this.#options.log.append(stream, lines);
      this.emitted += count;
      this.repeated += duplicates.length;
    });
  }

  /** False when it was stopped before. */
  async #untilDone(what: string, attempt: () => Promise<void>): Promise<boolean> {
    const backoff = new Backoff(50, 5_000);
    for (;;) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
        await attempt();
        return true;
      } catch (error) {
        if (this.#stop.signal.aborted) return false;
        this.#options.onProblem(what, error);
      }
      // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
      await sleep(backoff.next(), undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }
}
