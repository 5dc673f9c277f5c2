import { statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { lineOf } from '../../server/rules/backtest/errors.ts';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';
import { parseDuration } from '../duration.ts';
import { cliErrors } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { shownPath } from '../rules/backtest-here.ts';
import { Changes } from '../rules/changes.ts';
import { junitXml } from '../rules/junit.ts';
import { rulesOf, testFilesIn } from '../rules/test-files.ts';
import type { TestResult } from '../rules/test-messages.ts';
import { type FileResult, runTests } from '../rules/test-run.ts';
import type { Terminal } from '../terminal.ts';
import { plural, printable } from '../words.ts';
import { keepRunning } from '../keep-running.ts';

interface TestOptions {
  readonly watch?: boolean;
  readonly junit?: string;
  readonly timeout: string;
}

/** Adds `territory rules test`. */
export function addTest(parent: Command, context: Context): void {
  declare(parent, context, {
    usage: 'test [path]',
    summary: 'Run the tests of rules, in a time of their own.',
    description:
      'PATH is a test file, a rule file with a test beside it, or a folder; this folder without it. ' +
      'A test of rules.ts is a script rules.test.ts: what it throws is its failure. Ends with 1 when ' +
      'a test fails, with 2 when a file can not be compiled. See ' +
      'docs/guides/backtest-and-test-rules.md.',
    examples: [
      ['territory rules test', 'all below this folder'],
      ['territory rules test checkout.ts --watch', 'again at each save'],
      ['territory rules test rules --junit results.xml', 'for CI'],
    ],
  })
    .option('-w, --watch', 'run again whenever a file is saved, until Ctrl-C')
    .option('--junit <FILE>', 'write the results to FILE as JUnit XML')
    .option('--timeout <DURATION>', 'stop a test file that is not done by then', '10s')
    .action(async (path: string | undefined, options: TestOptions) => {
      const timeoutMs = parseDuration(options.timeout, '--timeout');
      const run = (): Promise<void> => once(path ?? '.', options, timeoutMs, context);
      if (options.watch !== true) return run();
      return keepRunning(new Changes(foldersOf(path ?? '.')), run, context);
    });
}

async function once(
  path: string,
  { junit }: TestOptions,
  timeoutMs: number,
  context: Context,
): Promise<void> {
  const { terminal, signal } = context;
  const results = await runTests({ files: testFilesIn(path), timeoutMs, signal });
  if (junit !== undefined) writeReport(junit, results);
  await terminal.print(results.map((result) => fileView(result, terminal)).join(''));
  const problems = results.flatMap((result) => result.problems);
  const lines = problems.map((one) => lineOf({ ...one, file: shownPath(one.file) }));
  for (const line of new Set(lines)) terminal.say(line);
  await terminal.print(`${summary(results, terminal)}\n`);
  const failed = results.some(({ tests }) => tests.some(({ failure }) => failure !== undefined));
  if (failed) context.finish(exitCodes.failed);
  else context.finish(problems.length > 0 ? exitCodes.badInput : exitCodes.ok);
}

/** Where the tests are, and the rules that they name. */
function foldersOf(path: string): readonly string[] {
  const own = statSync(path).isDirectory() ? path : dirname(path);
  return [own, ...testFilesIn(path).flatMap(rulesOf).map(dirname)];
}

function writeReport(file: string, results: readonly FileResult[]): void {
  try {
    writeFileSync(file, junitXml(results));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw cliErrors('INPUT', `can not write ${file}: ${reason}`, { field: '--junit', cause });
  }
}

function fileView({ file, problems, tests, ms }: FileResult, { style }: Terminal): string {
  const failures = tests.filter(({ failure }) => failure !== undefined);
  const good = failures.length === 0 && problems.length === 0;
  const mark = good ? style('green', '✓') : style('red', '✗');
  const what =
    problems.length > 0 ? 'can not run' : `${plural(tests.length, 'test')}, ${Math.round(ms)} ms`;
  const lines = failures.map((result) => `${failureLine(result, file)}\n`);
  return `${mark} ${printable(shownPath(file))} (${what})\n${lines.join('')}`;
}

/** `FILE:LINE:COLUMN: name: message`, as editors and CI read it. */
function failureLine({ name, failure }: TestResult, file: string): string {
  const { message, place } = failure ?? { message: '', place: undefined };
  const at = place ?? { file, line: 1, column: 1 };
  const text = name === undefined ? message : `${name}: ${message}`;
  return text
    .split('\n')
    .map((line, i) =>
      printable(i === 0 ? lineOf({ ...at, file: shownPath(at.file), message: line }) : line),
    )
    .join('\n');
}

function summary(results: readonly FileResult[], { style }: Terminal): string {
  const tests = results.flatMap((result) => result.tests);
  const failed = tests.filter(({ failure }) => failure !== undefined).length;
  const broken = results.filter(({ problems }) => problems.length > 0).length;
  const parts = [
    `${plural(tests.length - failed, 'test')} passed`,
    ...(failed > 0 ? [style('red', `${failed} failed`)] : []),
    ...(broken > 0 ? [style('red', `${plural(broken, 'file')} can not run`)] : []),
  ];
  return parts.join(', ');
}
