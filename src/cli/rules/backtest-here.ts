import { relative } from 'node:path';
import {
  type BacktestJob,
  defaultLimits,
  runBacktest,
} from '../../server/rules/backtest/backtest.ts';
import { RuleFileProblems } from '../../server/rules/backtest/errors.ts';
import type { Context } from '../context.ts';
import { logIn } from '../data-directory.ts';
import { showPart } from '../progress.ts';

/** A day of work: who runs it here can end it. */
const timeLimitMs = 86_400_000;
const memoryLimit = 4 * defaultLimits.memory;

/**
 * Runs a backtest on a data directory, on which a server may be running, and answers the result as
 * JSON. Throws as `runBacktest`, with paths as people write them.
 */
export async function backtestHere(
  { terminal, signal }: Context,
  data: string,
  job: Omit<BacktestJob, 'logDir'>,
): Promise<string> {
  const progress = showPart(terminal);
  try {
    return await runBacktest(
      { ...job, logDir: logIn(data) },
      {
        history: 'history can only be asked of a running server: leave out --data',
        signal,
        limits: { time: timeLimitMs, memory: memoryLimit },
        onProgress: (part, events) => progress.at(part, events),
      },
    );
  } catch (error) {
    throw error instanceof RuleFileProblems ? fromHere(error) : error;
  } finally {
    progress.stop();
  }
}

/** With the paths of files below this folder as seen from it. */
export function fromHere({ problems }: RuleFileProblems): RuleFileProblems {
  return new RuleFileProblems(problems.map((one) => ({ ...one, file: shownPath(one.file) })));
}

export function shownPath(file: string): string {
  const within = relative(process.cwd(), file);
  return file.startsWith('/') && !within.startsWith('..') ? within : file;
}
