import { type StreamAsked, answerStream } from '../../checks/run/asked-stream.ts';
import type { StreamQuestions } from '../../checks/run/ports.ts';
import type { ToWorker } from './running/messages.ts';

/** What may be asked of the stream about an environment. */
export type StreamsOf = (environment: string) => StreamQuestions;

/** Answers what steps in a thread ask of the stream. */
export class StreamDesk {
  readonly #streams: StreamsOf;
  readonly #send: (message: ToWorker) => void;
  readonly #underway = new Map<number, AbortController>();

  constructor(streams: StreamsOf, send: (message: ToWorker) => void) {
    this.#streams = streams;
    this.#send = send;
  }

  ask(id: number, asked: StreamAsked): void {
    const ending = new AbortController();
    this.#underway.set(id, ending);
    void answerStream(this.#streams(asked.environment), asked, ending.signal).then((answer) => {
      this.#underway.delete(id);
      if (!ending.signal.aborted) this.#send({ kind: 'told', id, answer });
    });
  }

  /** Nobody waits for it any more. */
  forget(id: number): void {
    this.#underway.get(id)?.abort();
  }

  /** The thread is gone. */
  stop(): void {
    for (const ending of this.#underway.values()) ending.abort();
    this.#underway.clear();
  }
}
