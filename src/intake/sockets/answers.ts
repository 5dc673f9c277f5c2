import type { CodedError } from '../../errors/coded-error.ts';
import type { Reply } from './protocol.ts';

/** Answers that may wait on one connection before no more of it is read. */
const maxWaiting = 10_000;
/** Failures that are remembered: who never asks for an answer fetches none of them. */
const maxFailures = 1_000;

interface Waiting {
  readonly reply: Reply['reply'];
  /** First and last batch with something of what it answers. */
  readonly from: number;
  readonly upTo: number;
}

/**
 * The answers of one connection, in the order in which they were asked for: each is given once the
 * batches that hold what it answers are settled. One that is being computed holds up those behind.
 */
export class Answers {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #broken: (cause: unknown) => void;
  readonly #waiting: Waiting[] = [];
  /** Failures of batches that answers are still to be given for. */
  readonly #failures = new Map<number, CodedError>();
  #settledTo = 0;
  #computing = false;

  /** `broken` is told when an answer can not be made. */
  constructor(write: (bytes: Uint8Array) => void, broken: (cause: unknown) => void) {
    this.#write = write;
    this.#broken = broken;
  }

  /** Whether everything was answered. */
  get done(): boolean {
    return this.#waiting.length === 0 && !this.#computing;
  }

  /** How many failures are remembered. */
  get failures(): number {
    return this.#failures.size;
  }

  get full(): boolean {
    return this.#waiting.length > maxWaiting;
  }

  /** `from`..`upTo`: the batches that hold what is answered; none when `upTo` is less. */
  add(reply: Reply['reply'], from: number, upTo: number): void {
    this.#waiting.push({ reply, from, upTo });
  }

  /** Batches up to `seq` are settled; `failure` is that of `seq`. */
  settled(seq: number, failure: CodedError | undefined): void {
    this.#settledTo = Math.max(this.#settledTo, seq);
    if (!failure) return;
    this.#failures.set(seq, failure);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > maxFailures && oldest !== undefined) this.#failures.delete(oldest);
  }

  /** Gives those whose time has come, in one write as far as they are there at once. */
  give(): void {
    const chunks: Uint8Array[] = [];
    while (!this.#computing && (this.#waiting[0]?.upTo ?? Infinity) <= this.#settledTo) {
      const made = this.#made(this.#waiting.shift());
      if (made instanceof Uint8Array) chunks.push(made);
      else if (made !== undefined) this.#compute(made);
    }
    if (chunks.length === 1 && chunks[0]) this.#write(chunks[0]);
    else if (chunks.length > 1) this.#write(Buffer.concat(chunks));
  }

  #made(waiting: Waiting | undefined): ReturnType<Reply['reply']> | undefined {
    if (waiting === undefined) return undefined;
    const { reply, from, upTo } = waiting;
    if (this.#failures.size === 0) return reply(undefined);
    for (const seq of this.#failures.keys()) if (seq < from) this.#failures.delete(seq);
    const failed = [...this.#failures.keys()].find((seq) => seq <= upTo);
    return reply(failed === undefined ? undefined : this.#failures.get(failed));
  }

  #compute(made: Promise<Uint8Array>): void {
    this.#computing = true;
    made
      .then((bytes) => this.#write(bytes))
      .catch((cause: unknown) => this.#broken(cause))
      .finally(() => {
        this.#computing = false;
        this.give();
      });
  }
}
