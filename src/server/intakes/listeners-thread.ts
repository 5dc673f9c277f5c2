import { Worker } from 'node:worker_threads';
import { setTimeout as wait } from 'node:timers/promises';
import { CodedError } from '../../errors/coded-error.ts';
import type { Draft } from '../../event/event.ts';
import type {
  Failure,
  FromListeners,
  ListenersStart,
  ListenersState,
  Opened,
  ToListeners,
} from '../../intake/sockets/messages.ts';
import type { SenderBook } from '../../intake/senders/sender-book.ts';
import { ownModule } from '../../launch/own-module.ts';
import type { Appended, Log } from '../../log/log.ts';
import { isPassing } from './passing.ts';

export interface ListenersThreadOptions {
  readonly start: ListenersStart;
  readonly log: Pick<Log, 'append'>;
  readonly book: SenderBook;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  readonly latest: (where: string, limit: number) => Promise<readonly Draft[]>;
  readonly onProblem: (error: unknown) => void;
}

type BatchMessage = FromListeners & { kind: 'batch' };

/** A log that is busy or full is asked again for so long, ms; what waits meanwhile slows senders down. */
const patienceMs = 10_000;
const againMs = 200;
/** A thread that died is started again after this, ms. */
const restartMs = 1_000;
/** So long a stop waits for what is on its way, ms. */
const closeMs = 10_000;

const idle: ListenersState = { pendingBytes: 0, connections: {} };

/**
 * The thread with all sockets but HTTP's, seen from the main one: appends what it decodes, says when
 * that is durable, and starts it again should it die.
 */
export class ListenersThread {
  state: ListenersState = idle;
  /** As they were opened; empty until then. */
  opened: readonly Opened[] = [];
  readonly #options: ListenersThreadOptions;
  #worker: Worker | undefined;
  #closing = false;
  #restarts = 0;
  #ended: () => void = () => undefined;
  /** Batches are settled in their order, though the log may refuse one and take the next. */
  #order: Promise<void> = Promise.resolve();

  constructor(options: ListenersThreadOptions) {
    this.#options = options;
  }

  /** Resolves when every listener is open, or has failed. */
  async open(): Promise<readonly Opened[]> {
    this.opened = await this.#launch(this.#options.start);
    return this.opened;
  }

  /** Takes no more, and resolves when what was taken is durable. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#closing = true;
    if (worker === undefined) return;
    const ended = new Promise<void>((resolve) => (this.#ended = resolve));
    post(worker, { kind: 'close' });
    const late = new AbortController();
    await Promise.race([ended, wait(closeMs, undefined, { signal: late.signal })]).catch(
      () => undefined,
    );
    late.abort();
    await this.#order;
    await worker.terminate();
  }

  #launch(start: ListenersStart): Promise<readonly Opened[]> {
    const { url, execArgv } = ownModule(import.meta.url, '../../intake/sockets/worker.ts');
    const worker = new Worker(url, { execArgv: [...execArgv], workerData: start });
    this.#worker = worker;
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromListeners) => {
        if (message.kind === 'opened') resolve(message.listeners);
        else this.#heard(message, worker);
      });
      worker.on('error', (error) => {
        this.#options.onProblem(error);
        reject(error);
      });
      worker.on('exit', () => this.#exited());
    });
  }

  #exited(): void {
    this.#ended();
    if (this.#closing) return;
    this.#restarts++;
    this.state = idle;
    const words = `the listeners' thread ended, ${this.#restarts} times by now: it is started again`;
    this.#options.onProblem(new Error(words));
    // On the ports that it had: senders know no others.
    const { start, onProblem } = this.#options;
    const listeners = start.listeners.map((setup) => {
      const before = this.opened.find((one) => one.name === setup.name);
      return before === undefined ? setup : { ...setup, port: before.port };
    });
    setTimeout(() => {
      if (this.#closing) return;
      this.#launch({ ...start, listeners })
        .then((opened) => (this.opened = opened))
        .catch(onProblem);
    }, restartMs).unref();
  }

  #heard(message: FromListeners, worker: Worker): void {
    switch (message.kind) {
      case 'batch':
        this.#batch(message, worker);
        break;
      case 'tally':
        this.#tally(message);
        break;
      case 'latest':
        void this.#latest(message, worker);
        break;
      case 'closed':
        this.#ended();
        break;
      case 'opened':
        break;
    }
  }

  #batch(message: BatchMessage, worker: Worker): void {
    const { seq } = message;
    const done = this.#append(message).then(
      (appended) => this.#accepted(message, appended),
      (error: unknown) => this.#refused(message, error),
    );
    this.#order = this.#order.then(async () => {
      const failure = await done;
      post(worker, { kind: 'settled', seq, ...(failure && { failure }) });
    });
  }

  async #append({ bytes, count, source, identities }: BatchMessage): Promise<Appended> {
    const { log, now } = this.#options;
    const until = now() + patienceMs;
    for (;;) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- until it is taken or given up
        return await log.append('readings', { bytes, count, source, identities });
      } catch (error) {
        if (!isPassing(error) || now() > until) throw error;
        // oxlint-disable-next-line no-await-in-loop -- the log asked for it
        await wait(againMs);
      }
    }
  }

  #accepted({ shares }: BatchMessage, appended: Appended): undefined {
    const { book, now } = this.#options;
    const at = now();
    for (const { intake, sender, count } of shares)
      if (sender !== '') book.accepted(intake, sender, count, at);
    const [first] = shares;
    if (first) book.duplicates(first.intake, appended.duplicates.length);
  }

  #refused({ shares }: BatchMessage, cause: unknown): Failure {
    const { book, now, onProblem } = this.#options;
    const coded = cause instanceof CodedError;
    if (!coded) onProblem(cause);
    const code = coded ? cause.code : 'TERR_INTAKE_FAILED';
    const message = coded ? cause.message : 'The events could not be stored.';
    for (const { intake, sender, count } of shares)
      book.refused({ intake, sender: sender || intake, count }, { code, message }, now());
    return { code, message };
  }

  #tally({ tallies, dropped, state }: FromListeners & { kind: 'tally' }): void {
    const { book } = this.#options;
    this.state = state;
    for (const { intake, sender, at, sampled, refused } of tallies) {
      const name = sender || intake;
      if (sampled > 0) book.accepted(intake, name, sampled, at);
      for (const { count, last } of refused)
        book.refused({ intake, sender: name, count }, last, at);
    }
    for (const [intake, count] of Object.entries(dropped))
      book.lost(intake, 'TERR_INTAKE_KERNEL', count);
  }

  async #latest(
    { id, where, limit }: FromListeners & { kind: 'latest' },
    worker: Worker,
  ): Promise<void> {
    try {
      const events = await this.#options.latest(where, limit);
      post(worker, { kind: 'latest', id, events });
    } catch (error) {
      const failure = error instanceof CodedError ? error : undefined;
      const { code = 'TERR_INTAKE_FAILED', message = 'it could not be asked' } = failure ?? {};
      post(worker, { kind: 'latest', id, failure: { code, message } });
    }
  }
}

function post(worker: Worker, message: ToListeners): void {
  worker.postMessage(message);
}
