import { setTimeout as pause } from 'node:timers/promises';
import { wordsOf } from './execute/deploy.ts';
import {
  type Ending,
  putWhole,
  readDeploy,
  readEnding,
  readIfThere,
  runNamed,
  runsOf,
  type WrittenDeploy,
} from './execute/folder.ts';
import type { Progress } from '../server/api/contract-deploys.ts';
import type { EnvironmentConfig } from './config/config.ts';
import type { JobHost } from './job/job.ts';
import { runOrder } from './run-order.ts';
import { Fenced, type RunnerServer, Unheard } from './server.ts';
import { Backoff } from './backoff.ts';
import { ProgressReader, logPiece } from './telling.ts';

/** ms between two looks at a job, and between two words to the server when there is nothing new. */
const lookEvery = 200;
const beatEvery = 2_000;
/** Recoveries of one deploy; what kills each of them will kill the next. */
const maxRecoveries = 5;

/** What lanes are carried out with. */
export interface LaneParts {
  /** Where the jobs of an environment run. */
  readonly host: (environment: string) => JobHost;
  /**
   * Names of the configuration keys that have a value in an environment of another machine;
   * undefined: it is one of this machine. `away`: nothing can be done there now.
   */
  readonly keys: (environment: string) => readonly string[] | 'away' | undefined;
  readonly server: RunnerServer;
  /** Command line of `territory`, without arguments. */
  readonly program: readonly string[];
  /** Of an environment by name; undefined when it is not in runner.yaml any more. */
  readonly environment: (name: string) => EnvironmentConfig | undefined;
  /** The environment of jobs. */
  readonly env: Readonly<Record<string, string>>;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
  /** A deploy has ended, and the server knows. */
  readonly onEnd: () => void;
}

/**
 * Follows one deploy in its folder to its end, from wherever it is: starts its job or adopts it,
 * passes on what it does, starts a recovery when it was killed, and tells the server how it ended.
 * Rejects only when `signal` aborts; the job goes on then, and the next runner adopts it.
 */
export async function followDeploy(folder: string, parts: LaneParts): Promise<void> {
  await new Lane(folder, parts).follow();
}

/**
 * Brings a deploy to its end that is not ours to tell of any more, so that its lane is in order for
 * the next one.
 */
export async function endQuietly(folder: string, parts: LaneParts): Promise<void> {
  await new Lane(folder, parts).quietly();
}

class Lane {
  readonly #folder: string;
  readonly #parts: LaneParts;
  readonly #written: WrittenDeploy;
  readonly #host: JobHost;
  readonly #progress: ProgressReader;
  readonly #backoff = new Backoff();
  /** Bytes of log that the server has; undefined until it said so. */
  #logNext: number | undefined;
  /** performance.now() of the next word, when there is nothing new, and the first when there is. */
  #nextBeat = 0;
  #notBefore = 0;
  #fenced = false;

  constructor(folder: string, parts: LaneParts) {
    this.#folder = folder;
    this.#parts = parts;
    this.#written = readDeploy(folder);
    this.#host = parts.host(this.#written.order.environment);
    this.#progress = new ProgressReader(folder);
  }

