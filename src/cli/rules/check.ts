import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ownModule } from '../../launch/own-module.ts';
import type { LoadableFile } from '../../server/rules/backtest/messages.ts';
import {
  type FileProblem,
  type RuleFiles,
  compileRules,
} from '../../server/rules/loading/compile.ts';
import type { Loaded } from './load-thread.ts';

/** What is in rule files, and what is wrong with them. */
export interface Checked {
  readonly files: number;
  readonly rules: readonly string[];
  readonly problems: readonly FileProblem[];
}

/** A file that is not loaded after this is stopped, ms. */
const patienceMs = 10_000;

/** Compiles and loads rule files; nothing of them runs. Throws TERR_RULES_COMPILER, TERR_RULES_DIRECTORY. */
export async function checkRules(what: RuleFiles, signal: AbortSignal): Promise<Checked> {
  const outDir = mkdtempSync(join(tmpdir(), 'territory-check-'));
  try {
    const compiled = await compileRules({ ...what, outDir, signal });
    const ready = compiled.flatMap(({ file, module }) =>
      module === undefined ? [] : [{ file, module }],
    );
    const loaded = await loadAll(ready, signal);
    const problems = [
      ...compiled.flatMap((one) => one.problems),
      ...loaded.flatMap(({ problem }) => problem ?? []),
      ...twice(loaded),
    ];
    return {
      files: compiled.length,
      rules: loaded.flatMap(({ rules }) => rules.map(({ name }) => name)),
      problems: [...new Map(problems.map((one) => [JSON.stringify(one), one])).values()],
    };
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

/** In a thread, so that a file with a loop without an end is stopped, and the others are looked at. */
async function loadAll(
  files: readonly LoadableFile[],
  signal: AbortSignal,
): Promise<readonly Loaded[]> {
  const loaded: Loaded[] = [];
  while (loaded.length < files.length) {
    // oxlint-disable-next-line no-await-in-loop -- goes on behind a file that is stuck
    await loadSome(files.slice(loaded.length), loaded, signal);
    const stuck = files[loaded.length];
    if (stuck) loaded.push(tooLong(stuck.file));
  }
  return loaded;
}

function tooLong(file: string): Loaded {
  const message = `it was not loaded after ${patienceMs / 1000} s: is there a loop without an end?`;
  return { file, rules: [], problem: { file, line: 1, column: 1, message } };
}

/** Resolves when all are loaded, or nothing more comes. */
function loadSome(
  files: readonly LoadableFile[],
  loaded: Loaded[],
  signal: AbortSignal,
): Promise<void> {
  const { url, execArgv } = ownModule(import.meta.url, './load-thread.ts');
  const worker = new Worker(url, { execArgv: [...execArgv], workerData: files });
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      void worker
        .terminate()
        .then(() => (signal.aborted ? reject(signal.reason as Error) : resolve()));
    };
    let timer = setTimeout(end, patienceMs);
    signal.addEventListener('abort', end, { once: true });
    worker.on('message', (one: Loaded) => {
      loaded.push(one);
      clearTimeout(timer);
      timer = setTimeout(end, patienceMs);
    });
    worker.once('error', reject);
    worker.once('exit', end);
  });
}

/** Rules of one name in two files: they could not run beside each other. */
function twice(loaded: readonly Loaded[]): readonly FileProblem[] {
  const owners = new Map<string, string>();
  return loaded.flatMap(({ file, rules }) =>
    rules.flatMap(({ name, line }) => {
      const owner = owners.get(name);
      if (owner === undefined) {
        owners.set(name, `${file}:${line}`);
        return [];
      }
      const message = `there is a rule "${name}" already, at ${owner}: give it another name`;
      return [{ file, line, column: 1, message }];
    }),
  );
}
