import { appendFileSync, mkdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runnerErrors } from '../errors.ts';
import { putWhole, readDeploy, readIfThere } from '../execute/folder.ts';
import type { JobHost, JobState } from '../job/job.ts';
import { SshFailure, type SshPlace, type Session, openSession } from '../ssh/connection.ts';
import type { FarKnown, FarSaid, FarStart } from './said.ts';

/** ms in which a machine is asked again before a deploy is given up. */
const usualPatience = 300_000;
/** ms before it is asked again. */
const again = 1_000;
/** ms for an answer to a single question. */
const answerLimit = 120_000;

/**
 * Runs deploys on a machine behind ssh, and keeps their folders here as they are there: progress,
 * logs, end; what is put into a folder here (`cancel`, `bad`) is put there. So who follows a deploy
 * reads and writes the same files wherever it runs. Throws TERR_RUNNER_AWAY when the machine could
 * not be reached for so long that it is not known what became of it, TERR_RUNNER_SSH when it does
 * not let us in, and what is thrown there.
 */
export function mirroredHost(place: SshPlace): JobHost {
  const patience = place.options?.patience ?? usualPatience;
  const watches = new Map<string, Watch>();
  return {
    start: async (run, order) => {
      mkdirSync(run, { recursive: true, mode: 0o700 });
      const said: FarStart = {
        order: readDeploy(dirname(run)).order,
        run: basename(run),
        recover: order.argv.includes('--recover'),
      };
      const args = ['start', basename(dirname(run))];
      await patiently(patience, async () => ask(place, args, JSON.stringify(said)));
    },
    stateOf: async (run) => {
      const watch = watches.get(run) ?? new Watch(place, run, patience);
      watches.set(run, watch);
      try {
        const state = await watch.state();
        if (state.state !== 'running') watches.delete(run);
        return state;
      } catch (error) {
        watches.delete(run);
        throw error;
      }
    },
    cancel: async (run) => {
      watches.get(run)?.leave();
      watches.delete(run);
      const args = ['cancel', basename(dirname(run)), basename(run)];
      const said = await patiently(patience, async () => ask(place, args, ''));
      return said.job === 'cancelled' ? said.left : [];
    },
    follow: () => {
      throw runnerErrors('JOB', 'the log of a deploy is followed in its folder');
    },
  };
}

/** Again and again while it may help: a start that was begun may be under way there. */
async function patiently<T>(patience: number, question: () => Promise<T>): Promise<T> {
  const until = performance.now() + patience;
  for (let tries = 0; ; tries++) {
    try {
      return await question(); // oxlint-disable-line no-await-in-loop -- one try after the other
    } catch (error) {
      if (!(error instanceof SshFailure)) throw error;
      if (!error.passing && tries === 0) throw runnerErrors('SSH', error.message, { cause: error });
      if (performance.now() > until) throw away(error);
      await pause(again); // oxlint-disable-line no-await-in-loop -- as above
    }
  }
}

const away = (error: SshFailure): Error =>
  runnerErrors('AWAY', `${error.message}; what became of the deploy there is not known`, {
    cause: error,
  });

/** What was thrown there is thrown here. */
function rethrow(said: FarSaid): void {
  if (said.job !== 'error') return;
  const name = said.code.replace('TERR_RUNNER_', '');
  throw runnerErrors(name === 'ORDER' || name === 'TAKEN' ? name : 'JOB', said.message);
}

async function ask(place: SshPlace, args: readonly string[], input: string): Promise<FarSaid> {
  const session = openSession<FarSaid>(place, args, input);
  const timer = setTimeout(() => session.leave(), place.options?.answerTimeout ?? answerLimit);
  let found: FarSaid | undefined;
  try {
    for await (const said of session.answers) {
      rethrow(said);
      found = said;
    }
  } catch (error) {
    if (found === undefined || !(error instanceof SshFailure)) throw error;
  } finally {
    clearTimeout(timer);
  }
  if (found) return found;
  throw new SshFailure(`${place.target} ended without an answer`, true);
}

/** One run of a deploy there, as it is told; while nothing is told it stands as it did. */
class Watch {
  readonly #place: SshPlace;
  readonly #run: string;
  readonly #patience: number;
  readonly #put = new Set<'cancel' | 'bad'>();
  #session: Session<FarSaid> | undefined;
  #state: JobState | undefined;
  #failure: Error | undefined;
  /** performance.now() of the last sign of life. */
  #heard = performance.now();
  #notBefore = 0;
  #change: () => void = () => undefined;

  constructor(place: SshPlace, run: string, patience: number) {
    this.#place = place;
    this.#run = run;
    this.#patience = patience;
  }

  /** How it stood when it was last told; waits for the first word. */
  async state(): Promise<JobState> {
    this.#open();
    this.#putAll();
    while (this.#state === undefined && this.#failure === undefined) {
      const changed = new Promise<void>((resolve) => (this.#change = resolve));
      await Promise.race([changed, pause(again)]); // oxlint-disable-line no-await-in-loop -- until there is a word
      this.#open();
    }
    if (this.#failure) {
      this.leave();
      throw this.#failure;
    }
    return this.#state ?? { state: 'lost' };
  }

  leave(): void {
    this.#session?.leave();
  }

  #open(): void {
    if (this.#session || performance.now() < this.#notBefore) return;
    const folder = dirname(this.#run);
    const args = ['watch', basename(folder), basename(this.#run)];
    const session = openSession<FarSaid>(this.#place, args, undefined);
    this.#session = session;
    this.#put.clear();
    const known: FarKnown = {
      progress: sizeOf(join(folder, 'progress.ndjson')),
      log: sizeOf(join(this.#run, 'log')),
    };
    session.write(`${JSON.stringify(known)}\n`);
    void this.#listen(session);
  }

  async #listen(session: Session<FarSaid>): Promise<void> {
    try {
      for await (const said of session.answers) this.#take(said);
      if (this.#state?.state === 'running' || this.#state === undefined)
        throw new SshFailure(`${this.#place.target} ended without an answer`, true);
    } catch (error) {
      const passing = error instanceof SshFailure && error.passing;
      const isLate = performance.now() - this.#heard > this.#patience;
      if (!passing) this.#failure = error instanceof SshFailure ? away(error) : (error as Error);
      else if (isLate) this.#failure = away(error);
    } finally {
      this.#session = undefined;
      this.#notBefore = performance.now() + again;
      this.#change();
    }
  }

  #take(said: FarSaid): void {
    rethrow(said);
    this.#heard = performance.now();
    const folder = dirname(this.#run);
    if (said.job === 'bytes') {
      const path = said.file === 'log' ? join(this.#run, 'log') : join(folder, 'progress.ndjson');
      // What came twice, as after a connection that broke, is here already.
      const bytes = Buffer.from(said.base64, 'base64').subarray(
        Math.max(0, sizeOf(path) - said.offset),
      );
      appendFileSync(path, bytes, { mode: 0o600 });
    }
    if (said.job !== 'stands') return;
    if (said.end !== null && readIfThere(folder, 'end.json') === undefined)
      putWhole(folder, 'end.json', said.end);
    this.#state = said.state;
    this.#change();
  }

  /** What the runner put into the folder here. */
  #putAll(): void {
    for (const file of ['cancel', 'bad'] as const) {
      const text = this.#put.has(file) ? undefined : readIfThere(dirname(this.#run), file);
      if (text === undefined || !this.#session) continue;
      this.#put.add(file);
      this.#session.write(`${JSON.stringify({ put: file, text })}\n`);
    }
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
