import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type StreamName, streamNames } from '../../event/event.ts';
import { parseWhere } from '../../event/where/parse.ts';
import { Backoff } from '../../launch/backoff.ts';
import type { Block, History } from '../../history/history.ts';
import { ownModule } from '../../launch/own-module.ts';
import type { Log } from '../../log/log.ts';
import type { Catalogue } from '../api/contract.ts';
import { feederError } from './errors.ts';
import { Feed, type Lag } from './feed.ts';
import type {
  FoldsNote,
  FromWorker,
  LatestAnswer,
  SeenAnswer,
  StreamStart,
  ToWorker,
  WorkerCounters,
  WorkerStart,
} from './messages.ts';
import { openSpool } from './spool.ts';

export interface FeederOptions {
  /** Directory of the log, for the worker to open it by itself. */
  readonly logDir: string;
  readonly log: Log;
  /** Left out: nothing is fed, only the catalogue and the latest readings are kept. */
  readonly history?: History | undefined;
  /** For files on their way into history when there is no room for them in memory. */
  readonly tmpDir: string;
  readonly maxValues?: number;
  readonly maxLatest?: number;
  /** A block goes to history this long after its first event was read, ms. */
  readonly blockAgeMs?: number;
  /** Ms since the epoch. */
  readonly now?: () => number;
  /** Told in a sentence when the worker died. */
  readonly onProblem?: (problem: string) => void;
}

export interface FeederCounters extends WorkerCounters {
  readonly workerRestarts: number;
  readonly insertRetries: number;
  /** Why history does not take a block at the moment; undefined when it does. */
  readonly problem: string | undefined;
}

/** Follows the log: history is fed with it, and what is seen in it is kept at hand. */
export interface Feeder {
  readonly lag: () => Readonly<Record<StreamName, Lag>>;
  /** First offset of each stream that history may lack: the log should not be trimmed past it. */
  readonly needed: () => Readonly<Record<StreamName, number>>;
  /** Throws TERR_FEEDER_UNAVAILABLE. */
  readonly catalogue: () => Promise<Catalogue>;
  /**
   * The latest readings that match, newest first.
   * Throws TERR_FEEDER_UNAVAILABLE and TERR_WHERE_….
   */
  readonly latest: (where?: string, limit?: number) => Promise<LatestAnswer>;
  /** Under which names readings came, and the calls. Throws TERR_FEEDER_UNAVAILABLE. */
  readonly seen: () => Promise<SeenAnswer>;
  readonly counters: () => FeederCounters;
  /** Empties history and feeds it again with all that the log holds. */
  readonly rebuild: () => Promise<void>;
  /** Ends what is under way. Before closing the log and history. */
  readonly stop: () => Promise<void>;
}

const foldsKey = 'feeder/folds';
const sampleEveryMs = 200;

/** Starts the follower of the log. Throws TERR_FEEDER_FOREIGN. */
export async function startFeeder(options: FeederOptions): Promise<Feeder> {
  const feeder = new LogFeeder(options);
  await feeder.start();
  return feeder;
}

interface Asked {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

const noCounters: WorkerCounters = {
  undecodable: 0,
  skipped: 0,
  catalogueRefused: 0,
  latestRefused: 0,
  latestHeld: 0,
  placesRefused: 0,
  placesHeld: 0,
  callsRefused: 0,
  callsHeld: 0,
};

class LogFeeder implements Feeder {
  readonly #options: FeederOptions;
  readonly #feeds: Readonly<Record<StreamName, Feed>> | undefined;
  readonly #backoff = new Backoff(100, 5000);
  readonly #asked = new Map<number, Asked>();
  readonly #now: () => number;
  #spool = '';
  #worker: Worker | undefined;
  #folds: FoldsNote | undefined;
  #counters = noCounters;
  #ended: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #restart: NodeJS.Timeout | undefined;
  #nextId = 1;
  #stopping = false;
  #restarts = 0;

