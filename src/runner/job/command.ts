import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
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

/** Standard input and output of the command. */
export interface Ends {
  readonly input: Readable;
  readonly output: Writable;
}

/**
 * `territory runner job VERB FOLDER`: what a runner asks of this machine by ssh (see ssh-host.ts).
 * `start` (the order as JSON on the input), `state`, `follow FOLDER OFFSET` (until the input ends),
 * `cancel`. Answers in lines of JSON. Gives the exit code: 0, or 1 with an `error` line.
 */
export async function jobCommand(args: readonly string[], ends: Ends): Promise<number> {
  try {
    await answer(localHost(), args, ends);
    return 0;
  } catch (error) {
    const code = error instanceof CodedError ? error.code : 'TERR_RUNNER_JOB';
    await say(ends.output, { job: 'error', code, message: (error as Error).message });
    return 1;
  }
}

async function answer(
  host: JobHost,
  args: readonly string[],
  { input, output }: Ends,
): Promise<void> {
  const [verb = 'nothing', folder = '', offset = '0'] = args;
  if (!folder.startsWith('/'))
    throw runnerErrors('JOB', `the folder of a job is an absolute path, not ${folder}`);
  switch (verb) {
    case 'start':
      await host.start(folder, parseOrder(await text(input)));
      return say(output, { job: 'started' });
    case 'state':
      return say(output, { job: 'state', state: await host.stateOf(folder) });
    case 'follow':
      return follow(host.follow.bind(undefined, folder, Number(offset)), { input, output });
    case 'cancel':
      return say(output, { job: 'cancelled', left: await host.cancel(folder) });
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
  { input, output }: Ends,
): Promise<void> {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  input.on('end', leave).on('error', leave).resume();
  output.on('error', leave);
  const alive = setInterval(() => output.write('{"job":"alive"}\n'), pulse);
  try {
    for await (const piece of pieces(gone.signal)) await say(output, { job: 'piece', ...piece });
    if (!gone.signal.aborted) await say(output, { job: 'end' });
  } finally {
    clearInterval(alive);
    // Standard input would keep the process.
    input.destroy();
  }
}

async function say(output: Writable, words: Answer): Promise<void> {
  if (output.destroyed || output.write(`${JSON.stringify(words)}\n`)) return;
  await Promise.race([once(output, 'drain'), once(output, 'close')]).catch(() => undefined);
}
