import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CompiledFile } from './loading/compile.ts';
import type { FileOutcome, LoadProblem, WorkerFile } from './running/messages.ts';

/** How a rule file stands. */
export interface FileState {
  /** Its name in the directory. */
  readonly file: string;
  readonly state: 'loaded' | 'rejected';
  /** Since when, ms. */
  readonly at: number;
  readonly problem: LoadProblem | undefined;
}

/** The last version of a file that could be used. */
export interface GoodVersion {
  readonly module: string;
  readonly digest: string;
}

/** What is kept over a restart, by file. */
export interface KeptFiles {
  readonly good: Readonly<Record<string, GoodVersion>>;
  /** Problems that were said and are there still. */
  readonly said: Readonly<Record<string, LoadProblem>>;
}

/** What has changed about a file, to be said. */
export type FileNews =
  | { readonly kind: 'loaded'; readonly file: string; readonly digest: string }
  | { readonly kind: 'rejected'; readonly file: string; readonly problem: LoadProblem };

interface Held {
  readonly wanted: WorkerFile;
  state: FileState | undefined;
}

/** The rule files as the compiler and the thread left them. */
export class FileStates {
  readonly #now: () => number;
  /** By file; what a bad file goes on as, also in a new thread and after a restart. */
  readonly #good: Map<string, GoodVersion>;
  readonly #said: Map<string, LoadProblem>;
  /** Versions, by digest, that took the thread with them. */
  readonly #banned = new Map<string, string>();
  #files = new Map<string, Held>();

  constructor(kept: KeptFiles | undefined, now: () => number) {
    this.#now = now;
    this.#said = new Map(Object.entries(kept?.said ?? {}));
    this.#good = new Map(
      Object.entries(kept?.good ?? {}).filter(([, { module }]) =>
        existsSync(fileURLToPath(module)),
      ),
    );
  }

  /** Undefined before the thread has said what became of it. */
  get states(): readonly FileState[] {
    return [...this.#files.values()].flatMap(({ state }) => state ?? []);
  }

  get kept(): KeptFiles {
    return { good: Object.fromEntries(this.#good), said: Object.fromEntries(this.#said) };
  }

  has(file: string): boolean {
    return this.#files.has(file);
  }

  /** For the thread that runs: bad files have no module, and go on as they are. */
  get wanted(): readonly WorkerFile[] {
    return [...this.#files.values()].map(({ wanted }) => this.#unbanned(wanted));
  }

  /** For a thread that has nothing yet. */
  get wantedAnew(): readonly WorkerFile[] {
    return this.wanted.map((one) =>
      one.module === undefined ? { ...one, ...this.#good.get(one.file) } : one,
    );
  }

  /** What the compiler made of all files there are. Answers what is to be said. */
  compiled(files: readonly CompiledFile[]): readonly FileNews[] {
    const news: FileNews[] = [];
    const next = new Map<string, Held>();
    for (const { file: path, module, digest, problems } of files) {
      const file = basename(path);
      const state = this.#files.get(file)?.state;
      const held: Held = { wanted: { file, path, module, digest }, state };
      next.set(file, held);
      const [problem] = problems;
      if (problem) news.push(...this.#reject(held, named(problem, path, file)));
    }
    for (const kept of [this.#good, this.#said])
      for (const file of kept.keys()) if (!next.has(file)) kept.delete(file);
    this.#files = next;
    return news;
  }

  /** What the thread made of them. Answers what is to be said. */
  loaded(outcomes: readonly FileOutcome[]): readonly FileNews[] {
    return outcomes.flatMap(({ file, digest, problem }) => {
      const held = this.#files.get(file);
      // Not of an older version, nor of a good one in the place of the bad one.
      if (!held || digest === undefined || held.wanted.digest !== digest) return [];
      return problem ? this.#reject(held, problem) : this.#accept(held, digest);
    });
  }

  /** A version of a file must not be loaded again. Answers what is to be said. */
  ban(file: string, message: string): readonly FileNews[] {
    const held = this.#files.get(file);
    if (!held) return [];
    if (held.wanted.digest !== undefined) this.#banned.set(held.wanted.digest, message);
    // The version before might be the same, by digest, when it loops only now and then.
    if (this.#good.get(file)?.digest === held.wanted.digest) this.#good.delete(file);
    return this.#reject(held, { file, line: 1, column: 1, message });
  }

  #unbanned(wanted: WorkerFile): WorkerFile {
    const isBanned = wanted.digest !== undefined && this.#banned.has(wanted.digest);
    return isBanned ? { ...wanted, module: undefined } : wanted;
  }

  #accept(held: Held, digest: string): readonly FileNews[] {
    const { file, module } = held.wanted;
    if (module === undefined) return [];
    const before = this.#good.get(file)?.digest;
    // Of the same code the module that was loaded first is the one that runs.
    if (before !== digest) this.#good.set(file, { module, digest });
    const isNews = this.#said.delete(file) || before !== digest;
    if (isNews || !held.state)
      held.state = { file, state: 'loaded', at: this.#now(), problem: undefined };
    return isNews ? [{ kind: 'loaded', file, digest }] : [];
  }

  #reject(held: Held, problem: LoadProblem): readonly FileNews[] {
    const { file } = held.wanted;
    const before = this.#said.get(file);
    if (!held.state || !isSame(held.state.problem, problem))
      held.state = { file, state: 'rejected', at: this.#now(), problem };
    if (isSame(before, problem)) return [];
    this.#said.set(file, problem);
    return [{ kind: 'rejected', file, problem }];
  }
}

function isSame(a: LoadProblem | undefined, b: LoadProblem): boolean {
  return a?.message === b.message && a.line === b.line && a.column === b.column;
}

function named(problem: LoadProblem, path: string, file: string): LoadProblem {
  return problem.file === path ? { ...problem, file } : problem;
}
