import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { End, Progress } from '../server/api/contract-deploys.ts';
import { type Ending, putJson } from './execute/folder.ts';
import { Progress as ProgressFile } from './execute/progress.ts';
import type { JobHost, JobState } from './job/job.ts';
import { followDeploy } from './lane.ts';
import { Fenced, type RunnerServer, Unheard } from './server.ts';
import { logPiece } from './telling.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'territory-lane-'));
  putJson(folder, 'deploy.json', {
    format: 'territory.deploy/1',
    config: '/none',
    order: {
      id: 'd1',
      token: 7,
      kind: 'deploy',
      app: 'shop',
      environment: 'production',
      version: 'v2',
      digest: 'sha256:2',
      previous: null,
      by: 'ada',
      limits: { total: 600, silence: 180 },
    },
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Jobs that do what a test says as soon as they are started, and how each ends. */
type Script = readonly ((run: string) => JobState)[];

function hostOf(script: Script): JobHost & { readonly argvs: string[][]; cancelled: string[] } {
  const states = new Map<string, JobState>();
  const argvs: string[][] = [];
  const cancelled: string[] = [];
  return {
    argvs,
    cancelled,
    start: async (run, { argv }) => {
      if (states.has(run)) return;
      mkdirSync(run, { recursive: true });
      argvs.push([...argv]);
      states.set(run, script[states.size]?.(run) ?? { state: 'lost' });
      await Promise.resolve();
    },
    stateOf: async (run) => Promise.resolve(states.get(run) ?? { state: 'lost' }),
    follow: () => {
      throw new Error('not followed');
    },
    cancel: async (run) => {
      cancelled.push(run.slice(folder.length + 1));
      return Promise.resolve([]);
    },
  };
}

interface Heard {
  readonly words: Progress[];
  readonly ends: End[];
  log: string;
}

/** A server in memory; `answer` may throw before a word is taken. */
function serverOf(answer: (word: number) => Partial<{ cancel: string }> | Error): {
  readonly server: RunnerServer;
  readonly heard: Heard;
} {
  const heard: Heard = { words: [], ends: [], log: '' };
  let words = 0;
  const server: RunnerServer = {
    lease: async () => Promise.resolve({ order: null }),
    send: async () => Promise.resolve(),
    progress: async (_id, word) => {
      const said = answer(++words);
      if (said instanceof Error) throw said;
      heard.words.push(word);
      if (word.log?.offset === Buffer.byteLength(heard.log)) heard.log += word.log.text;
      const logNext = Buffer.byteLength(heard.log);
      return Promise.resolve({ until: 0, logNext, cancel: said.cancel ?? null, bad: null });
    },
    end: async (_id, end) => {
      heard.ends.push(end);
      return Promise.resolve();
    },
  };
  return { server, heard };
}

const follow = async (host: JobHost, server: RunnerServer): Promise<void> =>
  followDeploy(folder, {
    host: () => host,
    keys: () => undefined,
    server,
    program: ['territory'],
    environment: () => undefined,
    env: {},
    say: () => undefined,
    signal: new AbortController().signal,
    onEnd: () => undefined,
  });

const ended = (code: number): JobState => ({ state: 'ended', code, stopped: undefined });
const says = (run: string, text: string): void => appendFileSync(join(run, 'log'), text);
const ends = (ending: Ending): void => putJson(folder, 'end.json', ending);

test('what a job says and does reaches the server once, also when it was away', async () => {
  const host = hostOf([
    (run) => {
      const progress = new ProgressFile(folder, () => 1000);
      progress.begin('starting');
      progress.begin('fetching');
      progress.close();
      says(run, 'one\nzwölf\n');
      ends({ result: 'succeeded', serves: 'v2' });
      return ended(0);
    },
  ]);
  const { server, heard } = serverOf((word) => (word < 3 ? new Unheard('away') : {}));
  await follow(host, server);
  expect(heard.log).toBe('one\nzwölf\n');
  expect(heard.words.flatMap(({ stages = [] }) => stages.map((s) => [s.stage, s.state]))).toEqual([
    ['starting', 'done'],
    ['fetching', 'running'],
  ]);
  expect(heard.ends).toEqual([{ result: 'succeeded', serves: 'v2', token: 7 }]);
  expect(readFileSync(join(folder, 'told'), 'utf8')).toBe('succeeded\n');
  expect(host.argvs).toEqual([['territory', 'runner', 'execute', folder]]);
});

test('a job that was killed is recovered, with the log of both', async () => {
  const host = hostOf([
    (run) => (says(run, 'half a li'), { state: 'lost' }),
    (run) => {
      says(run, 'put back\n');
      ends({ result: 'failed', reason: 'killed', serves: 'v1' });
      return ended(3);
    },
  ]);
  const { server, heard } = serverOf(() => ({}));
  await follow(host, server);
  expect(heard.log).toBe('half a liput back\n');
  expect(heard.ends).toEqual([{ result: 'failed', reason: 'killed', serves: 'v1', token: 7 }]);
  expect(host.argvs[1]).toEqual(['territory', 'runner', 'execute', folder, '--recover']);
});

test('what kills every recovery, too, ends as lost', async () => {
  const host = hostOf([]);
  const { server, heard } = serverOf(() => ({}));
  await follow(host, server);
  expect(host.argvs).toHaveLength(6);
  expect(heard.ends).toMatchObject([{ result: 'lost' }]);
});

test('a runner whose lease is over ends its job and says nothing more', async () => {
  const host = hostOf([() => ({ state: 'running', pid: 1 })]);
  const { server, heard } = serverOf((word) => (word > 1 ? new Fenced('another has it') : {}));
  await follow(host, server);
  expect(host.cancelled).toEqual(['run-1']);
  expect(heard.ends).toEqual([]);
  expect(readFileSync(join(folder, 'told'), 'utf8')).toBe('fenced\n');
});

test('a cancel is passed on to the job, which ends by itself', async () => {
  let state: JobState = { state: 'running', pid: 1 };
  const host = hostOf([() => state]);
  const { server, heard } = serverOf(() => ({ cancel: 'ben: wrong one' }));
  const stateOf: JobHost['stateOf'] = async () => {
    if (existsSync(join(folder, 'cancel'))) {
      ends({ result: 'cancelled', reason: readFileSync(join(folder, 'cancel'), 'utf8').trim() });
      state = ended(3);
    }
    return Promise.resolve(state);
  };
  await follow({ ...host, stateOf }, server);
  expect(host.cancelled).toEqual([]);
  expect(heard.ends).toEqual([{ result: 'cancelled', reason: 'ben: wrong one', token: 7 }]);
});

test('pieces of a log are whole lines while more may come', () => {
  const run = join(folder, 'run-1');
  mkdirSync(run);
  says(run, 'one\ntw');
  expect(logPiece(folder, 0, false)).toBe('one\n');
  expect(logPiece(folder, 4, false)).toBeUndefined();
  expect(logPiece(folder, 4, true)).toBe('tw');
  expect(logPiece(folder, 6, true)).toBeUndefined();
  expect(logPiece(folder, 99, true)).toBeUndefined();
});
