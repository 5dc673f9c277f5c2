import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize, relative } from 'node:path';
import { backtestError, RuleFileProblems } from './errors.ts';
import type { LoadableFile } from './messages.ts';
import { type CompiledFile, type FileProblem, compileRules } from '../loading/compile.ts';

/** Rules whose text was sent. */
export interface WrittenRules {
  readonly source: string;
  /** What the file is called in messages. */
  readonly name?: string;
  /** Texts of what it imports, by path seen from it. */
  readonly beside?: Readonly<Record<string, string>>;
}

/** Rule files by path, or the text of one. */
export type RulesGiven = { readonly files: readonly string[] } | WrittenRules;

/** A private place for the files of one backtest, until it is left. */
export class BacktestFiles {
  readonly #dir = realpathSync(mkdtempSync(join(tmpdir(), 'territory-backtest-')));
  #count = 0;

  /** Compiles rules. Throws RuleFileProblems, TERR_BACKTEST_RULES, TERR_RULES_COMPILER. */
  async compile(given: RulesGiven, signal?: AbortSignal): Promise<readonly LoadableFile[]> {
    const files = 'files' in given ? given.files : [this.#place(given)];
    const compiled = await this.#compiled(files, signal);
    const problems = compiled.flatMap((one) => one.problems).map((one) => this.shown(one));
    if (problems.length > 0) throw new RuleFileProblems(distinct(problems));
    return compiled.flatMap(loadable);
  }

  /** The same, without those files that can't be used: they don't run now either. */
  async compileGood(files: readonly string[], signal?: AbortSignal) {
    return (await this.#compiled(files, signal)).flatMap(loadable);
  }

  /** A problem as who sent the text knows the file. */
  shown<P extends { readonly file: string }>(problem: P): P {
    const within = relative(this.#dir, problem.file);
    if (within.startsWith('..')) return problem;
    return { ...problem, file: within.replace(/^\d+\//, '') };
  }

  leave(): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #compiled(files: readonly string[], signal?: AbortSignal): Promise<readonly CompiledFile[]> {
    if (files.length === 0) return Promise.resolve([]);
    const outDir = join(this.#dir, 'out');
    return compileRules({ files, outDir, ...(signal ? { signal } : {}) });
  }

  #place({ source, name = 'rules.ts', beside = {} }: WrittenRules): string {
    const folder = join(this.#dir, String(++this.#count));
    const put = (path: string, text: string): string => {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, text, { mode: 0o600 });
      return file;
    };
    for (const [path, text] of Object.entries(beside)) put(checkedPath(path), text);
    return put(checkedPath(name), source);
  }
}

function loadable({ file, module }: CompiledFile): readonly LoadableFile[] {
  return module === undefined ? [] : [{ file, module }];
}

/** Below the folder of the backtest, and TypeScript: nothing else is written or run. */
function checkedPath(path: string): string {
  const good = /^(?:[\w.-]{1,100}\/){0,8}[\w.-]{1,100}\.ts$/.test(path);
  if (good && normalize(path) === path && !path.split('/').includes('..')) return path;
  throw backtestError(
    'RULES',
    `${JSON.stringify(path.slice(0, 100))} can't be the name of a file beside a rule file: it must be a .ts file in its folder or below`,
    { field: 'beside' },
  );
}

function distinct(problems: readonly FileProblem[]): readonly FileProblem[] {
  return [...new Map(problems.map((one) => [JSON.stringify(one), one])).values()];
}
