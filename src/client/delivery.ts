import { readFileSync } from 'node:fs';
import type { SenderOptions, SenderStats } from './client.ts';

/** Of one request: so many events, and bytes. */
const maxBatch = 500;
const maxBatchBytes = 4 * 1024 * 1024;
/** Between two tries, ms: the first and the longest wait. */
const firstWait = 200;
const longestWait = 10_000;

/** What became of one request. */
type Outcome =
  | { readonly kind: 'taken'; readonly refused: number; readonly why: string | undefined }
  /** The same request would be refused again. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'later'; readonly why: string; readonly afterMs: number | undefined };

/** What waits, in order, and its way to the server: one request at a time. */
export class Delivery {
  readonly #options: SenderOptions;
  readonly #maxPending: number;
  #waiting: string[] = [];
  #onTheWay = 0;
  #timer: NodeJS.Timeout | undefined;
  #pumping: Promise<void> | undefined;
  #wait = firstWait;
  #batch = maxBatch;
  #token: string | undefined;
  #ending = new AbortController();
  readonly #counts = { sent: 0, dropped: 0, refused: 0 };
  #lastError: string | undefined;

  constructor(options: SenderOptions) {
    if (options.token === undefined && options.tokenFile === undefined)
      throw new TypeError('openSender needs a token or a tokenFile');
    this.#options = options;
    this.#maxPending = options.maxPending ?? 10_000;
    this.#token = options.token;
  }

  take(line: string): void {
    if (this.#waiting.length >= this.#maxPending) {
      this.#waiting.shift();
      this.drop();
    }
    this.#waiting.push(line);
    if (this.#waiting.length >= this.#batch) this.#pump();
    // Not unref'd: a program that ends by itself still sends what it has said.
    else this.#timer ??= setTimeout(() => this.#pump(), this.#options.flushMs ?? 250);
  }

  drop(): void {
    this.#counts.dropped += 1;
  }

  refuse(why: string): void {
    this.#counts.refused += 1;
    this.#lastError = why;
  }

  stats(): SenderStats {
    const pending = this.#waiting.length + this.#onTheWay;
    return { ...this.#counts, pending, lastError: this.#lastError };
  }

  async flush(): Promise<void> {
    while (this.#waiting.length + this.#onTheWay > 0 && !this.#ending.signal.aborted) {
      this.#pump();
      await this.#pumping;
    }
  }

  async close(ms: number): Promise<void> {
    const late = setTimeout(() => this.#ending.abort(), ms);
    if (ms === 0) this.#ending.abort();
    await this.flush();
    clearTimeout(late);
    clearTimeout(this.#timer);
    this.#ending.abort();
    await this.#pumping;
    this.#counts.dropped += this.#waiting.length;
    this.#waiting = [];
  }

  #pump(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pumping ??= this.#sendAll().finally(() => (this.#pumping = undefined));
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#ending.signal.aborted) {
      const batch = this.#nextBatch();
      this.#onTheWay = batch.length;
      // oxlint-disable-next-line no-await-in-loop -- in order, one at a time
      const outcome = await this.#post(batch);
      this.#onTheWay = 0;
      // oxlint-disable-next-line no-await-in-loop -- the server asked for time
      await this.#settle(batch, outcome);
    }
  }

  #nextBatch(): string[] {
    let bytes = 0;
    let count = 0;
    for (const line of this.#waiting) {
      bytes += line.length;
      if (count > 0 && (count >= this.#batch || bytes > maxBatchBytes)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #settle(batch: readonly string[], outcome: Outcome): Promise<void> {
    switch (outcome.kind) {
      case 'taken':
        this.#counts.sent += batch.length - outcome.refused;
        this.#counts.refused += outcome.refused;
        this.#lastError = outcome.why;
        this.#wait = firstWait;
        this.#batch = maxBatch;
        return;
      case 'refused':
        this.#counts.refused += batch.length;
        this.#lastError = outcome.why;
        return;
      case 'too-large':
        if (batch.length === 1) return this.refuse('an event is too large for the server');
        this.#batch = Math.max(1, Math.floor(batch.length / 2));
        return this.#giveBack(batch);
      case 'later':
        this.#lastError = outcome.why;
        this.#giveBack(batch);
        await this.#pause(outcome.afterMs);
    }
  }

  /** In front of what came meanwhile; where there is no room, the oldest gives way. */
  #giveBack(batch: readonly string[]): void {
    const room = Math.max(0, this.#maxPending - this.#waiting.length);
    this.#counts.dropped += Math.max(0, batch.length - room);
    this.#waiting = [...batch.slice(Math.max(0, batch.length - room)), ...this.#waiting];
  }

  /** Each wait twice the one before, with chance in it so that many programs do not come at once. */
  async #pause(afterMs: number | undefined): Promise<void> {
    const ms = afterMs ?? this.#wait * (0.5 + Math.random() / 2);
    this.#wait = Math.min(this.#wait * 2, longestWait);
    await new Promise<void>((resolve) => {
      const over = setTimeout(resolve, Math.min(ms, longestWait));
      this.#ending.signal.addEventListener(
        'abort',
        () => {
          clearTimeout(over);
          resolve();
        },
        { once: true },
      );
    });
  }

  async #post(batch: readonly string[]): Promise<Outcome> {
    const { url, timeoutMs = 10_000 } = this.#options;
    try {
      const answer = await fetch(new URL('api/v1/events', url.endsWith('/') ? url : `${url}/`), {
        method: 'POST',
        headers: {
          authorization: `Bearer ${this.#secret()}`,
          'content-type': 'application/x-ndjson',
        },
        body: batch.join('\n'),
        signal: AbortSignal.any([this.#ending.signal, AbortSignal.timeout(timeoutMs)]),
      });
      return outcomeOf(answer, await answer.text(), () => this.#forgetToken());
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      const why = cause instanceof Error ? cause.message : String(cause);
      return { kind: 'later', why, afterMs: undefined };
    }
  }

  #secret(): string {
    const { tokenFile } = this.#options;
    this.#token ??= tokenFile === undefined ? '' : readFileSync(tokenFile, 'utf8').trim();
    return this.#token;
  }

  /** True when another one may stand in the file by now. */
  #forgetToken(): boolean {
    if (this.#options.tokenFile === undefined) return false;
    this.#token = undefined;
    return true;
  }
}

function outcomeOf(answer: Response, text: string, mayRenew: () => boolean): Outcome {
  const { status } = answer;
  const why = `HTTP ${status}: ${detailOf(text)}`;
  if (status === 200 || status === 207) return takenBy(readJson(text), why);
  if (status === 413) return { kind: 'too-large' };
  const later = status === 408 || status === 429 || status >= 500;
  // A token may have been replaced in its file.
  if (later || (status === 401 && mayRenew())) {
    const seconds = Number(answer.headers.get('retry-after'));
    return { kind: 'later', why, afterMs: seconds > 0 ? seconds * 1000 : undefined };
  }
  return { kind: 'refused', why };
}

function takenBy({ refused = 0, errors = [] }: Answer, why: string): Outcome {
  const [first] = errors;
  return { kind: 'taken', refused, why: refused > 0 ? (first?.message ?? why) : undefined };
}

interface Answer {
  readonly refused?: number;
  readonly errors?: readonly { readonly message?: string }[];
  readonly detail?: string;
  readonly title?: string;
}

function readJson(text: string): Answer {
  try {
    return JSON.parse(text) as Answer; // each member is looked at where it is used
  } catch {
    return {};
  }
}

function detailOf(text: string): string {
  const { detail, title } = readJson(text);
  return (detail ?? title ?? text).slice(0, 300);
}
