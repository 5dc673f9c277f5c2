import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import type { Drawing } from '../../../rooms/map/picture/drawing.ts';
import { DrawingAnswer } from '../../api/contract-map-drawing.ts';

/** Drawings that are kept; of more, those used longest ago go. */
const maxFiles = 200;

/** Drawings in files, by their hash. They only save time: what can't be read is laid out again. */
export class DrawingFiles {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Undefined when it is not there, or is not one. */
  async read(hash: string): Promise<Drawing | undefined> {
    const path = this.#pathOf(hash);
    try {
      const drawing: unknown = JSON.parse(await readFile(path, 'utf8'));
      if (!Value.Check(DrawingAnswer, drawing) || drawing.hash !== hash) return undefined;
      const now = new Date();
      await utimes(path, now, now).catch(() => undefined);
      return drawing as Drawing; // the contract's type has the same shape
    } catch {
      return undefined;
    }
  }

  async write(drawing: Drawing): Promise<void> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    const path = this.#pathOf(drawing.hash);
    await writeFile(`${path}.new`, JSON.stringify(drawing));
    await rename(`${path}.new`, path);
    await this.#clear();
  }

  #pathOf(hash: string): string {
    return join(this.#dir, `${hash}.json`);
  }

  async #clear(): Promise<void> {
    const names = await readdir(this.#dir);
    if (names.length <= maxFiles) return;
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#dir, name);
        return { path, used: (await stat(path)).mtimeMs };
      }),
    );
    const old = files.toSorted((a, b) => a.used - b.used).slice(0, names.length - maxFiles);
    await Promise.all(old.map(({ path }) => rm(path, { force: true })));
  }
}
