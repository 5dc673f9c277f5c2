import type { Dispatcher, Pool } from 'undici';
import { Unknown } from './failed.ts';

/** An answer as it came. */
export interface Received {
  readonly status: number;
  /** By lower-case names; what came more than once as a list. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface Exchange {
  readonly method: string;
  /** As it is sent, with its query. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | undefined;
  readonly signal: AbortSignal;
  /** Bytes of a body; more are Unknown. */
  readonly most: number;
}

/** One request and its answer. Rejects with what broke, and at once when the signal says so. */
export async function exchange(pool: Pool, wanted: Exchange): Promise<Received> {
  const { method, path, headers, body, signal } = wanted;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const reading = new Reading(wanted, resolve, reject);
    signal.addEventListener('abort', reading.stop, { once: true });
    // A HEAD needs no new connection either.
    const options = {
      method: method as Dispatcher.HttpMethod,
      path,
      headers,
      body: body ?? null,
      reset: false,
    };
    pool.dispatch(options, reading);
  });
}

class Reading implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: Received['headers'] = {};
  readonly #parts: Buffer[] = [];
  #size = 0;
  readonly #wanted: Exchange;
  readonly #resolve: (received: Received) => void;
  readonly #reject: (error: unknown) => void;

  constructor(
    wanted: Exchange,
    resolve: (received: Received) => void,
    reject: (error: unknown) => void,
  ) {
    this.#wanted = wanted;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** It may not have begun yet: then it ends when it would. */
  readonly stop = (): void => {
    const why = new DOMException('it was stopped', 'AbortError');
    this.#controller?.abort(why);
    this.#reject(why);
  };

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#wanted.signal.aborted) this.stop();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Received['headers'],
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, part: Buffer): void {
    this.#size += part.length;
    if (this.#size > this.#wanted.most)
      controller.abort(new Unknown(`it answers with more than ${this.#wanted.most} bytes`));
    else this.#parts.push(part);
  }

  onResponseEnd(): void {
    this.#ended();
    const [first = Buffer.alloc(0)] = this.#parts;
    const body = this.#parts.length > 1 ? Buffer.concat(this.#parts) : first;
    this.#resolve({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#ended();
    this.#reject(error);
  }

  #ended(): void {
    this.#wanted.signal.removeEventListener('abort', this.stop);
  }
}
