import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { parseWhere } from '../../../event/where/parse.ts';
import type { History, QueryLimits } from '../../../history/history.ts';
import { ownModule } from '../../../launch/own-module.ts';
import { threadMemory } from '../../../launch/thread-memory.ts';
import { backtestError, RuleFileProblems } from './errors.ts';
import { BacktestFiles, type RulesGiven } from './files.ts';
import type { BacktestStart, FromBacktest, HistoryPage, PageRequest } from './messages.ts';

/** Asks history a question with the limits of the configuration. */
export type AskHistory = <T>(
  question: (history: History, limits: QueryLimits) => Promise<T>,
  signal?: AbortSignal,
) => Promise<T>;

/** With what a backtest compares. */
export type Against =
  | {
      readonly name: string;
      /** Those that run now. Files with problems are passed over. */
      readonly live: readonly string[];
      /** Rules of other files count only where the candidate has one of the name. */
      readonly counterpart?: string;
    }
  | { readonly name: string; readonly rules: RulesGiven };

export interface BacktestJob {
  readonly logDir: string;
  /** ms */
  readonly from: number;
  /** ms */
  readonly to: number;
  readonly rules: RulesGiven;
  readonly against?: Against;
  /** Names of rules; the others do not run. */
  readonly only?: readonly string[];
}

/** What the thread around a backtest gives it. */
export interface BacktestSurroundings {
  /** A function, or why there is none. */
  readonly history: AskHistory | string;
  readonly signal?: AbortSignal;
  /** Told a few times a second: the part that is done (0 to 1), events so far, their clock (ms). */
  readonly onProgress?: (part: number, events: number, received: number) => void;
  readonly limits: {
    /** ms */
    readonly time: number;
    /** Bytes of JavaScript objects that it may hold. */
    readonly memory: number;
  };
}

/** Limits for who sets no others. */
export const defaultLimits = { time: 600_000, memory: 1_024 * 2 ** 20 };

/**
 * Runs rules over what was recorded, in a thread of its own, and answers the `Backtest` as JSON.
 * Throws RuleFileProblems, TERR_BACKTEST_…, TERR_LOG_…, and when `signal` aborts its reason.
 */
export async function runBacktest(
  job: BacktestJob,
  surroundings: BacktestSurroundings,
): Promise<string> {
  if (!(job.from < job.to))
    throw backtestError('RANGE', 'the time is empty: give a "from" before "to"', { field: 'from' });
  const files = new BacktestFiles();
  try {
    const start = await prepare(job, files, surroundings);
    return await new BacktestRun(start, files, surroundings).result();
  } finally {
    files.leave();
  }
}

async function prepare(
  { logDir, from, to, rules, against, only }: BacktestJob,
  files: BacktestFiles,
  { history, signal }: BacktestSurroundings,
): Promise<BacktestStart> {
  const others =
    against &&
    ('live' in against
      ? {
          name: against.name,
          files: await files.compileGood(against.live, signal),
          ...(against.counterpart === undefined ? {} : { counterpart: against.counterpart }),
        }
      : { name: against.name, files: await files.compile(against.rules, signal) });
  return {
    logDir,
    from,
    to,
    files: await files.compile(rules, signal),
    ...(only === undefined ? {} : { only }),
    ...(others === undefined ? {} : { against: others }),
    ...(typeof history === 'string' ? { noHistory: history } : {}),
  };
}

/** One thread, from its start to its result or end. */
class BacktestRun {
  readonly #start: BacktestStart;
  readonly #files: BacktestFiles;
  readonly #surroundings: BacktestSurroundings;

  constructor(start: BacktestStart, files: BacktestFiles, surroundings: BacktestSurroundings) {
    this.#start = start;
    this.#files = files;
    this.#surroundings = surroundings;
  }

  async result(): Promise<string> {
    const { signal, limits } = this.#surroundings;
    signal?.throwIfAborted();
    const { url, execArgv } = ownModule(import.meta.url, './worker.ts');
    const worker = new Worker(url, {
      execArgv: [...execArgv],
      workerData: this.#start,
      resourceLimits: threadMemory(limits.memory),
      env: {},
    });
    const end = (): void => void worker.terminate();
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      end();
    }, limits.time);
    signal?.addEventListener('abort', end);
    try {
      return await this.#follow(worker);
    } catch (error) {
      signal?.throwIfAborted();
      throw timedOut ? this.#tooLong() : error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      await worker.terminate();
    }
  }

  #follow(worker: Worker): Promise<string> {
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromBacktest) => {
        if (message.kind === 'page')
          void this.#page(message).then((page) => worker.postMessage(page));
        else if (message.kind === 'progress')
          this.#surroundings.onProgress?.(message.part, message.events, message.received);
        else if (message.kind === 'result') resolve(message.json);
        else reject(this.#failure(message));
      });
      worker.once('error', (error) => reject(this.#crash(error)));
      worker.once('exit', () => reject(backtestError('FAILED', 'its thread ended by itself')));
    });
  }

  async #page({ from, to, cursor }: PageRequest): Promise<HistoryPage> {
    const { history, signal } = this.#surroundings;
    if (typeof history === 'string') return { kind: 'page', events: '[]', failed: history };
    try {
      return await history(async (asked, limits) => {
        if (from >= to) {
          const { oldest } = await asked.stat();
          return { kind: 'page', events: '[]', ...(oldest === undefined ? {} : { oldest }) };
        }
        const { events, next } = await asked.events(
          {
            from,
            to,
            where: readings,
            order: 'oldest',
            limit: pageSize,
            ...(cursor && { cursor }),
          },
          limits,
        );
        const page = { kind: 'page' as const, events: JSON.stringify(events) };
        return next === undefined ? page : { ...page, next };
      }, signal);
    } catch (error) {
      const failed = `history did not answer: ${messageOf(error)}`;
      return { kind: 'page', events: '[]', failed };
    }
  }

  #failure({ code, message, details }: Extract<FromBacktest, { kind: 'failed' }>): Error {
    const { file, line = 1, column = 1 } = details;
    if (file !== undefined)
      return new RuleFileProblems([this.#files.shown({ file, line, column, message })]);
    if (code === 'TERR_BACKTEST_NONE') return backtestError('NONE', message);
    return backtestError('FAILED', code === undefined ? message : `${message} (${code})`);
  }

  #crash(error: unknown): Error {
    const { code } = error as { readonly code?: unknown };
    if (code !== 'ERR_WORKER_OUT_OF_MEMORY')
      return backtestError('FAILED', messageOf(error), { cause: error });
    const mib = Math.ceil(this.#surroundings.limits.memory / 2 ** 20);
    return backtestError(
      'MEMORY',
      `the rules held more than ${mib} MiB: group by fewer values, take smaller windows, or try a shorter time`,
    );
  }

  #tooLong(): Error {
    const seconds = this.#surroundings.limits.time / 1000;
    return backtestError(
      'TIME',
      `it was not done after ${seconds} s: try a shorter time, or look for a loop without an end in the rules`,
    );
  }
}

const pageSize = 10_000;
const readings = parseWhere('not (type =~ "dev.cdevents.%" or type =~ "dev.cdeventsx.%")');

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** What a file is compared with that one has at hand: the file of that name among those that run. */
export function liveRules(files: readonly string[], candidate: string | undefined): Against {
  return {
    name: 'live',
    live: files,
    ...(candidate === undefined ? {} : { counterpart: basename(candidate) }),
  };
}
