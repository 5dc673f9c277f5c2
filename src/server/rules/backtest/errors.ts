import { defineErrors } from '../../../errors/coded-error.ts';
import type { FileProblem } from '../loading/compile.ts';

/** Why there is no result of a backtest. See docs/errors.md. */
export const backtestError = defineErrors('BACKTEST', {
  RULES: { status: 400, title: 'The rules of a backtest cannot be used' },
  NONE: { status: 400, title: 'There is no rule to try' },
  RANGE: { status: 400, title: 'The time of a backtest cannot be used' },
  TIME: { status: 400, title: 'A backtest took too long' },
  MEMORY: { status: 400, title: 'A backtest took too much memory' },
  BUSY: { status: 503, title: 'Too many backtests are running' },
  FAILED: { status: 500, title: 'A backtest failed' },
});

/** What is wrong with rule files, all of it, each with its place. */
export class RuleFileProblems extends Error {
  readonly problems: readonly FileProblem[];

  constructor(problems: readonly FileProblem[]) {
    super(problems.map(lineOf).join('\n'));
    this.name = 'RuleFileProblems';
    this.problems = problems;
  }
}

/** `FILE:LINE:COLUMN: message`, as editors and CI read it. */
export function lineOf({ file, line, column, message }: FileProblem): string {
  return `${file}:${line}:${column}: ${message}`;
}
