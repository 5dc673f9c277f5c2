import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Env, environment, example, placeLibraries, startProgram } from '../program.suite.ts';

/** A module of the example: JavaScript, with types that only its own tsconfig sees. */
export const load = async <T>(file: string): Promise<T> => (await import(join(example, file))) as T;

type Program = 'feeds' | 'importer' | 'queue' | 'encoder' | 'publisher';

/** A program that runs. */
export interface Running {
  readonly pid: number;
  readonly url: string;
  /** Fields of the lines of its log. */
  readonly said: readonly Record<string, unknown>[];
  readonly get: <T>(path: string) => Promise<T>;
  /** Ends it and resolves with its exit code; null when a signal did. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** A prepared machine with the pipeline's programs, in a folder of its own. */
export interface Pipeline {
  readonly store: string;
  readonly start: (program: Program, env?: Env) => Promise<Running>;
  /** Runs one with the environment as given, until it ends by itself. */
  readonly run: (program: Program, args: readonly string[], env: Env) => Promise<Ended>;
  /** Ends everything and removes the folder. */
  readonly close: () => Promise<void>;
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** What the queue tells of all that came in. */
export interface Conservation {
  readonly imported: number;
  readonly waiting: number;
  readonly inProgress: number;
  readonly published: number;
  readonly dead: number;
  readonly cancelled: number;
  readonly lost: number;
  readonly twice: number;
}

export interface Job {
  readonly id: number;
  readonly key: string;
  readonly stage: string;
  readonly item: string;
  readonly state: string;
  readonly worker: string | null;
  readonly token: number;
  readonly attempts: number;
  readonly deaths: number;
  readonly reason: string | null;
}

/** @param common environment of every program */
export function openPipeline(common: Env = {}): Pipeline {
  const home = mkdtempSync(join(tmpdir(), 'newsroom-'));
  const store = join(home, 'production');
  placeLibraries(home);
  const copy = (from: string, to: string): void =>
    cpSync(join(example, from), join(home, to), { recursive: true });
  copy('feeds', 'feeds');
  copy('pipeline', 'pipeline');
  const running = new Set<Running>();
  let feeds = 'http://127.0.0.1:9';
  const folderOf = (program: Program): string =>
    join(home, program === 'feeds' ? 'feeds' : `pipeline/${program}`);
  return {
    store,
    start: async (program, env = {}) => {
      const made = await start(folderOf(program), {
        STORE: program === 'feeds' ? join(home, 'outside') : store,
        FEEDS_URL: feeds,
        ...common,
        ...env,
      });
      if (program === 'feeds') feeds = made.url;
      running.add(made);
      return made;
    },
    run: async (program, args, env) => run(folderOf(program), args, env),
    close: async () => {
      await Promise.all([...running].map(async ({ end }) => end('SIGKILL')));
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function start(cwd: string, env: Env): Promise<Running> {
  const { child, url, said } = await startProgram(cwd, env);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    pid: child.pid ?? 0,
    url,
    said,
    get: async <T>(path: string) => (await (await fetch(`${url}${path}`)).json()) as T,
    end: async (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

async function run(cwd: string, args: readonly string[], env: Env): Promise<Ended> {
  const child = spawn(process.execPath, ['main.js', ...args], {
    cwd,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, err };
}

/** Asks again and again until the answer is as wanted. Throws an Error when it is not in time. */
export async function until<T>(
  ask: () => Promise<T> | T,
  isSo: (answer: T) => boolean,
  withinMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- asked again and again
    const answer = await ask();
    if (isSo(answer)) return answer;
    if (performance.now() > deadline)
      throw new Error(`still ${JSON.stringify(answer)?.slice(0, 2_000)} after ${withinMs} ms`);
    // oxlint-disable-next-line no-await-in-loop -- not at once
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
