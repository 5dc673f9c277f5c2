import type { Static, TSchema } from 'typebox';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { type Deploy, Deploys, GateWord } from '../../server/api/contract-deploys.ts';
import { ProblemAnswer, type Request, call } from '../api.ts';
import { type ConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { gateLines } from './view.ts';

/** What every command about deploys can be given. */
export interface DeployOptions extends ConnectionOptions {
  readonly json?: boolean;
}

export interface Asking {
  readonly options: DeployOptions;
  readonly context: Context;
}

/** Sends a request below `api/v1/deploys`; its answer as the schema has it. Throws as `call`. */
export async function ask<T extends TSchema>(
  schema: T,
  request: Request,
  { options, context }: Asking,
): Promise<Static<T>> {
  const answer = await call(connect(options, context), {
    ...request,
    path: `api/v1/deploys${request.path}`,
  });
  return understood(schema, answer);
}

/** Throws TERR_CLI_ANSWER. */
export function understood<T extends TSchema>(schema: T, answer: unknown): Static<T> {
  if (Value.Check(schema, answer)) return answer;
  throw cliErrors('ANSWER', 'the answer can not be understood; is the server of another version?');
}

const Refused = Type.Object({ deploy: Type.String(), gates: Type.Array(GateWord) });

/**
 * Runs what may be refused by a rule: a refusal is printed with its rule, its reason and what lifts
 * it, and the command ends with 2. Undefined then.
 */
export async function unlessRefused<T>(
  act: () => Promise<T>,
  { options, context }: Asking,
): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ProblemAnswer) || error.problem.code !== 'TERR_DEPLOYS_REFUSED')
      throw error;
    context.finish(exitCodes.badInput);
    const { problem } = error;
    // The problem has more members than every problem has.
    const gates = Value.Check(Refused, problem as unknown)
      ? (problem as unknown as Refusal)
      : undefined;
    if (options.json === true) await context.terminal.print(`${JSON.stringify(problem)}\n`);
    else await context.terminal.print(`${refusalLines(problem.detail, gates).join('\n')}\n`);
    return undefined;
  }
}

type Refusal = Static<typeof Refused>;

function refusalLines(detail: string | undefined, refused: Refusal | undefined): string[] {
  if (!refused) return [`refused: ${detail ?? ''}`];
  return [`deploy ${refused.deploy} is refused`, ...refused.gates.flatMap(gateLines)];
}

/** Where a command ends that waited for a deploy, or showed one. */
export function exitCodeFor({ state }: Pick<Deploy, 'state'>): ExitCode {
  if (state === 'refused') return exitCodes.badInput;
  if (state === 'lost') return exitCodes.notAllowed;
  const bad = state === 'failed' || state === 'rolled-back' || state === 'cancelled';
  return bad ? exitCodes.unreachable : exitCodes.ok;
}

const idLength = 12;

/** The whole id of the deploy that is meant by the start of it. Throws TERR_CLI_USAGE. */
export async function wholeId(start: string, asking: Asking): Promise<string> {
  if (start.length >= idLength || start.length < 4) return start;
  const { deploys } = await ask(Deploys, { method: 'GET', path: '?limit=500' }, asking);
  const found = deploys.filter(({ id }) => id.startsWith(start)).map(({ id }) => id);
  const [one = start, another] = found;
  if (another === undefined) return one;
  throw cliErrors('USAGE', `several deploys begin with "${start}": ${found.join(', ')}`);
}

/** The path of one deploy. */
export const pathOf = (id: string, rest = ''): string => `/${encodeURIComponent(id)}${rest}`;
