import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { End, Order } from '../../server/api/contract-deploys.ts';
import { runnerErrors } from '../errors.ts';

/**
 * The folder of one deploy, `<home>/jobs/<id>`: what the runner orders, what the job writes down, and
 * what the runner tells it. The job's own process has a folder in it (`run-1`, for each recovery
 * another). docs/formats/runner-yaml.md describes each file.
 */
export type DeployFile =
  /** What is to be done, by the runner. */
  | 'deploy.json'
  /** What was done, line by line, before and after. */
  | 'journal.ndjson'
  /** Stages and smoke results, line by line. */
  | 'progress.ndjson'
  /** How it ended. */
  | 'end.json'
  /** Why it is to be cancelled, by the runner. */
  | 'cancel'
  /** What went wrong in the environment while it is watched, by the runner. */
  | 'bad'
  /** The runner has told the server how it ended, or may not tell it any more. */
  | 'told';

/** `deploy.json`: no secret stands in it. */
export interface WrittenDeploy {
  readonly format: 'territory.deploy/1';
  readonly order: Order;
  /** Path of runner.yaml, which is read again. */
  readonly config: string;
}

/** `end.json`, without the token. */
export type Ending = Omit<End, 'token'>;

/** The jobs of a deploy, `run-1` and one more for each recovery, the first first. */
export function runsOf(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^run-\d+$/.test(name))
    .toSorted((a, b) => Number(a.slice(4)) - Number(b.slice(4)))
    .map((name) => join(folder, name));
}

/** The name of the n-th of them, from 1. */
export const runNamed = (folder: string, n: number): string => join(folder, `run-${n}`);

/** Throws TERR_RUNNER_ORDER. */
export function readDeploy(folder: string): WrittenDeploy {
  const text = readIfThere(folder, 'deploy.json');
  const written = text === undefined ? undefined : parsed<WrittenDeploy>(text);
  if (written?.format === 'territory.deploy/1') return written;
  throw runnerErrors('ORDER', `${folder} has no deploy.json that can be read`);
}

/** How it ended; undefined while it has not. */
export function readEnding(folder: string): Ending | undefined {
  const text = readIfThere(folder, 'end.json');
  return text === undefined ? undefined : parsed<Ending>(text);
}

/** The text of a file; undefined when it is not there. */
export function readIfThere(folder: string, file: DeployFile): string | undefined {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a file that nobody sees half of, durably. */
export function putWhole(folder: string, file: DeployFile, text: string): void {
  const path = join(folder, file);
  const draft = `${path}.${process.pid}`;
  const handle = openSync(draft, 'w', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, path);
  const parent = openSync(folder, 'r');
  try {
    fsyncSync(parent);
  } finally {
    closeSync(parent);
  }
}

export const putJson = (folder: string, file: DeployFile, value: object): void =>
  putWhole(folder, file, `${JSON.stringify(value, undefined, 2)}\n`);

function parsed<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T; // written by this module alone
  } catch {
    return undefined;
  }
}