  async follow(): Promise<void> {
    const { say } = this.#parts;
    const { order } = this.#written;
    say(`${order.id}: ${order.kind} of ${order.app} ${order.version} to ${order.environment}`);
    const ending = await this.#toItsEnd(async (run) => this.#watch(run));
    if (this.#fenced || ending === undefined) {
      // Its folder stays; the next deploy in this lane brings it to its end first.
      putWhole(this.#folder, 'told', 'fenced\n');
      return;
    }
    await this.#tellEnd(ending);
    putWhole(this.#folder, 'told', `${ending.result}\n`);
    this.#parts.onEnd();
    say(`${order.id}: ${ending.result}${ending.reason === undefined ? '' : `: ${ending.reason}`}`);
  }

  async quietly(): Promise<void> {
    await this.#toItsEnd(async (run) => this.#wait(run));
  }

  /** Runs the job, and recoveries while it has no end. Undefined: it was fenced. */
  async #toItsEnd(see: (run: string) => Promise<void>): Promise<Ending | undefined> {
    let n = Math.max(1, runsOf(this.#folder).length);
    for (;;) {
      const run = runNamed(this.#folder, n);
      try {
        await this.#start(run, n > 1); // oxlint-disable-line no-await-in-loop -- one after the other
      } catch (error) {
        this.#parts.signal.throwIfAborted();
        const isLost = n > 1 || (error as { readonly code?: string }).code === 'TERR_RUNNER_AWAY';
        return { result: isLost ? 'lost' : 'failed', reason: wordsOf(error).slice(0, 2000) };
      }
      await see(run); // oxlint-disable-line no-await-in-loop -- as above
      if (this.#fenced) return undefined;
      const ending = readEnding(this.#folder);
      if (ending && !this.#isUntidy(ending, n)) return ending;
      if (n > maxRecoveries) return ending ?? this.#lost();
      this.#parts.say(`${this.#written.order.id}: its process ended without an end; recovering`);
      n += 1;
    }
  }

  /** It was killed between its end and tidying up: one recovery does the rest. */
  #isUntidy({ result }: Ending, n: number): boolean {
    return result === 'succeeded' && n === 1 && this.#killed;
  }
  #killed = false;

  #lost(): Ending {
    const reason = `the process of the deploy was killed, and so were ${maxRecoveries} that were to bring it to its end`;
    return { result: 'lost', reason };
  }

  async #start(run: string, recover: boolean): Promise<void> {
    const { program, env, environment } = this.#parts;
    const { order } = this.#written;
    const secrets = environment(order.environment)?.secrets ?? [];
    const job = runOrder(order, { folder: this.#folder, run, recover, program, env, secrets });
    await this.#host.start(run, job);
  }

  async #wait(run: string): Promise<void> {
    const { signal } = this.#parts;
    while ((await this.#host.stateOf(run)).state === 'running')
      await pause(lookEvery, undefined, { signal });
  }

  /** Passes on what a job does until it is over and all is passed on, or the lease is. */
  async #watch(run: string): Promise<void> {
    const { signal } = this.#parts;
    for (;;) {
      const state = await this.#host.stateOf(run);
      const over = state.state !== 'running';
      this.#killed = state.state === 'lost' || (state.state === 'ended' && state.code > 128);
      const more = await this.#tellOrWait(run, over);
      // A recovery does not wait for a server that is away.
      if (over && (!more || readEnding(this.#folder) === undefined)) return;
      if (this.#fenced) return;
      if (!more || performance.now() < this.#notBefore)
        await pause(lookEvery, undefined, { signal });
    }
  }

  async #tellOrWait(run: string, over: boolean): Promise<boolean> {
    try {
      return await this.#tell(over);
    } catch (error) {
      this.#parts.signal.throwIfAborted();
      if (error instanceof Fenced) await this.#fence(run, error);
      else this.#later(error);
      return true;
    }
  }

  #later(error: unknown): void {
    const wait = this.#backoff.failed(error instanceof Unheard ? error.retryAfter : 0);
    this.#notBefore = performance.now() + wait;
    this.#parts.say(`${this.#written.order.id}: the server did not hear: ${wordsOf(error)}`);
  }

  /** Says what is new. True when there was something, so that there may be more. */
  async #tell(over: boolean): Promise<boolean> {
    const { server, signal } = this.#parts;
    const { order } = this.#written;
    const now = performance.now();
    if (now < this.#notBefore) return true;
    const { word, isNews, arrived } = this.#news(over);
    const isFirst = this.#logNext === undefined;
    if (!isNews && !isFirst && now < this.#nextBeat) return false;
    const answer = await server.progress(order.id, { token: order.token, ...word }, signal);
    arrived();
    this.#backoff.worked();
    this.#logNext = answer.logNext;
    this.#nextBeat = performance.now() + beatEvery;
    this.#passOn('cancel', answer.cancel);
    this.#passOn('bad', answer.bad);
    return isNews || isFirst;
  }

  /** What the server has not heard yet. Its first word is where it wants the log from. */
  #news(over: boolean): {
    readonly word: Omit<Progress, 'token'>;
    readonly isNews: boolean;
    readonly arrived: () => void;
  } {
    const { stages, smoke, arrived } = this.#progress.news();
    const offset = this.#logNext;
    const text = offset === undefined ? undefined : logPiece(this.#folder, offset, over);
    const word = {
      ...(stages.length > 0 ? { stages: [...stages] } : {}),
      ...(smoke.length > 0 ? { smoke: [...smoke] } : {}),
      ...(text === undefined || offset === undefined ? {} : { log: { offset, text } }),
    };
    return { word, isNews: Object.keys(word).length > 0, arrived };
  }

  #passOn(file: 'cancel' | 'bad', words: string | null): void {
    if (words === null || readIfThere(this.#folder, file) !== undefined) return;
    this.#parts.say(`${this.#written.order.id}: ${file}: ${words}`);
    putWhole(this.#folder, file, `${words}\n`);
  }

  /** Somebody else may be at work in the lane: the job is stopped where it is. */
  async #fence(run: string, error: Error): Promise<void> {
    this.#fenced = true;
    this.#parts.say(`${this.#written.order.id}: not ours any more: ${error.message}`);
    const left = await this.#host.cancel(run);
    if (left.length > 0)
      this.#parts.say(`${this.#written.order.id}: still there: ${left.join(', ')}`);
  }

  async #tellEnd(ending: Ending): Promise<void> {
    const { server, signal } = this.#parts;
    const { order } = this.#written;
    for (;;) {
      const wait = this.#notBefore - performance.now();
      if (wait > 0) await pause(wait, undefined, { signal });
      try {
        await server.end(order.id, { ...ending, token: order.token }, signal);
        return;
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof Fenced) {
          this.#parts.say(`${order.id}: its end came too late: ${error.message}`);
          return;
        }
        this.#later(error);
      }
    }
  }
}
