import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ownModule } from '../../launch/own-module.ts';
import { threadMemory } from '../../launch/thread-memory.ts';
import type { FileProblem } from '../../server/rules/loading/compile.ts';
import { type ReadyTest, readyTests } from './test-files.ts';
import type { FromTestThread, TestResult, TestThreadStart } from './test-messages.ts';

/** What came of one test file. */
export interface FileResult {
  readonly file: string;
  /** Why it could not run at all. */
  readonly problems: readonly FileProblem[];
  readonly tests: readonly TestResult[];
  readonly ms: number;
}

export interface TestRunOptions {
  readonly files: readonly string[];
  /** A file that is not done after this is stopped, ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const memory = 512 * 2 ** 20;
const mostThreads = 4;

/** Runs test files, each in a thread of its own, and answers in their order. */
export async function runTests(options: TestRunOptions): Promise<readonly FileResult[]> {
  const outDir = mkdtempSync(join(tmpdir(), 'territory-test-'));
  try {
    const ready = await readyTests(options.files, outDir, options.signal);
    const results: FileResult[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < ready.length && !options.signal.aborted) {
        const index = next++;
        const test = ready[index];
        // oxlint-disable-next-line no-await-in-loop -- one file after the other in each line
        if (test) results[index] = await runFile(test, options);
      }
    };
    const threads = Math.min(mostThreads, availableParallelism());
    await Promise.all(Array.from({ length: threads }, work));
    options.signal.throwIfAborted();
    return results;
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

async function runFile(
  { file, problems, test, rules }: ReadyTest,
  options: TestRunOptions,
): Promise<FileResult> {
  const start = performance.now();
  const result = (tests: readonly TestResult[], found = problems): FileResult => ({
    file,
    problems: found,
    tests,
    ms: performance.now() - start,
  });
  if (test === undefined || problems.length > 0) return result([]);
  return result(await runThread({ test, rules }, options));
}

/** All tests of a file; the one that was running when it was stopped fails. */
function runThread(
  start: TestThreadStart,
  { timeoutMs, signal }: TestRunOptions,
): Promise<readonly TestResult[]> {
  const { url, execArgv } = ownModule(import.meta.url, './test-thread.ts');
  const worker = new Worker(url, {
    execArgv: [...execArgv],
    workerData: start,
    resourceLimits: threadMemory(memory),
  });
  const tests: TestResult[] = [];
  const begun = performance.now();
  let name: string | undefined;
  return new Promise((resolve) => {
    let ended = false;
    const end = (failure?: string): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      if (failure !== undefined) tests.push(failed(name, failure, performance.now() - begun));
      void worker.terminate().then(() => resolve(tests));
    };
    const stop = (): void => end('it was interrupted');
    const timer = setTimeout(
      () => end(`it was not done after ${timeoutMs / 1000} s and was stopped`),
      timeoutMs,
    );
    signal.addEventListener('abort', stop);
    worker.on('message', (message: FromTestThread) => {
      if (message.kind === 'begins') name = message.name;
      else if (message.kind === 'end') end();
      else {
        tests.push(message.result);
        name = undefined;
      }
    });
    worker.once('error', (error) => end(error instanceof Error ? error.message : String(error)));
    worker.once('exit', () => end('it ended the thread by itself'));
  });
}

function failed(name: string | undefined, message: string, ms: number): TestResult {
  return { ...(name === undefined ? {} : { name }), ms, failure: { message } };
}
