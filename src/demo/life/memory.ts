import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Landed } from '../repositories/commit.ts';

/** A change on main with the release that was made of it. */
export interface Landing extends Pick<
  Landed,
  'repository' | 'merge' | 'number' | 'title' | 'card' | 'author'
> {
  /** Of the change: `site/02-price-in-results`. */
  readonly id: string;
  readonly version: string;
  /** Taken off main again. */
  readonly reverted: boolean;
}

/** What the developers know of their own work; all else is asked of git and the server. */
export interface Knowledge {
  /** Which of the plan comes next. */
  readonly next: number;
  /** Small changes that were made up so far. */
  readonly small: number;
  /** Runs of the build server so far. */
  readonly runs: number;
  /** The newest last. */
  readonly landings: readonly Landing[];
  /** A release that was tagged, and has not come to the end of its way. */
  readonly underWay: string | null;
}

const nothing: Knowledge = { next: 0, small: 0, runs: 0, landings: [], underWay: null };

/** So many are remembered: older ones are not taken back any more. */
const maxLandings = 50;

/** Knowledge in a file, so that a company that is started again goes on where it was. */
export class Memory {
  readonly #file: string;
  #known: Knowledge;

  constructor(home: string) {
    this.#file = join(home, 'life.json');
    this.#known = existsSync(this.#file)
      ? { ...nothing, ...(JSON.parse(readFileSync(this.#file, 'utf8')) as Partial<Knowledge>) } // our own file
      : nothing;
  }

  get known(): Knowledge {
    return this.#known;
  }

  /** Keeps it with these parts changed. */
  keep(changed: Partial<Knowledge>): void {
    const known = { ...this.#known, ...changed };
    this.#known = { ...known, landings: known.landings.slice(-maxLandings) };
    writeFileSync(`${this.#file}.new`, `${JSON.stringify(this.#known, null, 2)}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }

  /** The number of the next run of the build server. */
  nextRun(): number {
    const runs = this.#known.runs + 1;
    this.keep({ runs });
    return runs;
  }
}
