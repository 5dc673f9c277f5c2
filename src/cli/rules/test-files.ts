import { existsSync, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { LoadableFile } from '../../server/rules/backtest/messages.ts';
import { type FileProblem, compileRules } from '../../server/rules/loading/compile.ts';
import { cliErrors } from '../errors.ts';

/** A test file, ready to run or not. */
export interface ReadyTest {
  readonly file: string;
  /** What is wrong with it, or with a rule file that it tests; then it can't run. */
  readonly problems: readonly FileProblem[];
  readonly test?: LoadableFile;
  readonly rules: readonly LoadableFile[];
}

/**
 * The test files that are meant: a `.test.ts` file itself, the one beside a rule file, or all below a
 * folder. Throws TERR_CLI_INPUT when there is none.
 */
export function testFilesIn(path: string): readonly string[] {
  if (!existsSync(path)) throw cliErrors('INPUT', `there is no ${path}`, { field: '[path]' });
  const found = statSync(path).isDirectory() ? below(path) : [testOf(path)];
  const files = found.filter((file) => existsSync(file));
  if (files.length > 0) return files;
  throw cliErrors(
    'INPUT',
    `there is no test for ${path}: a test of rules.ts is a file rules.test.ts beside it`,
    { field: '[path]' },
  );
}

const testOf = (file: string): string =>
  file.endsWith('.test.ts') ? file : file.replace(/\.ts$/, '.test.ts');

function below(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && !/(^|\/)(node_modules|\.[^/]+)\//.test(file))
    .map((file) => join(folder, file))
    .toSorted();
}

const worldOf = /\b(?:world|reload)\(\s*["'`]([^"'`$]+)["'`]/g;

/** The rule files that a test names, by their whole path. */
export function rulesOf(test: string): readonly string[] {
  const named = [...readFileSync(test, 'utf8').matchAll(worldOf)].map(([, path = '']) =>
    resolve(dirname(test), path),
  );
  return [...new Set(named)].filter((file) => existsSync(file));
}

/** Compiles tests and the rules that they name, all at once. Throws TERR_RULES_COMPILER. */
export async function readyTests(
  files: readonly string[],
  outDir: string,
  signal: AbortSignal,
): Promise<readonly ReadyTest[]> {
  const rules = new Map(files.map((file) => [file, rulesOf(file)]));
  // A file that is a rule of one test and given as a path otherwise is one file to the compiler.
  const all = new Map(
    [...files, ...[...rules.values()].flat()].map((file) => [realpathSync(file), file]),
  );
  const compiled = await compileRules({ files: [...all.values()], outDir, signal });
  const byPath = new Map(compiled.map((one) => [realpathSync(one.file), one]));
  return files.map((file) => {
    const parts = [file, ...(rules.get(file) ?? [])].map((path) => byPath.get(realpathSync(path)));
    const loadable = parts.map((part): LoadableFile | undefined =>
      part?.module === undefined ? undefined : { file: part.file, module: part.module },
    );
    const [test, ...named] = loadable;
    return {
      file,
      problems: parts.flatMap((part) => part?.problems ?? []),
      ...(test ? { test } : {}),
      rules: named.filter((one) => one !== undefined),
    };
  });
}
