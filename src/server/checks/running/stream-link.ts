import {
  type StreamAnswer,
  type StreamAsked,
  streamElsewhere,
} from '../../../checks/run/asked-stream.ts';
import { Unknown } from '../../../checks/run/failed.ts';
import type { StreamQuestions } from '../../../checks/run/ports.ts';
import type { FromWorker } from './messages.ts';

/** Asks the main thread what came in: questions and answers are messages. */
export class StreamLink {
  readonly #post: (message: FromWorker) => void;
  readonly #now: () => number;
  readonly #waiting = new Map<number, (answer: StreamAnswer) => void>();
  #last = 0;

  constructor(post: (message: FromWorker) => void, now: () => number) {
    this.#post = post;
    this.#now = now;
  }

  /** What scenarios in an environment may ask. */
  of(environment: string): StreamQuestions {
    return streamElsewhere({
      environment,
      now: this.#now,
      ask: async (asked, signal) => this.#ask(asked, signal),
    });
  }

  told(id: number, answer: StreamAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.(answer);
  }

  #ask(asked: StreamAsked, signal: AbortSignal): Promise<StreamAnswer> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const stop = (): void => {
        this.#waiting.delete(id);
        this.#post({ kind: 'stream-stopped', id });
        reject(new Unknown('the stream did not answer in time'));
      };
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.set(id, (answer) => {
        signal.removeEventListener('abort', stop);
        resolve(answer);
      });
      this.#post({ kind: 'stream', id, asked });
    });
  }
}
