import { CodedError } from '../../errors/coded-error.ts';
import { historyError } from '../errors.ts';
import { Backoff } from '../../launch/backoff.ts';
import { type ChildLink, startChild } from './child-link.ts';
import { type ChildStart, type FromChild, type Lane, commentOf, engineCodes } from './protocol.ts';

export type EngineState = 'running' | 'restarting' | 'stopped';

/** A statement on its way to the engine. */
export interface Statement {
  /** The SQL, given the `log_comment` that it must set so that it can be cancelled. */
  readonly sql: (comment: string) => string;
  readonly lane: Lane;
  /** After that the statement is cancelled, and when that does not help the child is killed. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** How long a cancelled statement may take to end before the child is taken for stuck, ms. */
const cancelGraceMs = 10_000;
const drainGraceMs = 20_000;
const stableMs = 30_000;

interface Pending {
  readonly resolve: (body: Uint8Array) => void;
  readonly reject: (error: Error) => void;
  readonly stopWatching: () => void;
  /** Its time was over, so that its being cancelled is a timeout. */
  late: boolean;
}

/**
 * Keeps the child of the engine alive: starts it again after it died, with growing waits, and
 * answers everything that was under way with `unavailable`. A new child is never forked before
 * the old one is gone, since the engine locks its directory.
 */
export class Supervisor {
  readonly #start: ChildStart;
  readonly #backoff = new Backoff(100, 5000);
  readonly #pending = new Map<number, Pending>();
  readonly #stuckAfterMs: number;
  #child: ChildLink | undefined;
  #state: EngineState = 'restarting';
  #nextId = 1;
  #wake: (() => void) | undefined;
  #life: Promise<void> = Promise.resolve();
  restarts = 0;

