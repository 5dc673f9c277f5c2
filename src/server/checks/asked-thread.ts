import { checkErrors } from './errors.ts';
import type { PlanInput } from './planning.ts';
import type { Answers, FromWorker, Question, Told } from './running/messages.ts';
import { ChecksThread, type ThreadOptions } from './running/thread.ts';
import { StreamDesk, type StreamsOf } from './stream-desk.ts';

/** So long the thread stays when nobody asks, ms. */
const idleMs = 300_000;
/** Questions that may be under way. */
export const mostAsked = 32;
export const mostTries = 4;

interface AskedOptions extends Omit<ThreadOptions, 'role' | 'onReady' | 'onMessage' | 'onFallen'> {
  /** What it is to know: the settings alone. */
  readonly input: () => PlanInput;
  readonly streams: StreamsOf;
}

interface Waiting {
  readonly kind: Question['kind'];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly tell: (told: Told) => void;
}

/**
 * What people ask of features runs in a thread of its own, which is there while somebody asks: what
 * is tried and never ends keeps no check from running.
 */
export class AskedThread {
  readonly counters = { asked: 0, refused: 0, fallen: 0 };
  readonly #options: AskedOptions;
  readonly #thread: ChecksThread;
  readonly #stream: StreamDesk;
  readonly #waiting = new Map<number, Waiting>();
  #withoutOwn: string | undefined;
  #last = 0;
  #idle: NodeJS.Timeout | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: AskedOptions) {
    this.#options = options;
    this.#stream = new StreamDesk(options.streams, (message) => this.#thread.send(message));
    this.#thread = new ChecksThread({
      ...options,
      role: 'asked',
      onReady: () => this.plan(),
      onMessage: (message) => this.#hear(message),
      onFallen: ({ why, isLoading }) => {
        this.counters.fallen++;
        if (isLoading) this.#withoutOwn = `it is not loaded: ${why}`;
        this.#stream.stop();
        this.#refuseAll(why);
      },
    });
  }

  get underway(): number {
    return this.#waiting.size;
  }

  get tries(): number {
    return [...this.#waiting.values()].filter(({ kind }) => kind === 'try').length;
  }

  /** The settings are others. */
  plan(): void {
    const { settings } = this.#options.input();
    const input: PlanInput = { features: [], settings, findings: [] };
    this.#thread.send({ kind: 'plan', input, withoutOwn: this.#withoutOwn });
  }

  /** Files of the folder are others: they are loaded again. */
  changed(): void {
    this.#withoutOwn = undefined;
  }

  /** Throws TERR_CHECK_UNAVAILABLE, TERR_CHECK_INVALID. */
  async ask<Q extends Question>(
    question: Q,
    { signal, tell = () => undefined }: { signal?: AbortSignal; tell?: Waiting['tell'] } = {},
  ): Promise<Answers[Q['kind']]> {
    await this.#stopping;
    if (question.kind === 'try') this.mayTry();
    else if (this.underway >= mostAsked) this.#refuse();
    this.counters.asked++;
    clearTimeout(this.#idle);
    if (!this.#thread.isRunning) {
      this.#thread.start();
      this.plan();
    }
    const id = ++this.#last;
    const stop = (): void => this.#thread.send({ kind: 'stop-asking', id });
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const value = await new Promise((resolve, reject: (error: Error) => void) => {
        this.#waiting.set(id, { kind: question.kind, resolve, reject, tell });
        this.#thread.send({ kind: 'ask', id, question });
      });
      return value as Answers[Q['kind']]; // the other side answers by the same table
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#waiting.delete(id);
      this.#rest();
    }
  }

  /** Throws TERR_CHECK_UNAVAILABLE where others try as many as may be tried. */
  mayTry(): void {
    if (this.tries >= mostTries) this.#refuse();
  }

  #refuse(): never {
    this.counters.refused++;
    throw checkErrors('UNAVAILABLE', 'others try features at this moment', { retryAfter: 2 });
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    this.#refuseAll('the server is stopping');
    this.#stream.stop();
    if (this.#thread.isRunning) await this.#thread.stop();
  }

  #rest(): void {
    if (this.#waiting.size > 0) return;
    this.#idle = setTimeout(() => {
      this.#stopping = this.#thread.stop().finally(() => (this.#stopping = undefined));
    }, idleMs).unref();
  }

  #hear(message: FromWorker): void {
    if (message.kind === 'stream') return this.#stream.ask(message.id, message.asked);
    if (message.kind === 'stream-stopped') return this.#stream.forget(message.id);
    if (message.kind === 'told') return this.#waiting.get(message.id)?.tell(message.told);
    if (message.kind === 'answer') return this.#waiting.get(message.id)?.resolve(message.value);
    if (message.kind === 'refused')
      this.#waiting.get(message.id)?.reject(checkErrors('INVALID', message.why));
  }

  #refuseAll(why: string): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of all) reject(checkErrors('UNAVAILABLE', why, { retryAfter: 1 }));
  }
}
