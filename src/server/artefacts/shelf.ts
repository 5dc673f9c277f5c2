import type { Release, ReleaseFile } from '../../rooms/releases/artefact/release.ts';
import { releaseOf } from './reading.ts';

/** Releases that are held: each has a line for every file. */
const maxHeld = 8;

/** A release that was read, and its files by their hash. */
export interface Held {
  readonly release: Release;
  readonly blobs: ReadonlyMap<string, ReleaseFile>;
}

/** Holds the releases that were asked for last: who fetches an artefact asks once for each file. */
export class Shelf {
  readonly #store: string;
  readonly #held = new Map<string, Promise<Held>>();

  constructor(store: string) {
    this.#store = store;
  }

  /** What `releaseOf` gives; a release never changes. Throws as it does. */
  async take(app: string, ref: string): Promise<Held> {
    const key = JSON.stringify([app, ref]);
    const held = this.#held.get(key) ?? this.#read(app, ref);
    this.#held.delete(key);
    this.#held.set(key, held);
    const [oldest] = this.#held.keys();
    if (this.#held.size > maxHeld && oldest !== undefined) this.#held.delete(oldest);
    try {
      return await held;
    } catch (error) {
      // What is not there yet may come.
      if (this.#held.get(key) === held) this.#held.delete(key);
      throw error;
    }
  }

  async #read(app: string, ref: string): Promise<Held> {
    const release = await releaseOf(this.#store, app, ref);
    return { release, blobs: new Map(release.files.map((file) => [file.sha256, file])) };
  }
}
