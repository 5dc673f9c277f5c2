import type { Dispatcher } from 'undici';
import { Unknown } from '../run/failed.ts';
import { type Outbound, mustBeOpen } from '../run/outbound.ts';
import { Pools } from '../run/pools.ts';
import type { Place } from './address.ts';

/** What the head of an answer says. */
export interface Head {
  readonly status: number;
  readonly location: string | undefined;
}

export interface AskOptions {
  readonly outbound: Outbound;
  /** Certificate authorities in place of the known ones, PEM. */
  readonly authority?: string;
  /** So long one answer may take to begin, ms. */
  readonly timeoutMs?: number;
  /** Sent to the base, and nowhere else. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Nobody answered: what it was, for people. */
export class NoAnswer extends Error {}

/** So many times in a row an origin may not answer; then it is not asked any more. */
const mostSilent = 100;
/** A connection that ended as a request came is nobody's fault: it is tried again so often. */
const retries = 2;
/** Of a body; who sends more has the connection ended. */
const mostBody = 64 * 1024;

/** Asks for heads of answers by kept connections. */
export class Asking {
  readonly #pools: Pools;
  /** For what is tried again: each by a new connection, which nobody else can have ended. */
  readonly #single: Pools;
  readonly #options: AskOptions;
  readonly #silent = new Map<string, number>();
  /** Origins that may be gone to. */
  readonly #open = new Set<string>();
  readonly #stop = (): void => void this.#end();

  constructor(options: AskOptions) {
    this.#options = options;
    this.#pools = new Pools(options.outbound);
    this.#single = new Pools(options.outbound);
    options.signal.addEventListener('abort', this.#stop, { once: true });
  }

  /** GET, and not followed. Throws NoAnswer, Unknown where it may not be gone to, and when stopped. */
  async head(place: Place): Promise<Head> {
    const { outbound, signal } = this.#options;
    const { origin, host, port } = place;
    if (!this.#open.has(origin)) mustBeOpen(outbound, host, port);
    this.#open.add(origin);
    if ((this.#silent.get(origin) ?? 0) >= mostSilent)
      throw new NoAnswer(`not asked: ${host} did not answer ${mostSilent} times in a row`);
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      try {
        // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
        const head = await this.#once(place, attempt > 0);
        if (this.#silent.size > 0) this.#silent.delete(origin);
        return head;
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof Unknown) throw error;
        if (attempt < retries) continue;
        this.#silent.set(origin, (this.#silent.get(origin) ?? 0) + 1);
        const words = error instanceof Error ? error.message : String(error);
        throw new NoAnswer(`no answer: ${words}`, { cause: error });
      }
    }
  }

  /** Ends its connections. */
  async close(): Promise<void> {
    this.#options.signal.removeEventListener('abort', this.#stop);
    await this.#end();
  }

  async #end(): Promise<void> {
    await Promise.all([this.#pools.close(), this.#single.close()]);
  }

  async #once({ origin, port, asks, path, isBase }: Place, again: boolean): Promise<Head> {
    const { authority, timeoutMs = 10_000, headers } = this.#options;
    const own = { host: asks, 'user-agent': 'territory-check', accept: '*/*' };
    const isSecure = origin.startsWith('https:');
    // A connection by TLS is to one name; without, it serves all.
    const host = isSecure ? asks.replace(/:\d+$/, '') : undefined;
    const pool = (again ? this.#single : this.#pools).to({ origin, port, host, authority });
    return new Promise((resolve, reject) => {
      const options = {
        method: 'GET' as const,
        path,
        headers: isBase ? { ...own, ...headers } : own,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        reset: again,
      };
      pool.dispatch(options, new Reading(resolve, reject));
    });
  }
}

class Reading implements Dispatcher.DispatchHandler {
  #head: Head = { status: 0, location: undefined };
  #size = 0;
  readonly #resolve: (head: Head) => void;
  readonly #reject: (error: unknown) => void;

  constructor(resolve: (head: Head) => void, reject: (error: unknown) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  // undici takes it for a handler of its older interface without.
  onRequestStart(): void {}

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    { location }: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#head = { status, location: typeof location === 'string' ? location : location?.[0] };
  }

  onResponseData(controller: Dispatcher.DispatchController, part: Buffer): void {
    this.#size += part.length;
    if (this.#size <= mostBody) return;
    this.#resolve(this.#head);
    controller.abort(new Error('its head is enough'));
  }

  onResponseEnd(): void {
    this.#resolve(this.#head);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error);
  }
}
