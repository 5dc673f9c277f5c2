import { realpathSync } from 'node:fs';
import { CodedError } from '../../../errors/coded-error.ts';
import type { Heartbeat } from './heartbeat.ts';
import { loadRuleFile, outDirOf } from '../loading/load.ts';
import type { FileOutcome, LoadProblem, WorkerFile } from './messages.ts';
import { chooseVersions, type FileVersion, type Versions } from './versions.ts';

const beatEveryMs = 50;

/** The rule files of the thread: which version of each runs. */
export class FileLoading {
  readonly #heartbeat: Heartbeat;
  /** Folders into which what runs was compiled, for places in it. */
  readonly outDirs = new Set<string>();
  #versions: Versions = new Map();

  constructor(heartbeat: Heartbeat) {
    this.#heartbeat = heartbeat;
  }

  /**
   * Loads what is new of the files, and says what became of each. A file with problems goes on as
   * it was; one that is not named any more is gone.
   */
  async load(
    files: readonly WorkerFile[],
  ): Promise<{ readonly versions: Versions; readonly outcomes: readonly FileOutcome[] }> {
    const current = new Map<string, FileVersion>();
    const loaded = new Map<string, FileVersion>();
    const problems = new Map<string, LoadProblem>();
    for (const [index, file] of files.entries()) {
      const before = this.#versions.get(file.file);
      if (before) current.set(file.file, before);
      if (file.module === undefined || file.digest === before?.digest) continue;
      // oxlint-disable-next-line no-await-in-loop -- what is declared meanwhile belongs to one file
      const one = await this.#loadOne(file, index);
      if ('rules' in one) loaded.set(file.file, one);
      else problems.set(file.file, one);
    }
    const choice = chooseVersions(current, loaded);
    this.#versions = new Map(
      [...choice.versions].toSorted(([a], [b]) => Number(a > b) - Number(a < b)),
    );
    const outcomes = files.map(({ file, digest }) => ({
      file,
      digest,
      problem: problems.get(file) ?? choice.problems.get(file),
    }));
    return { versions: this.#versions, outcomes };
  }

  async #loadOne(
    { file, path, module = '', digest = '' }: WorkerFile,
    index: number,
  ): Promise<FileVersion | LoadProblem> {
    this.#heartbeat.begin({ kind: 'file', index });
    // Whoever waits for something keeps the thread free; only a loop stops this.
    const beating = setInterval(() => this.#heartbeat.beat(), beatEveryMs);
    try {
      const rules = await loadRuleFile(module, path);
      this.outDirs.add(outDirOf(module, realpathSync(path)));
      return { file, digest, rules };
    } catch (error) {
      return problemOf(error, { file, path });
    } finally {
      clearInterval(beating);
      this.#heartbeat.end();
    }
  }
}

function problemOf(
  error: unknown,
  at: { readonly file: string; readonly path: string },
): LoadProblem {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof CodedError)) return { file: at.file, line: 1, column: 1, message };
  const { file = at.path, line = 1, column = 1 } = error.details;
  return { file: file === at.path ? at.file : file, line, column, message };
}
