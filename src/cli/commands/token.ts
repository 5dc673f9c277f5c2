import { type Command, Option } from 'commander';
import { Value } from 'typebox/value';
import {
  IssuedToken,
  type NewToken,
  type Token,
  TokenScope,
  Tokens,
} from '../../server/api/contract.ts';
import { call } from '../api.ts';
import { collect, declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { parseDuration, parseTime } from '../duration.ts';
import { cliErrors } from '../errors.ts';
import { textTable } from '../text-table.ts';
import { printable, showTime } from '../words.ts';

interface CreateOptions extends ConnectionOptions {
  readonly may: NewToken['scope']['may'];
  readonly source?: string[];
  readonly type?: string[];
  readonly environment?: string[];
  readonly expires?: string;
  readonly json?: boolean;
}

type ListOptions = ConnectionOptions & { readonly json?: boolean };

/** Adds `territory token create|list|revoke`. */
export function addToken(program: Command, context: Context): void {
  const parent = program
    .command('token')
    .summary('Issue and revoke tokens.')
    .description('Issue and revoke the tokens that producers, scripts and people act with.');
  addCreate(parent, context);
  addList(parent, context);
  addRevoke(parent, context);
}

function addCreate(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'create <name>',
    summary: 'Issue a token; its secret is printed once, alone on stdout.',
    examples: [
      [
        'territory token create ci --may send --source "https://ci.example.org/*"',
        'for a producer',
      ],
      [
        'territory token create web-1 --may runner --environment production',
        'for the runner of one environment',
      ],
      ['territory token create dashboard --may read --expires 90d', 'for a script that asks'],
      ['TERRITORY_TOKEN=$(territory token create me --may member)', 'into a variable'],
    ],
  });
  command
    .addOption(
      new Option('--may <RIGHT>', 'what it may do')
        .choices(TokenScope.properties.may.enum)
        .default('send'),
    )
    .option(
      '--source <URI>',
      'only under this source; * at the end for any (may be repeated)',
      collect,
    )
    .option('--type <TYPE>', 'only this type; * at the end for any (may be repeated)', collect)
    .option(
      '--environment <NAME>',
      'of a runner: only deploys to this environment (may be repeated)',
      collect,
    )
    .option('--expires <WHEN>', 'good until then: RFC 3339, or a duration from now such as 90d')
    .option('--json', 'print the token and its secret as one JSON document');
  addConnectionOptions(command).action(async (name: string, options: CreateOptions) => {
    const json = newToken(name, options, context.now());
    const answer = await call(connect(options, context), {
      method: 'POST',
      path: 'api/v1/tokens',
      json,
    });
    if (!Value.Check(IssuedToken, answer))
      throw cliErrors('ANSWER', 'the answer is no token; look with `territory token list`');
    context.terminal.say(
      `token ${answer.token.id} (${printable(name)}); the secret is not shown again`,
    );
    await context.terminal.print(
      options.json === true ? `${JSON.stringify(answer)}\n` : `${answer.secret}\n`,
    );
  });
}

function newToken(name: string, options: CreateOptions, now: number): NewToken {
  const { may, source, type, environment, expires } = options;
  if (environment !== undefined && may !== 'runner')
    throw cliErrors('USAGE', '--environment is for the token of a runner: --may runner');
  return {
    name,
    scope: {
      may,
      ...(source === undefined ? {} : { sources: source }),
      ...(type === undefined ? {} : { types: type }),
      ...(environment === undefined ? {} : { environments: environment }),
    },
    ...(expires === undefined ? {} : { expires: expiryOf(expires, now) }),
  };
}

function expiryOf(text: string, now: number): number {
  return /^\d+(ms|s|m|h|d|w)$/.test(text)
    ? now + parseDuration(text, '--expires')
    : parseTime(text, '--expires', now);
}

function addList(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'list',
    summary: 'List the tokens, without their secrets.',
    examples: [['territory token list --json | jq ".tokens[].name"', 'their names']],
  });
  command.option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(async (options: ListOptions) => {
    const answer = await call(connect(options, context), { method: 'GET', path: 'api/v1/tokens' });
    if (options.json === true) return context.terminal.print(`${JSON.stringify(answer)}\n`);
    if (!Value.Check(Tokens, answer)) throw cliErrors('ANSWER', 'the answer is no list of tokens');
    const heads = ['id', 'name', 'may', 'only', 'created', 'last used', 'expires'];
    const rows = answer.tokens.map(rowOf);
    await context.terminal.print(
      textTable(
        heads.map((head) => ({ head })),
        rows,
        context.terminal.style,
      ),
    );
  });
}

function rowOf(token: Token): string[] {
  const { scope } = token;
  const { sources = [], types = [], environments = [] } = scope;
  const only = [...sources, ...types, ...environments].join(' ');
  const time = (ms: number | null, never: string): string => (ms === null ? never : showTime(ms));
  return [
    token.id,
    printable(token.name),
    scope.may,
    printable(only) || 'anything',
    showTime(token.created),
    time(token.lastUsed, 'never'),
    time(token.expires, 'never'),
  ];
}

function addRevoke(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'revoke <id-or-name>',
    summary: 'Revoke a token: it is refused from now on.',
    examples: [['territory token revoke ci', 'the one with this name']],
  });
  addConnectionOptions(command).action(async (wanted: string, options: ConnectionOptions) => {
    const connection = connect(options, context);
    const answer = await call(connection, { method: 'GET', path: 'api/v1/tokens' });
    if (!Value.Check(Tokens, answer)) throw cliErrors('ANSWER', 'the answer is no list of tokens');
    const token = answer.tokens.find(({ id, name }) => id === wanted || name === wanted);
    if (token === undefined)
      throw cliErrors('USAGE', `there is no token ${wanted}; \`territory token list\` shows them`);
    const path = `api/v1/tokens/${encodeURIComponent(token.id)}`;
    await call(connection, { method: 'DELETE', path });
    context.terminal.say(`revoked ${printable(token.name)} (${token.id})`);
  });
}
