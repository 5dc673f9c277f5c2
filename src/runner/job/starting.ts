import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ownModule } from '../../launch/own-module.ts';
import { runnerErrors } from '../errors.ts';
import {
  type Whispered,
  type WrittenOrder,
  orderIn,
  readText,
  syncParent,
  writeWhole,
} from './folder.ts';
import type { JobOrder } from './job.ts';
import { cookieName } from './processes.ts';

/** Bytes of a log unless an order says otherwise, as at Shipit. */
const usualLog = 16 * 1024 * 1024;
const leastLog = 4_096;
/** ms for the minder to come up. */
const patience = 60_000;
/** What of our environment the minder gets; the job's process gets nothing of it. */
const passed = ['PATH', 'HOME', 'TMPDIR'] as const;

/** Starts the job of a folder, or adopts it: see JobHost. */
export async function startJob(folder: string, order: JobOrder): Promise<void> {
  check(order);
  const written = orderIn(folder) ?? claimOrder(folder, order);
  if (written.id !== order.id)
    throw runnerErrors('JOB', `${folder} holds the job ${written.id}, not ${order.id}`);
  // An order without `pid` is one whose starter was killed. Two that come to it at once start two
  // minders, of which one claims it.
  if (!isTaken(folder)) await launch(folder, written, { env: order.env, secrets: order.secrets });
}

const isTaken = (folder: string): boolean => existsSync(join(folder, 'pid'));

function check(order: JobOrder): void {
  const { id, argv, cwd, limits, env } = order;
  const shown = [id, cwd, ...argv, ...Object.keys(env)];
  if (!(argv[0] ?? '').trim()) throw runnerErrors('JOB', `the job ${id} has no command`);
  if (shown.some((text) => text.includes('\0')))
    throw runnerErrors('JOB', `the job ${id} has a NUL in its arguments`);
  if (!(limits.total > 0 && limits.silence > 0))
    throw runnerErrors('JOB', `the limits of the job ${id} are to be ms above 0`);
  // One of three characters may stand anywhere by chance.
  const told = order.secrets.some((s) =>
    shown.some((text) => text === s || (s.length > 3 && text.includes(s))),
  );
  if (told)
    throw runnerErrors(
      'JOB',
      `a secret stands in the arguments of the job ${id}, where everybody can read it; give it in its environment`,
    );
}

function claimOrder(folder: string, order: JobOrder): WrittenOrder {
  const { id, argv, cwd, env, limits } = order;
  const written: WrittenOrder = {
    format: 'territory.job/1',
    id,
    // Not the id alone: another try of the same job is another job.
    task: `${id}.${randomBytes(8).toString('hex')}`,
    argv,
    cwd,
    env: Object.keys(env).toSorted(),
    limits: {
      total: limits.total,
      silence: limits.silence,
      log: Math.max(leastLog, limits.log ?? usualLog),
    },
    at: Date.now(),
  };
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    syncParent(folder);
    if (writeWhole(folder, 'order.json', `${JSON.stringify(written, undefined, 2)}\n`, true))
      return written;
  } catch (cause) {
    throw runnerErrors('JOB', `${folder} can not be written: ${(cause as Error).message}`, {
      cause,
    });
  }
  const theirs = orderIn(folder);
  if (theirs === undefined) throw runnerErrors('JOB', `${folder}/order.json can not be read`);
  return theirs;
}

/** Resolves when somebody minds the job. */
async function launch(folder: string, order: WrittenOrder, whispered: Whispered): Promise<void> {
  const { url, execArgv } = ownModule(import.meta.url, './minder.ts');
  const trouble = openSync(join(folder, 'trouble'), 'a', 0o600);
  const own = passed.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const minder = spawn(process.execPath, [...execArgv, fileURLToPath(url), resolve(folder)], {
    cwd: '/',
    env: { ...Object.fromEntries(own), [cookieName]: order.task },
    detached: true,
    stdio: ['pipe', 'ignore', trouble],
  });
  closeSync(trouble);
  let over: string | undefined;
  minder.once('error', (error) => (over = error.message));
  minder.once('exit', (code, signal) => (over = `it ended with ${code ?? signal}`));
  // One that lost the claim, or could not start, reads nothing.
  minder.stdin?.on('error', () => undefined);
  minder.stdin?.end(JSON.stringify(whispered));
  const end = performance.now() + patience;
  while (!isTaken(folder)) {
    if (over !== undefined || performance.now() > end) {
      if (isTaken(folder)) break;
      minder.kill('SIGKILL');
      throw notMinded(folder, over ?? `it did nothing for ${patience / 1000} s`);
    }
    await delay(10);
  }
  minder.unref();
}

function notMinded(folder: string, why: string): Error {
  const words = readText(folder, 'trouble')?.trim().slice(-2_000);
  return runnerErrors(
    'JOB',
    `the process that is to mind the job in ${folder} did not start: ${why}${words ? `\n${words}` : ''}`,
  );
}
