import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { demoErrors } from '../errors.ts';
import type { Person } from './people.ts';

/** How git is run for one of the company's people. */
export interface GitOptions {
  readonly author?: Person;
  /** Of authors and committers, ms since the epoch. */
  readonly at?: number;
  /** Another index than the work tree's. */
  readonly index?: string;
  /** Standard input. */
  readonly input?: string;
}

/** Nothing that whoever starts the demo has configured: no signing, no hooks, no line ends. */
const settings = [
  'core.hooksPath=/dev/null',
  'core.autocrlf=false',
  'core.fsmonitor=false',
  'commit.gpgSign=false',
  'tag.gpgSign=false',
  'gc.auto=0',
].flatMap((setting) => ['-c', setting]);

/** Runs git in `folder` and gives what it says, without the last line end. Throws TERR_DEMO_GIT. */
export async function git(
  folder: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      ['-C', folder, ...settings, ...args],
      { env: environmentOf(options), encoding: 'utf8', maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout.replace(/\n$/, ''));
        else
          reject(
            demoErrors('GIT', `git ${args[0] ?? ''}: ${stderr.trim() || error.message}`, {
              cause: error,
            }),
          );
      },
    );
    // Git that ends before it has read all says why itself.
    child.stdin?.on('error', () => undefined).end(options.input ?? '');
  });
}

function environmentOf({ author, at, index }: GitOptions): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const date = at === undefined ? undefined : `@${Math.floor(at / 1000)} +0000`;
  const who = author ?? { name: 'Newsroom', email: 'office@newsroom.example' };
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: who.name,
    GIT_AUTHOR_EMAIL: who.email,
    GIT_COMMITTER_NAME: who.name,
    GIT_COMMITTER_EMAIL: who.email,
    ...(date === undefined ? {} : { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }),
    ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
  };
}

/** A demo that was killed while git wrote the index leaves its lock, and nobody else's is that old. */
export async function removeOldLock(folder: string, now: number): Promise<void> {
  const lock = join(folder, '.git/index.lock');
  const found = statSync(lock, { throwIfNoEntry: false });
  if (found !== undefined && now - found.mtimeMs > 30_000) await rm(lock, { force: true });
}
