import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Finding } from '../../../checks/language/feature.ts';
import type { Vocabulary } from '../../../checks/language/vocabulary.ts';
import { vocabularyWith } from '../../../checks/own/definition.ts';
import type { World } from '../../../checks/run/world.ts';
import { loadOwnSteps } from '../../own-steps/load.ts';

/** What steps there are. */
export interface KnownSteps {
  readonly vocabulary: Vocabulary<World>;
  /** Expressions of those that are of this place. */
  readonly own: ReadonlySet<string>;
  /** Of files of steps that are not used as they are. */
  readonly findings: readonly Finding[];
}

/** Compiled versions that are left lying: places in errors are looked up in them. */
const mostKept = 2;

/** The steps of the files below `steps/`, with all others. Files that are wrong go on as they were. */
export class OwnStepsBook {
  readonly #folder: string;
  readonly #outDir: string;
  #seen = '';
  #known: KnownSteps = { vocabulary: vocabularyWith([]), own: new Set(), findings: [] };
  #isFirst = true;

  /** @param outDir for what is compiled; of this thread alone */
  constructor(folder: string, outDir: string) {
    this.#folder = folder;
    this.#outDir = outDir;
  }

  get known(): KnownSteps {
    return this.#known;
  }

  /** Loads them anew where a file was changed. */
  async look(): Promise<KnownSteps> {
    const directory = join(this.#folder, 'steps');
    const seen = listing(directory);
    if (seen === this.#seen) return this.#known;
    this.#seen = seen;
    const loaded = await this.#load(directory);
    const findings = loaded.findings.map((one) => ({ ...one, file: this.#pathOf(one.file) }));
    if (findings.length > 0) this.#known = { ...this.#known, findings };
    else {
      const own = new Set(loaded.steps.map(({ expression }) => expression));
      this.#known = { vocabulary: vocabularyWith(loaded.steps), own, findings };
    }
    return this.#known;
  }

  async #load(directory: string): Promise<Awaited<ReturnType<typeof loadOwnSteps>>> {
    if (this.#isFirst) rmSync(this.#outDir, { recursive: true, force: true });
    this.#isFirst = false;
    mkdirSync(this.#outDir, { recursive: true, mode: 0o700 });
    try {
      return await loadOwnSteps(directory, this.#outDir);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { steps: [], findings: [{ file: directory, line: 1, column: 1, message }] };
    } finally {
      this.#tidy();
    }
  }

  #tidy(): void {
    const versions = readdirSync(this.#outDir)
      .map((name) => join(this.#outDir, name))
      .toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
    for (const old of versions.slice(mostKept)) rmSync(old, { recursive: true, force: true });
  }

  /** As people know it. */
  #pathOf(file: string): string {
    const below = relative(this.#folder, file);
    return below.startsWith('..') ? file : below;
  }
}

/** All that can change of the files, as one text. */
function listing(directory: string): string {
  try {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => {
        const { mtimeMs, size, ino } = statSync(join(directory, file));
        return `${file} ${mtimeMs} ${size} ${ino}`;
      })
      .toSorted()
      .join('\n');
  } catch {
    return '';
  }
}
