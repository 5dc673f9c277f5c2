import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Context } from './context.ts';
import { parseDuration } from './duration.ts';
import { cliErrors } from './errors.ts';
import { defaultData, defaultUrl } from './defaults.ts';

/** Options of every command that talks to a server. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly timeout?: string;
}

/** A server to talk to. The token is a secret: it is never printed. */
export interface Connection {
  readonly url: URL;
  readonly token: string | undefined;
  /** For one request and its whole answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What of its surroundings a connection needs. */
export type Surrounded = Pick<Context, 'env' | 'signal'> & {
  readonly terminal: Pick<Context['terminal'], 'detail'>;
};

/** Adds the options of a command that talks to a server. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option('--url <URL>', `the server (env TERRITORY_URL; default ${defaultUrl})`)
    .option(
      '--token-file <FILE>',
      'read the token from FILE (default: env TERRITORY_TOKEN, else the admin.token of the data directory, TERRITORY_DATA or ' +
        `${defaultData})`,
    )
    .option('--timeout <DURATION>', 'give up on an answer after this time', '30s');
}

/** Reads where the server is and with which token. Throws TERR_CLI_USAGE, TERR_CLI_TOKEN. */
export function connect(options: ConnectionOptions, context: Surrounded): Connection {
  const text = options.url ?? nonEmpty(context.env['TERRITORY_URL']) ?? defaultUrl;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw cliErrors('USAGE', `"${text}" is no http or https address; give e.g. ${defaultUrl}`, {
      field: options.url === undefined ? 'TERRITORY_URL' : '--url',
    });
  const url = new URL(text.endsWith('/') ? text : `${text}/`);
  context.terminal.detail(`server: ${url.origin}${url.pathname}`);
  return {
    url,
    token: findToken(options, context),
    timeoutMs: parseDuration(options.timeout ?? '30s', '--timeout'),
    signal: context.signal,
  };
}

const nonEmpty = (text: string | undefined): string | undefined =>
  text === undefined || text.trim() === '' ? undefined : text.trim();

function findToken(options: ConnectionOptions, { env, terminal }: Surrounded): string | undefined {
  if (options.tokenFile !== undefined) {
    terminal.detail(`token: from ${options.tokenFile}`);
    return readToken(options.tokenFile);
  }
  const own = nonEmpty(env['TERRITORY_TOKEN']);
  if (own !== undefined) {
    terminal.detail('token: from TERRITORY_TOKEN');
    return own;
  }
  const file = join(nonEmpty(env['TERRITORY_DATA']) ?? defaultData, 'admin.token');
  try {
    const token = nonEmpty(readFileSync(file, 'utf8'));
    terminal.detail(`token: from ${file}`);
    return token;
  } catch (error) {
    terminal.detail(`token: none (TERRITORY_TOKEN is not set; ${reason(error)})`);
    return undefined;
  }
}

function readToken(file: string): string {
  let text: string | undefined;
  try {
    text = nonEmpty(readFileSync(file, 'utf8'));
  } catch (error) {
    throw cliErrors('TOKEN', `can not read the token file: ${reason(error)}`, {
      field: '--token-file',
      cause: error,
    });
  }
  if (text === undefined) throw cliErrors('TOKEN', `${file} is empty`, { field: '--token-file' });
  return text;
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
