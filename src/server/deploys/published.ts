import { setImmediate } from 'node:timers/promises';
import { decodeLine } from '../../event/codec.ts';
import { linesWith } from '../../event/lines-with.ts';
import type { Log } from '../../log/log.ts';

/** A version that is in the store now. */
export interface Published {
  readonly app: string;
  readonly version: string;
}

const needles = [Buffer.from('dev.cdevents.artifact.')];

interface FollowerOptions {
  readonly log: Log;
  /** Told of each version that a fact says was packaged or published, one after the other. */
  readonly onPublished: (published: Published) => Promise<void>;
  readonly onProblem: (error: unknown) => void;
}

/**
 * Follows the facts about artefacts from a moment on. That of before the server was stopped is not
 * told again: who is asked for it decides by what is known of it.
 */
export class PublishedFollower {
  readonly #options: FollowerOptions;
  readonly #ending = new AbortController();
  #following: Promise<void> = Promise.resolve();

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** From this offset of the facts on. */
  start(from: number): void {
    this.#following = this.#follow(from);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#following;
  }

  async #follow(from: number): Promise<void> {
    const { log, onProblem } = this.#options;
    const { signal } = this.#ending;
    const options = { signal, follow: true, skipCorrupt: true };
    try {
      for await (const batch of log.read('facts', from, options)) {
        for (const { line, offset } of linesWith(batch, needles)) {
          const { received, source } = batch;
          await this.#tell(line, { stream: 'facts', offset, received, source });
        }
        await setImmediate();
      }
    } catch (error) {
      onProblem(error);
    }
  }

  async #tell(line: Uint8Array, place: Parameters<typeof decodeLine>[1]): Promise<void> {
    try {
      const { service: app, attributes } = decodeLine(line, place);
      const version = attributes?.['service.version'];
      if (app !== undefined && version !== undefined)
        await this.#options.onPublished({ app, version });
    } catch (error) {
      this.#options.onProblem(error);
    }
  }
}
