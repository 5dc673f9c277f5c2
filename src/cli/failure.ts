import { CommanderError } from 'commander';
import { CodedError } from '../errors/coded-error.ts';
import { RuleFileProblems, lineOf } from '../server/rules/backtest/errors.ts';
import { ProblemAnswer } from './api.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** What is said about a failure, and the exit code it ends in. */
export interface Failure {
  readonly code: ExitCode;
  /** For people, on stderr. Empty when it was said already. */
  readonly lines: readonly string[];
}

/** The server did not start, and why. */
export class StartRefused extends Error {
  readonly reason: CodedError;

  constructor(reason: CodedError) {
    super(reason.message, { cause: reason });
    this.reason = reason;
  }
}

/** Turns whatever a command threw into words and an exit code. */
export function explain(error: unknown, verbose: boolean): Failure {
  if (error instanceof CommanderError)
    return { code: error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput, lines: [] };
  if (error instanceof StartRefused)
    return { code: exitCodes.startRefused, lines: explainCoded(error.reason, verbose).lines };
  if (error instanceof RuleFileProblems)
    return { code: exitCodes.badInput, lines: error.problems.map(lineOf) };
  if (error instanceof ProblemAnswer) return explainProblem(error);
  if (error instanceof CodedError) return explainCoded(error, verbose);
  const text =
    error instanceof Error ? ((verbose ? error.stack : undefined) ?? error.message) : String(error);
  return { code: exitCodes.failed, lines: [`error: ${text}`] };
}

function explainProblem({ problem }: ProblemAnswer): Failure {
  const lines = [
    `error: ${problem.detail ?? problem.title}${placeOf(problem)}`,
    `       ${problem.code}, HTTP ${problem.status}`,
  ];
  if (problem.status === 401 || problem.status === 403)
    lines.push(
      '       Give a token in TERRITORY_TOKEN or --token-file; `territory token create` issues one.',
    );
  // Nobody knows how it stands, which is no wrong usage.
  const unknown = problem.code === 'TERR_DEPLOYS_UNKNOWN';
  return { code: unknown ? exitCodes.notAllowed : codeOfStatus(problem.status), lines };
}

function explainCoded(error: CodedError, verbose: boolean): Failure {
  const lines = [`error: ${error.message}${placeOf(error.details)}`, `       ${error.code}`];
  if (verbose && error.stack !== undefined) lines.push(error.stack);
  return { code: codeOfCoded(error), lines };
}

function placeOf(at: {
  readonly field?: string;
  readonly line?: number;
  readonly column?: number;
}): string {
  const parts: string[] = [];
  if (at.field !== undefined) parts.push(at.field);
  if (at.line !== undefined) parts.push(`line ${at.line}`);
  if (at.column !== undefined) parts.push(`column ${at.column}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function codeOfCoded(error: CodedError): ExitCode {
  if (error.code === 'TERR_CLI_UNREACHABLE' || error.code === 'TERR_CLI_TIMEOUT')
    return exitCodes.unreachable;
  // 3 is "it failed out there" wherever the command itself was right.
  if (error.code === 'TERR_RELEASE_BUILD') return exitCodes.unreachable;
  return codeOfStatus(error.status);
}

function codeOfStatus(status: number): ExitCode {
  if (status === 401 || status === 403) return exitCodes.notAllowed;
  // 408 and 429 say "later", not "otherwise".
  return status >= 400 && status < 500 && status !== 408 && status !== 429
    ? exitCodes.badInput
    : exitCodes.failed;
}