  constructor(options: FeederOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { history, log } = options;
    if (!history) return;
    const feed = (stream: StreamName): Feed =>
      new Feed({ log, history }, stream, (block) => this.#taken(block));
    this.#feeds = { facts: feed('facts'), readings: feed('readings') };
  }

  async start(): Promise<void> {
    const { history, log } = this.#options;
    if (history) {
      const { head } = await history.stat();
      for (const feed of this.#eachFeed()) await feed.reconcile(head[feed.stream]);
    }
    this.#folds = usable(log.notes.get(foldsKey) as FoldsNote | undefined, log);
    this.#spool = openSpool(join(this.#options.tmpDir, 'blocks'), process.pid);
    this.#startWorker();
    this.#timer = setInterval(() => this.#sample(), sampleEveryMs);
    this.#timer.unref();
    this.#sample();
  }

  readonly lag = () => ({ facts: this.#lagOf('facts'), readings: this.#lagOf('readings') });

  readonly needed = () => ({
    facts: this.#feeds?.facts.needed ?? Number.POSITIVE_INFINITY,
    readings: this.#feeds?.readings.needed ?? Number.POSITIVE_INFINITY,
  });

  readonly catalogue = (): Promise<Catalogue> =>
    this.#ask<Catalogue>((id) => ({ kind: 'catalogue', id }));

  readonly latest = async (where = '', limit = 1000): Promise<LatestAnswer> => {
    // Here, because an error loses its line and column on the way between threads.
    if (where.trim() !== '') parseWhere(where);
    return this.#ask<LatestAnswer>((id) => ({ kind: 'latest', id, where, limit }));
  };

  readonly seen = (): Promise<SeenAnswer> => this.#ask<SeenAnswer>((id) => ({ kind: 'seen', id }));

  readonly counters = (): FeederCounters => ({
    ...this.#counters,
    workerRestarts: this.#restarts,
    insertRetries: this.#eachFeed().reduce((sum, feed) => sum + feed.retries, 0),
    problem: this.#eachFeed().find((feed) => feed.problem !== undefined)?.problem,
  });

  readonly rebuild = async (): Promise<void> => {
    await this.#stopWorker();
    for (const feed of this.#eachFeed()) await feed.drain();
    await this.#options.history?.clear();
    for (const feed of this.#eachFeed()) await feed.restart();
    this.#stopping = false;
    this.#startWorker();
  };

  readonly stop = async (): Promise<void> => {
    clearInterval(this.#timer);
    await this.#stopWorker();
    for (const feed of this.#eachFeed()) await feed.stop();
    await rm(this.#spool, { recursive: true, force: true });
  };

  #startWorker(): void {
    const module = ownModule(import.meta.url, './worker.ts');
    const fresh: StreamStart = { replay: [], next: 1 };
    const start: WorkerStart = {
      logDir: this.#options.logDir,
      spool: this.#spool,
      inserts: this.#feeds !== undefined,
      streams: {
        facts: this.#feeds?.facts.start() ?? this.#folded('facts', fresh),
        readings: this.#feeds?.readings.start() ?? this.#folded('readings', fresh),
      },
      folds: this.#folds,
      maxValues: this.#options.maxValues ?? 20_000,
      maxLatest: this.#options.maxLatest ?? 100_000,
      blockAgeMs: this.#options.blockAgeMs ?? 500,
    };
    const worker = new Worker(module.url, { execArgv: [...module.execArgv], workerData: start });
    this.#worker = worker;
    let problem = 'it ended by itself';
    worker.on('message', (message: FromWorker) => this.#hear(message));
    worker.on(
      'error',
      (error) => (problem = error instanceof Error ? error.message : String(error)),
    );
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#died(problem);
        resolve();
      });
    });
  }

  /** Without history there is nothing to insert: reading goes on where the folds are. */
  #folded(stream: StreamName, fresh: StreamStart): StreamStart {
    return { ...fresh, next: this.#folds?.next[stream] ?? fresh.next };
  }

  #died(problem: string): void {
    this.#worker = undefined;
    for (const { reject } of this.#asked.values()) reject(restarting());
    this.#asked.clear();
    if (this.#stopping) return;
    this.#options.onProblem?.(`The follower of the log died and is started again: ${problem}`);
    this.#restart = setTimeout(() => {
      this.#restarts++;
      this.#startWorker();
    }, this.#backoff.next());
  }

  async #stopWorker(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    this.#tell({ kind: 'stop' });
    await this.#ended;
    if (this.#folds)
      await this.#options.log.notes.set(foldsKey, this.#folds).catch(() => undefined);
  }

  #hear(message: FromWorker): void {
    if ('answer' in message) {
      this.#answered(message.id)?.resolve(message.answer as never); // what this id asked for
      return;
    }
    switch (message.kind) {
      case 'block':
        this.#feeds?.[message.block.stream].add(message.block, message.received);
        return;
      case 'lost':
        this.#feeds?.[message.stream].lost(message.span);
        return;
      case 'folds':
        return this.#keep(message.note);
      case 'counters':
        this.#counters = message.counters;
        return;
      case 'failed':
        this.#answered(message.id)?.reject(new Error(message.message));
        return;
    }
  }

  #keep(note: FoldsNote): void {
    this.#backoff.reset();
    this.#folds = note;
    if (this.#stopping) return;
    // When it can't be written, more is read again after a restart.
    void this.#options.log.notes.set(foldsKey, note).catch(() => undefined);
  }

  #ask<Answer>(message: (id: number) => ToWorker): Promise<Answer> {
    if (!this.#worker) return Promise.reject(restarting());
    const id = this.#nextId++;
    return new Promise<Answer>((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#tell(message(id));
    });
  }

  #answered(id: number): Asked | undefined {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    return asked;
  }

  #taken({ stream, last }: Block): void {
    this.#tell({ kind: 'taken', stream, last });
  }

  #tell(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  #lagOf(stream: StreamName): Lag {
    return this.#feeds?.[stream].lag(this.#now()) ?? { events: 0, ms: 0 };
  }

  #sample(): void {
    for (const feed of this.#eachFeed()) feed.sample(this.#now());
  }

  #eachFeed(): readonly Feed[] {
    return this.#feeds ? streamNames.map((stream) => this.#feeds?.[stream]).filter(isThere) : [];
  }
}

const isThere = (feed: Feed | undefined): feed is Feed => feed !== undefined;

const restarting = (): Error =>
  feederError('UNAVAILABLE', 'The follower of the log is restarting. Try again in a moment.', {
    retryAfter: 1,
  });

/** Folds that are ahead of the log were made of another. */
function usable(note: FoldsNote | undefined, log: Log): FoldsNote | undefined {
  if (!note) return undefined;
  return streamNames.every((stream) => note.next[stream] <= log.stat(stream).next)
    ? note
    : undefined;
}
