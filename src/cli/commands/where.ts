import type { Command } from 'commander';
import { Value } from 'typebox/value';
import { Where, WhereApp } from '../../server/api/contract-releases.ts';
import { ProblemAnswer, call } from '../api.ts';
import { declare } from '../command.ts';
import {
  type Connection,
  type ConnectionOptions,
  addConnectionOptions,
  connect,
} from '../connection.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { notUnderstood } from '../map/answers.ts';
import { evidenceText, findingsText, historyText, whereText } from '../where-view.ts';

interface Options extends ConnectionOptions {
  readonly env?: string;
  readonly evidence?: boolean;
  readonly json?: boolean;
}

/** Adds `territory where`. */
export function addWhere(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'where [app]',
    summary: 'What runs where, and how far that can be trusted.',
    description:
      'Each application in each environment, with a verdict: verified (fresh evidence bears the told version out), ' +
      'claimed (told, unverified), mixed, contradicted or unknown; by which channels and how old that is: ' +
      'S what instances say, O who listens, D the files, F the front, M the schema, C the configuration, ' +
      'B the balancer. Below it what is wrong beside the versions. ' +
      'Ends with 4 when an application is asked for and something of it is unknown or contradicted.',
    examples: [
      ['territory where', 'everything'],
      ['territory where shop --env production --evidence', 'why it is said so'],
      [
        "territory where shop --json | jq -r '.lanes[] | [.environment, .version, .verdict] | @tsv'",
        'for scripts',
      ],
    ],
  });
  command
    .option('--env <ENVIRONMENT>', 'only this environment')
    .option('--evidence', 'the facts behind each verdict, and channel by channel what was seen')
    .option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(async (app: string | undefined, options: Options) => {
    const { terminal, finish, now } = context;
    const where = await ask(connect(options, context), app, options.env);
    if (app !== undefined && isDoubtful(where)) finish(exitCodes.notAllowed);
    if (options.json === true) return terminal.print(`${JSON.stringify(where)}\n`);
    const history = 'history' in where ? `\n${historyText(where, terminal)}` : '';
    const evidence = options.evidence === true ? `\n${evidenceText(where, now())}` : '';
    await terminal.print(
      whereText(where, terminal, now()) + findingsText(where, terminal, now()) + evidence + history,
    );
  });
}

/** Nothing is known of it, or what is known does not hold. */
const isDoubtful = ({ lanes }: Where): boolean =>
  lanes.length === 0 ||
  lanes.some(({ verdict }) => verdict === 'unknown' || verdict === 'contradicted');

async function ask(
  connection: Connection,
  app: string | undefined,
  environment: string | undefined,
): Promise<Where | WhereApp> {
  const query =
    environment === undefined ? '' : `?${new URLSearchParams({ environment }).toString()}`;
  const base = 'api/v1/releases/where';
  if (app === undefined)
    return read(Where, await call(connection, { method: 'GET', path: base + query }));
  try {
    const path = `${base}/${encodeURIComponent(app)}`;
    return only(read(WhereApp, await call(connection, { method: 'GET', path })), environment);
  } catch (error) {
    // Unknown is an answer here, and has an exit code of its own.
    if (!(error instanceof ProblemAnswer) || error.problem.status !== 404) throw error;
    return { time: Date.now(), environments: [], lanes: [] };
  }
}

function read<T extends typeof Where | typeof WhereApp>(shape: T, answer: unknown) {
  if (!Value.Check(shape, answer)) throw notUnderstood();
  return answer;
}

function only(where: WhereApp, environment: string | undefined): WhereApp {
  if (environment === undefined) return where;
  const here = (one: { readonly environment: string }): boolean => one.environment === environment;
  return {
    ...where,
    environments: where.environments.filter((name) => name === environment),
    lanes: where.lanes.filter(here),
    history: where.history.filter(here),
  };
}