  /** @param stuckAfterMs how long a cancelled statement may take before the child is killed, ms */
  constructor(start: ChildStart, stuckAfterMs: number = cancelGraceMs) {
    this.#start = start;
    this.#stuckAfterMs = stuckAfterMs;
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Private memory of the child in bytes, undefined while there is none or it can't be told. */
  get memory(): number | undefined {
    return this.#child?.memory();
  }

  /**
   * Starts the child for the first time. A locked directory is tried again until `withinMs` is
   * over (the child of a killed server needs a moment to go). Throws TERR_HISTORY_START.
   */
  async open(withinMs: number): Promise<void> {
    const giveUp = Date.now() + withinMs;
    for (;;) {
      try {
        await this.#launch();
        break;
      } catch (error) {
        await this.#child?.gone;
        if (!mayPass(error) || Date.now() >= giveUp) throw this.#stopped(error);
        await this.#wait(this.#backoff.next());
      }
    }
    this.#life = this.#live();
  }

  /** Runs a statement; gives what the engine wrote. Throws HistoryError. */
  async run(statement: Statement): Promise<Uint8Array> {
    const child = this.#child;
    if (this.#state === 'stopped') throw historyError('CLOSED', 'History is closed.');
    if (this.#state === 'restarting' || !child) throw unavailable();
    if (statement.signal?.aborted) throw cancelled();
    const id = this.#nextId++;
    return new Promise<Uint8Array>((resolve, reject) => {
      const stopWatching = this.#watch(child, id, statement);
      this.#pending.set(id, { resolve, reject, stopWatching, late: false });
      child.send({ kind: 'run', id, lane: statement.lane, sql: statement.sql(commentOf(id)) });
    });
  }

  /** For tests and for a child that no longer answers: the next one starts after it. */
  killChild(): void {
    this.#child?.kill();
  }

  /** Lets what is under way end, then stops the child; kills it when that takes too long. */
  async close(): Promise<void> {
    if (this.#state === 'stopped') return this.#life;
    this.#state = 'stopped';
    this.#wake?.();
    const child = this.#child;
    if (child) {
      child.send({ kind: 'drain' });
      const timer = setTimeout(child.kill, drainGraceMs);
      // Its exit code means nothing: the engine may fault in its last moments, its data is safe.
      await child.gone;
      clearTimeout(timer);
    }
    await this.#life;
    this.#failPending(() => historyError('CLOSED', 'History was closed.'));
  }

  async #launch(): Promise<void> {
    this.#child = startChild(this.#start, { onAnswer: (answer) => this.#settle(answer) });
    await this.#child.ready;
    if (this.#state !== 'stopped') this.#state = 'running';
  }

  /** From one death of the child to the next, until history is closed. */
  async #live(): Promise<void> {
    let startedAt = Date.now();
    for (;;) {
      await this.#child?.gone;
      this.#failPending(unavailable);
      if (this.#state === 'stopped') return;
      this.#state = 'restarting';
      if (Date.now() - startedAt > stableMs) this.#backoff.reset();
      await this.#wait(this.#backoff.next());
      if (this.#hasStopped()) return;
      this.restarts++;
      startedAt = Date.now();
      // Why it failed is of no use to anybody here: the next attempt follows, and `state` tells.
      await this.#launch().catch(() => undefined);
    }
  }

  // A function, because the compiler does not see that the state changes during an await.
  #hasStopped(): boolean {
    return this.#state === 'stopped';
  }

  #stopped(error: unknown): unknown {
    this.#state = 'stopped';
    return error;
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Cancels the statement when its time is over or its caller is gone. */
  #watch(child: ChildLink, id: number, { timeoutMs, signal }: Statement): () => void {
    let stuck: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      child.send({ kind: 'cancel', id });
      stuck ??= setTimeout(child.kill, this.#stuckAfterMs);
    };
    const late = setTimeout(() => {
      const pending = this.#pending.get(id);
      if (pending) pending.late = true;
      cancel();
    }, timeoutMs);
    const leave = (): void => {
      cancel();
      this.#pending.get(id)?.reject(cancelled());
    };
    signal?.addEventListener('abort', leave, { once: true });
    return () => {
      clearTimeout(late);
      clearTimeout(stuck);
      signal?.removeEventListener('abort', leave);
    };
  }

  #settle(answer: Extract<FromChild, { kind: 'done' | 'failed' }>): void {
    const pending = this.#pending.get(answer.id);
    if (!pending) return;
    this.#pending.delete(answer.id);
    pending.stopWatching();
    if (answer.kind === 'done') pending.resolve(answer.body);
    else {
      const late = pending.late && answer.code === engineCodes.cancelled;
      pending.reject(errorOf(late ? engineCodes.timeout : answer.code, answer.message));
    }
  }

  #failPending(error: () => Error): void {
    for (const pending of this.#pending.values()) {
      pending.stopWatching();
      pending.reject(error());
    }
    this.#pending.clear();
  }
}

const unavailable = (): Error =>
  historyError('UNAVAILABLE', 'The history engine is restarting. Try again in a moment.', {
    retryAfter: 1,
  });

const cancelled = (): Error => historyError('CANCELLED', 'The query was cancelled by its caller.');

/** A locked directory is not always told as such: the engine may only say that it could not connect. */
function mayPass(error: unknown): boolean {
  const cause = error instanceof CodedError ? error.details.cause : undefined;
  const code = (cause as { code?: number } | undefined)?.code;
  return code === engineCodes.cannotLock || code === 0;
}

function errorOf(code: number, said: string): Error {
  const message = said.replace(/^Code: \d+\. DB::Exception: /, '');
  switch (code) {
    case engineCodes.timeout:
      return historyError(
        'TIMEOUT',
        `The query was stopped: ${message} Ask for a shorter range, fewer series or a narrower where.`,
      );
    case engineCodes.memory:
    case engineCodes.resultTooLarge:
      return historyError(
        'MEMORY',
        `The query was stopped: ${message} Ask for a shorter range, or group by a field with fewer values.`,
      );
    case engineCodes.cancelled:
      return cancelled();
    default:
      return historyError('REFUSED', `The history engine refused a statement: ${message}`);
  }
}
