import type { StreamName } from '../../event/event.ts';
import type { Log } from '../../log/log.ts';
import { type Slice, sliceEvents, slicesOf } from './slice.ts';
import type { Turns } from './turns.ts';

/** How much of the recent past is kept for clients that are a little behind. */
const ringBytes = 8_000_000;
/** Waiting clients are woken at most this often, so that many small batches cost few turns. */
const wakeEveryMs = 20;

/**
 * The live end of one stream, read once for all tails. It runs while somebody waits at it.
 */
export class Hub {
  readonly #log: Log;
  readonly #stream: StreamName;
  readonly #turns: Turns;
  #ring: Slice[] = [];
  #ringBytes = 0;
  /** Offset after the last slice read. */
  #next = 0;
  #users = 0;
  #reading: AbortController | undefined;
  #wakers: (() => void)[] = [];
  #lastWake = 0;
  #wakeTimer: NodeJS.Timeout | undefined;

  constructor(log: Log, stream: StreamName, turns: Turns) {
    this.#log = log;
    this.#stream = stream;
    this.#turns = turns;
  }

  /** Keeps the hub reading until the returned function is called. */
  join(): () => void {
    if (this.#users++ === 0) this.#start();
    return () => {
      if (--this.#users === 0) this.#stop();
    };
  }

  /** Offset after what the hub has read: a client that starts live starts here. */
  get next(): number {
    return this.#next;
  }

  /**
   * The slices from offset `from` on, at most about `sliceEvents` events; waits for the first.
   * Undefined when `from` is no longer held here: it must be read from the log. Empty when
   * `signal` aborts.
   */
  async from(from: number, signal: AbortSignal): Promise<readonly Slice[] | undefined> {
    while (from >= this.#next && !signal.aborted) await this.#change(signal);
    if (signal.aborted) return [];
    const start = this.#ring.findIndex((slice) => slice.next > from);
    const first = this.#ring[start];
    if (first === undefined || first.first > from) return undefined;
    const slices = [first];
    let events = first.count;
    for (let i = start + 1; events < sliceEvents; i++) {
      const slice = this.#ring[i];
      if (slice === undefined || events + slice.count > sliceEvents) break;
      slices.push(slice);
      events += slice.count;
    }
    return slices;
  }

  #start(): void {
    this.#reading = new AbortController();
    this.#next = this.#log.stat(this.#stream).next;
    void this.#read(this.#reading.signal);
  }

  #stop(): void {
    this.#reading?.abort();
    this.#ring = [];
    this.#ringBytes = 0;
    clearTimeout(this.#wakeTimer);
    this.#wakeTimer = undefined;
  }

  async #read(signal: AbortSignal): Promise<void> {
    const options = { follow: true, signal };
    for await (const batch of this.#log.read(this.#stream, this.#next, options)) {
      for (const slice of slicesOf(batch)) {
        if (signal.aborted) return;
        this.#hold(slice);
        this.#wake();
        await this.#turns.take();
      }
    }
  }

  #hold(slice: Slice): void {
    // The log was trimmed past us: what is held no longer joins on.
    if (slice.first !== this.#next) this.#ring = [];
    if (this.#ring.length === 0) this.#ringBytes = 0;
    this.#ring.push(slice);
    this.#ringBytes += slice.byteLength;
    this.#next = slice.next;
    while (this.#ringBytes > ringBytes && this.#ring.length > 1)
      this.#ringBytes -= this.#ring.shift()?.byteLength ?? 0;
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      signal.addEventListener('abort', done, { once: true });
      this.#wakers.push(done);
    });
  }

  #wake(): void {
    if (this.#wakeTimer !== undefined) return;
    const since = performance.now() - this.#lastWake;
    if (since >= wakeEveryMs) this.#wakeNow();
    else this.#wakeTimer = setTimeout(() => this.#wakeNow(), wakeEveryMs - since);
  }

  #wakeNow(): void {
    this.#wakeTimer = undefined;
    this.#lastWake = performance.now();
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }
}
