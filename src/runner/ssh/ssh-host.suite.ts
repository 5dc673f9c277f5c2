import { setTimeout as delay } from 'node:timers/promises';
import { runnerErrors } from '../errors.ts';
import type { Answer } from '../job/command.ts';
import type { JobHost, LogPiece } from '../job/job.ts';
import { SshFailure, type SshPlace, openSession, sshArguments } from './connection.ts';

/** ms before a connection is tried again: doubled until the longest. */
const firstWait = 500;
const longestWait = 10_000;
/** ms in which a log is followed although its machine says nothing. */
const usualPatience = 300_000;

/**
 * Jobs on a machine behind ssh, as people reach them by `territory runner job` there. A connection
 * that drops ends nothing: the log is followed on from its offset. Throws TERR_RUNNER_SSH, and
 * TERR_RUNNER_JOB as it is told there.
 */
export function sshHost(place: SshPlace): JobHost {
  sshArguments(place, []);
  return {
    start: async (folder, order) => {
      await ask(place, ['start', folder], JSON.stringify(order), 'started');
    },
    stateOf: async (folder) => (await ask(place, ['state', folder], '', 'state')).state,
    cancel: async (folder) => (await ask(place, ['cancel', folder], '', 'cancelled')).left,
    follow: (folder, from, signal) => follow(place, { folder, from, signal }),
  };
}

type Named<Job extends Answer['job']> = Extract<Answer, { readonly job: Job }>;

async function ask<Job extends Answer['job']>(
  place: SshPlace,
  args: readonly string[],
  input: string,
  job: Job,
): Promise<Named<Job>> {
  const session = openSession(place, args, input);
  const limit = place.options?.answerTimeout ?? 120_000;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    session.leave();
  }, limit);
  let found: Named<Job> | undefined;
  try {
    for await (const answer of session.answers) {
      rethrow(answer);
      // Narrowed by its name, which the compiler does not follow through a parameter.
      if (answer.job === job) found = answer as Named<Job>;
    }
  } catch (error) {
    if (found === undefined && !late) throw coded(error);
  } finally {
    clearTimeout(timer);
  }
  if (found !== undefined) return found;
  throw runnerErrors(
    'SSH',
    late
      ? `${place.target} did not answer within ${limit / 1000} s`
      : `${place.target} ended without an answer; is the territory there as new as here?`,
  );
}

async function* follow(place: SshPlace, following: Following): AsyncGenerator<LogPiece> {
  const { folder, signal } = following;
  const patience = new Patience(place.options?.patience ?? usualPatience);
  let from = following.from;
  while (!signal.aborted) {
    for await (const answer of stretch(place, { folder, from, signal })) {
      if (answer instanceof Error) {
        await patience.wait(answer, signal);
        break;
      }
      patience.heard();
      if (answer.job === 'end') return;
      if (answer.job === 'piece') from = answer.next;
      yield* answer.job === 'piece' ? [pieceOf(answer)] : [];
    }
  }
}

interface Following {
  readonly folder: string;
  readonly from: number;
  readonly signal: AbortSignal;
}

/** As much of a log as one connection brings, and why it ended if not with the end. */
async function* stretch(
  place: SshPlace,
  { folder, from, signal }: Following,
): AsyncGenerator<Answer | SshFailure> {
  const session = openSession(place, ['follow', folder, String(from)], undefined);
  const leave = (): void => session.leave();
  signal.addEventListener('abort', leave, { once: true });
  try {
    for await (const answer of session.answers) {
      rethrow(answer);
      yield answer;
    }
    yield new SshFailure(`${place.target} ended without an answer`, true);
  } catch (error) {
    if (!(error instanceof SshFailure)) throw error;
    yield error;
  } finally {
    signal.removeEventListener('abort', leave);
    session.leave();
  }
}

/** How long a machine is asked again. */
class Patience {
  /** ms. */
  readonly #limit: number;
  #heard = performance.now();
  #wait = firstWait;

  constructor(limit: number) {
    this.#limit = limit;
  }

  heard(): void {
    this.#heard = performance.now();
    this.#wait = firstWait;
  }

  /** Waits before it is asked again, or throws why it is not. */
  async wait(failed: SshFailure, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const over = performance.now() - this.#heard > this.#limit;
    if (over || !failed.passing) throw coded(failed);
    await delay(this.#wait, undefined, { signal }).catch(() => undefined);
    this.#wait = Math.min(longestWait, this.#wait * 2);
  }
}

const pieceOf = ({ offset, text, next }: Named<'piece'>): LogPiece => ({ offset, text, next });

/** What the other side says is as if it had happened here. */
function rethrow(answer: Answer): void {
  if (answer.job !== 'error') return;
  throw runnerErrors(answer.code === 'TERR_RUNNER_JOB' ? 'JOB' : 'SSH', answer.message);
}

const coded = (error: unknown): unknown =>
  error instanceof SshFailure ? runnerErrors('SSH', error.message, { cause: error }) : error;
