import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CodedError } from '../../errors/coded-error.ts';
import { runnerErrors } from '../errors.ts';
import type { JobHost, JobOrder, JobState } from './job.ts';
import { localHost } from './local-host.ts';

/** ms between signs of life while there is nothing to say: who is gone is noticed by writing. */
const pulse = 15_000;

/** One line of what the command answers, as JSON; anything else on its output is not from it. */
export type Answer =
  | { readonly job: 'started' }
  | { readonly job: 'state'; readonly state: JobState }
  | { readonly job: 'piece'; readonly offset: number; readonly text: string; readonly next: number }
  | { readonly job: 'alive' }
  | { readonly job: 'end' }
  | { readonly job: 'cancelled'; readonly left: readonly number[] }
  | { readonly job: 'error'; readonly code: string; readonly message: string };

/** What the command has to do with the process around it. */
export interface Ends {
  readonly input: Readable;
  /** Writes to standard output, and waits while its reader is slow. */
  readonly print: (text: string) => Promise<void>;
  /** Aborts when nobody reads it any more. */
  readonly signal: AbortSignal;
}

/**
 * `territory runner job VERB FOLDER`: what people ask of this machine by ssh.
 * `start` (the order as JSON on the input), `state`, `follow FOLDER OFFSET` (until the input ends),
 * `cancel`. Answers in lines of JSON. Gives the exit code: 0, or 1 with an `error` line.
 */
export async function jobCommand(args: readonly string[], ends: Ends): Promise<number> {
  try {
    await answer(localHost(), args, ends);
    return 0;
  } catch (error) {
    const code = error instanceof CodedError ? error.code : 'TERR_RUNNER_JOB';
    await say(ends, { job: 'error', code, message: (error as Error).message });
    return 1;
  }
}

async function answer(host: JobHost, args: readonly string[], ends: Ends): Promise<void> {
  const [verb = 'nothing', folder = '', offset = '0'] = args;
  if (!folder.startsWith('/'))
    throw runnerErrors('JOB', `the folder of a job is an absolute path, not ${folder}`);
  switch (verb) {
    case 'start':
      await host.start(folder, parseOrder(await text(ends.input)));
      return say(ends, { job: 'started' });
    case 'state':
      return say(ends, { job: 'state', state: await host.stateOf(folder) });
    case 'follow':
      return follow(host.follow.bind(undefined, folder, Number(offset)), ends);
    case 'cancel':
      return say(ends, { job: 'cancelled', left: await host.cancel(folder) });
    default:
      throw runnerErrors('JOB', `a job is asked for start, state, follow or cancel, not ${verb}`);
  }
}

/** It must not quote what it can not read: there are secrets in it. */
function parseOrder(said: string): JobOrder {
  try {
    return JSON.parse(said) as JobOrder;
  } catch {
    throw runnerErrors('JOB', 'the order of the job did not come as a whole');
  }
}

async function follow(
  pieces: (signal: AbortSignal) => ReturnType<JobHost['follow']>,
  ends: Ends,
): Promise<void> {
  const { input, signal } = ends;
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  input.on('end', leave).on('error', leave).resume();
  signal.addEventListener('abort', leave, { once: true });
  const alive = setInterval(() => void say(ends, { job: 'alive' }), pulse);
  try {
    for await (const piece of pieces(gone.signal)) await say(ends, { job: 'piece', ...piece });
    if (!gone.signal.aborted) await say(ends, { job: 'end' });
  } finally {
    clearInterval(alive);
    // Standard input would keep the process.
    input.destroy();
  }
}

const say = ({ print }: Ends, words: Answer): Promise<void> => print(`${JSON.stringify(words)}\n`);
