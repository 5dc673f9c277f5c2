import type { Journal, JournalNote } from '../strategy/strategy.ts';
import { Lines } from './lines.ts';

/** A note, and in which part of the deploy it was made: a rehearsal goes forward twice. */
interface Written extends JournalNote {
  readonly part: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** What a deploy did, part by part. */
export class JournalFile {
  readonly #lines: Lines<Written>;
  readonly #written: Written[];
  readonly #now: () => number;

  constructor(folder: string, now: () => number) {
    this.#lines = new Lines(folder, 'journal.ndjson');
    this.#written = [...this.#lines.read()];
    this.#now = now;
  }

  /** The notes of one part, as its strategy sees them. */
  part(part: string): Journal {
    const written = this.#written;
    return {
      get notes() {
        return written.filter((note) => note.part === part);
      },
      write: async (note) => {
        const line = { part, ...note, at: this.#now() };
        this.#lines.append(line);
        written.push(line);
        await Promise.resolve();
      },
    };
  }

  /** The last note of a step in a part. */
  last(part: string, step: string): JournalNote | undefined {
    return this.#written.findLast((note) => note.part === part && note.step === step);
  }

  close(): void {
    this.#lines.close();
  }
}

/** What is done around strategies has a part of its own. */
export const ownPart = 'deploy';
