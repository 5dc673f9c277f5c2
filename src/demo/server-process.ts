import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { CompanyProcess, Places, Ports, Processes, TerritoryApi } from './company.ts';
import { demoErrors } from './errors.ts';
import { runnerToken, sendToken, serverConfig } from './territory-files.ts';

/** A room that has just started reads its facts first, and says so with 503. ms. */
const patience = 60_000;

/** The server as it runs for the company. */
export interface ServerProcess {
  readonly api: TerritoryApi;
  /** Signs the first admin in, once; undefined when there is a user already. */
  readonly adminLink: string | undefined;
}

interface ServerWishes {
  readonly processes: Processes;
  readonly places: Places;
  readonly ports: Ports;
  /** Command line of `territory`, without arguments. */
  readonly program: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Starts `territory serve` and makes the tokens of the company, once. */
export async function startServer(wishes: ServerWishes): Promise<ServerProcess> {
  const { processes, places, ports, program, env, signal } = wishes;
  const [command = process.execPath, ...args] = program;
  const server = await processes.start({
    name: 'territory',
    command,
    args: [...args, 'serve', '--config', serverConfig(places)],
    env,
    port: ports.territory,
    restart: true,
    readyWithin: 60_000,
  });
  const url = `http://127.0.0.1:${ports.territory}`;
  const token = readFileSync(join(places.territory, 'admin.token'), 'utf8').trim();
  const ask = asker(url, token, signal);
  const api: TerritoryApi = { url, token, ask, sendTokenFile: sendToken(places) };
  await keepToken(ask, 'newsroom', 'send', sendToken(places));
  await keepToken(ask, 'newsroom-runner', 'runner', runnerToken(places));
  return { api, adminLink: await linkOf(server, signal) };
}

/** It prints where it is, and then the link, a moment after it answers. */
async function linkOf(server: CompanyProcess, signal: AbortSignal): Promise<string | undefined> {
  const deadline = performance.now() + 5_000;
  while (!server.said().includes('Territory is at') && performance.now() < deadline)
    await pause(20, undefined, { signal });
  await pause(100, undefined, { signal });
  return /\S+\/sign-in#token=\S+/.exec(server.said())?.[0];
}

/** Asks the API with a token; what is not ready yet is asked again. */
export function asker(url: string, token: string, signal: AbortSignal): TerritoryApi['ask'] {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const deadline = performance.now() + patience;
    for (;;) {
      const answer = await fetch(`${url}${path}`, {
        method,
        signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (answer.ok) return (text === '' ? undefined : JSON.parse(text)) as T; // the caller knows the contract
      if (answer.status !== 503 || performance.now() > deadline)
        throw new Error(`${method} ${path} was answered ${answer.status}: ${text.slice(0, 500)}`);
      await pause(500, undefined, { signal });
    }
  };
}

/** A token of that right in a file only its owner reads; made when the file is not there. */
async function keepToken(
  ask: TerritoryApi['ask'],
  name: string,
  may: 'send' | 'runner',
  file: string,
): Promise<void> {
  if (existsSync(file)) return;
  // A start that was cut off may have made one of this name whose secret nobody has.
  const unique = `${name}-${Date.now().toString(36)}`;
  const made = await ask<{ secret?: string }>('POST', '/api/v1/tokens', {
    name: unique,
    scope: { may },
  });
  if (made.secret === undefined) throw demoErrors('START', 'the server gave no secret of a token');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, made.secret, { mode: 0o600 });
}
