import { dirname, join } from 'node:path';
import { Value } from 'typebox/value';
import { BacktestError, BacktestProgress } from '../../server/api/contract-backtest.ts';
import type { BacktestRequest } from '../../server/api/contract-backtest.ts';
import { backtestError, RuleFileProblems } from '../../server/rules/backtest/errors.ts';
import { ProblemAnswer, open } from '../api.ts';
import type { Connection } from '../connection.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { showPart } from '../progress.ts';

interface Asked {
  readonly body: BacktestRequest;
  /** The file that was sent: what the server says of it is said by its path. */
  readonly folder?: string;
}

/**
 * Has a server run a backtest, and answers the result as JSON. Throws RuleFileProblems, ProblemAnswer,
 * TERR_BACKTEST_…, TERR_CLI_….
 */
export async function backtestThere(
  connection: Connection,
  { terminal }: Context,
  { body, folder }: Asked,
): Promise<string> {
  const progress = showPart(terminal);
  try {
    const response = await openStream(connection, body);
    for await (const line of linesOf(response)) {
      const result = resultIn(line);
      if (result !== undefined) return result;
      const told: unknown = JSON.parse(line);
      if (Value.Check(BacktestProgress, told)) progress.at(told.progress, told.events);
      else throw failureIn(told, folder);
    }
    throw cliErrors('ANSWER', 'the server ended before it had a result');
  } catch (error) {
    throw withPaths(error, folder);
  } finally {
    progress.stop();
  }
}

/** Only the beginning has a time limit: a long backtest tells how far it is. */
async function openStream(connection: Connection, json: BacktestRequest): Promise<Response> {
  const tooLate = new AbortController();
  const timer = setTimeout(() => tooLate.abort(), connection.timeoutMs);
  try {
    const signal = AbortSignal.any([tooLate.signal, connection.signal]);
    return await open(connection, { method: 'POST', path: 'api/v1/rules/backtest', json }, signal);
  } catch (cause) {
    if (tooLate.signal.aborted)
      throw cliErrors('TIMEOUT', `no answer within ${connection.timeoutMs} ms`, { cause });
    throw cause;
  } finally {
    clearTimeout(timer);
  }
}

async function* linesOf({ body }: Response): AsyncGenerator<string> {
  if (body === null) return;
  let rest = '';
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

const before = '{"result":';

/** The text of the result itself, so that it is what the server made, byte by byte. */
function resultIn(line: string): string | undefined {
  return line.startsWith(before) ? line.slice(before.length, -1) : undefined;
}

function failureIn(told: unknown, folder: string | undefined): Error {
  const { error } = (told ?? {}) as { readonly error?: unknown }; // checked just below
  if (!Value.Check(BacktestError, error))
    return cliErrors(
      'ANSWER',
      'the answer can not be understood; is the server of another version?',
    );
  if (error.problems.length > 0) return placed(error.problems, folder);
  return backtestError('FAILED', `${error.message} (${error.code})`);
}

const line = /^(.+?):(\d+):(\d+): (.*)$/;

/** What the server says of the files that it was sent. */
function withPaths(error: unknown, folder: string | undefined): unknown {
  if (!(error instanceof ProblemAnswer) || error.problem.code !== 'TERR_BACKTEST_RULES')
    return error;
  const problems: { file: string; line: number; column: number; message: string }[] = [];
  for (const text of (error.problem.detail ?? '').split('\n')) {
    const match = line.exec(text);
    const last = problems.at(-1);
    if (match) {
      const [, file = '', row, column, message = ''] = match;
      problems.push({ file, line: Number(row), column: Number(column), message });
    } else if (last) last.message += `\n${text}`;
  }
  return problems.length === 0 ? error : placed(problems, folder);
}

function placed(
  problems: RuleFileProblems['problems'],
  folder: string | undefined,
): RuleFileProblems {
  const at = (file: string): string => (folder === undefined ? file : join(dirname(folder), file));
  return new RuleFileProblems(problems.map((one) => ({ ...one, file: at(one.file) })));
}
