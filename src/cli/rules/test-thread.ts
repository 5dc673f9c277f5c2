import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { CodedError } from '../../errors/coded-error.ts';
import { ruleError } from '../../rules/errors.ts';
import type { RulePlan } from '../../rules/language/plan.ts';
import { installRuleLoader } from '../../rules/world/load.ts';
import { type NamedTest, collectTests } from '../../rules/world/named-test.ts';
import { loadRuleFile } from '../../server/rules/loading/load.ts';
import { placeInStack } from '../../server/rules/loading/stack-place.ts';
import type { FromTestThread, TestFailure, TestResult, TestThreadStart } from './test-messages.ts';

/** A line of a stack that says nothing about the test. */
const ownFrame = /\btest-thread\.[jt]s\b/;

/** Runs one test file: its script, then the tests that it names. */
class TestThread {
  readonly #port: MessagePort;
  readonly #start: TestThreadStart;
  /** By absolute path: the rules, or what loading them threw. */
  readonly #rules = new Map<string, readonly RulePlan[] | { readonly error: unknown }>();

  constructor(port: MessagePort, start: TestThreadStart) {
    this.#port = port;
    this.#start = start;
  }

  async run(): Promise<void> {
    process.setSourceMapsEnabled(true);
    await this.#loadRules();
    const { test } = this.#start;
    installRuleLoader((path) => this.#rulesOf(path));
    let tests: readonly NamedTest[] = [];
    const script = await this.#timed(undefined, async () => {
      tests = await collectTests(() => import(test.module));
    });
    // A script that only names tests is no test itself, unless it fails.
    if (script.failure !== undefined || tests.length === 0) this.#done(script);
    for (const { name, run } of tests) {
      this.#tell({ kind: 'begins', name });
      // oxlint-disable-next-line no-await-in-loop -- one test after the other
      this.#done(await this.#timed(name, run));
    }
    this.#tell({ kind: 'end' });
    this.#port.close();
  }

  /** Before the test, because `world()` can't wait for an import. */
  async #loadRules(): Promise<void> {
    for (const { module, file } of this.#start.rules)
      try {
        // oxlint-disable-next-line no-await-in-loop -- one at a time: rules are collected by file
        this.#rules.set(resolve(file), await loadRuleFile(module, file));
      } catch (error) {
        this.#rules.set(resolve(file), { error });
      }
  }

  #rulesOf(path: string): readonly RulePlan[] {
    const rules = this.#rules.get(resolve(dirname(this.#start.test.file), path));
    if (rules === undefined)
      throw ruleError(
        'OUTSIDE',
        `world("${path}"): there is no such file beside ${this.#start.test.file}; write its path from there, as plain text`,
      );
    if ('error' in rules) throw rules.error;
    return rules;
  }

  async #timed(name: string | undefined, run: () => void | Promise<void>): Promise<TestResult> {
    const start = performance.now();
    const result = (failure?: TestFailure): TestResult => ({
      ...(name === undefined ? {} : { name }),
      ms: performance.now() - start,
      ...(failure === undefined ? {} : { failure }),
    });
    try {
      await run();
      return result();
    } catch (error) {
      return result(this.#failureOf(error));
    }
  }

  #failureOf(error: unknown): TestFailure {
    if (error instanceof CodedError && error.details.file !== undefined) {
      const { file, line = 1, column = 1 } = error.details;
      return { message: error.message, place: { file, line, column } };
    }
    if (!(error instanceof Error)) return { message: `it threw ${String(error)}` };
    const whole = error.stack ?? '';
    const place = placeInStack(whole, this.#outDir());
    const stack = whole
      .split('\n')
      .filter((line) => !ownFrame.test(line))
      .join('\n');
    return { message: error.message, ...(place ? { place } : {}), stack };
  }

  /** The folder of this compilation, below which the files lie by their whole path. */
  #outDir(): string {
    const { module, file } = this.#start.test;
    const path = fileURLToPath(module);
    const source = resolve(file).replace(/ts$/, 'js');
    return path.endsWith(source) ? path.slice(0, -source.length) : dirname(path);
  }

  #done(result: TestResult): void {
    this.#tell({ kind: 'done', result });
  }

  #tell(message: FromTestThread): void {
    this.#port.postMessage(message);
  }
}

if (parentPort) await new TestThread(parentPort, workerData as TestThreadStart).run();
