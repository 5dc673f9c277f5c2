import { Unknown } from '../../../checks/run/failed.ts';
import type { StreamQuestions } from '../../../checks/run/ports.ts';
import type { FromWorker, StreamAnswer, StreamAsked } from './messages.ts';

interface Waiting {
  readonly answer: (answer: StreamAnswer) => void;
}

/** Asks the main thread what came in: questions and answers are messages. */
export class StreamLink {
  readonly #post: (message: FromWorker) => void;
  readonly #now: () => number;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor(post: (message: FromWorker) => void, now: () => number) {
    this.#post = post;
    this.#now = now;
  }

  /** What scenarios in an environment may ask. */
  of(environment: string): StreamQuestions {
    type Name = StreamAsked['name'];
    const ask = <T>(name: Name, given: readonly unknown[], signal: AbortSignal): Promise<T> =>
      this.#ask({ environment, name, given }, signal) as Promise<T>; // the other side has the same port
    return {
      now: this.#now,
      value: (window, aggregate, signal) => ask('value', [window, aggregate], signal),
      unit: (window, signal) => ask('unit', [window], signal),
      values: (window, limit, signal) => ask('values', [window, limit], signal),
      coverage: (window, signal) => ask('coverage', [window], signal),
      deploys: (application, signal) => ask('deploys', [application], signal),
      accessed: (from, to, signal) => ask('accessed', [from, to], signal),
    };
  }

  told(id: number, answer: StreamAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.answer(answer);
  }

  #ask(asked: StreamAsked, signal: AbortSignal): Promise<unknown> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const stop = (): void => {
        this.#waiting.delete(id);
        this.#post({ kind: 'stream-stopped', id });
        reject(new Unknown('the stream did not answer in time'));
      };
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.set(id, {
        answer: (answer) => {
          signal.removeEventListener('abort', stop);
          if (answer.ok) resolve(answer.value);
          else reject(new Unknown(answer.why));
        },
      });
      this.#post({ kind: 'stream', id, asked });
    });
  }
}
