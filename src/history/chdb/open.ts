import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../../errors/coded-error.ts';
import type { StreamName } from '../../event/event.ts';
import type { Ask } from '../ask.ts';
import { historyError } from '../errors.ts';
import type { Block, History, HistoryStat } from '../history.ts';
import { historyStatements, historyTables } from '../schema.ts';
import { reader } from '../sql/read.ts';
import { Engine } from './engine.ts';
import { insertStatement } from './insert.ts';
import { dropDaysBefore, dropOverSize } from './retention.ts';
import { headOf, tableStat } from './stat.ts';
import { type EngineState, Supervisor } from './supervisor.ts';

export interface ChdbOptions {
  /** Where the engine keeps its files: one directory, one server. */
  readonly dir: string;
  /** Oldest readings are forgotten when history has more on disk; no limit when left out. */
  readonly maxBytes?: number;
  /** How often `maxBytes` is looked at, ms. */
  readonly checkSizeMs?: number;
  /** What the engine may allocate for queries and merges together. */
  readonly maxMemoryBytes?: number;
  readonly queriesAtOnce?: number;
  readonly queriesWaiting?: number;
  /** How long a first start may wait for the lock of a server that is just ending, ms. */
  readonly startTimeoutMs?: number;
}

/** History in the embedded engine, with what only that can tell. */
export interface ChdbHistory extends History {
  readonly ask: Ask;
  readonly state: () => EngineState;
  /** Private memory of the engine's process in bytes; undefined while there is none. */
  readonly memory: () => number | undefined;
  /** Forgets oldest readings until history has at most that many bytes on disk. */
  readonly dropOverSize: (maxBytes: number) => Promise<void>;
  /** Ends the engine's process as a fault would; it is started again. For crash tests. */
  readonly killEngine: () => void;
}

const engineMemory = 450 << 20;

/**
 * Opens history in a chDB engine in a child process of its own. Waits until the engine is ready.
 * Throws TERR_HISTORY_START.
 */
export async function openChdbHistory(options: ChdbOptions): Promise<ChdbHistory> {
  await mkdir(options.dir, { recursive: true, mode: 0o700 });
  const queriesAtOnce = options.queriesAtOnce ?? 3;
  const supervisor = new Supervisor({
    dir: join(options.dir, 'chdb'),
    readers: queriesAtOnce,
    engine: engineArguments(options.maxMemoryBytes ?? engineMemory),
    statements: historyStatements(),
  });
  await supervisor.open(options.startTimeoutMs ?? 30_000);
  const engine = new Engine(supervisor, {
    queriesAtOnce,
    queriesWaiting: options.queriesWaiting ?? 32,
    queryThreads: 2,
  });
  return new Chdb(supervisor, engine, options);
}

/** The engine's own caches are sized for servers; ours has the file cache of the system. */
function engineArguments(memory: number): string[] {
  return [
    `--max_server_memory_usage=${memory}`,
    `--mark_cache_size=${32 << 20}`,
    `--primary_index_cache_size=${32 << 20}`,
    `--index_mark_cache_size=${8 << 20}`,
    `--query_condition_cache_size=${8 << 20}`,
    `--compiled_expression_cache_size=${16 << 20}`,
    '--background_pool_size=2',
  ];
}

class Chdb implements ChdbHistory {
  readonly ask: Ask;
  readonly series: History['series'];
  readonly events: History['events'];
  readonly #supervisor: Supervisor;
  readonly #engine: Engine;
  readonly #heads: Partial<Record<StreamName, number>> = {};
  readonly #sizeTimer: NodeJS.Timeout | undefined;
  /** Writes happen one after another, in the order of the calls. */
  #writes: Promise<unknown> = Promise.resolve();
  #inserts = 0;
  #insertedRows = 0;
  #insertFailures = 0;

  constructor(supervisor: Supervisor, engine: Engine, { maxBytes, checkSizeMs }: ChdbOptions) {
    this.#supervisor = supervisor;
    this.#engine = engine;
    this.ask = engine.ask;
    ({ series: this.series, events: this.events } = reader(engine.ask));
    if (maxBytes === undefined) return;
    this.#sizeTimer = setInterval(
      () => void this.dropOverSize(maxBytes).catch(() => undefined),
      checkSizeMs ?? 60_000,
    );
    this.#sizeTimer.unref();
  }

  readonly insert = async (block: Block): Promise<void> => {
    try {
      await this.#inOrder(() => this.#engine.write(insertStatement(block)));
    } catch (error) {
      this.#insertFailures++;
      throw insertError(block, error);
    }
    this.#inserts++;
    this.#insertedRows += block.rows;
    this.#heads[block.stream] = Math.max(this.#heads[block.stream] ?? 0, block.last);
  };

  readonly dropBefore = (before: number): Promise<void> =>
    this.#inOrder(() => dropDaysBefore(this.#engine, before));

  readonly dropOverSize = (maxBytes: number): Promise<void> =>
    this.#inOrder(async () => void (await dropOverSize(this.#engine, maxBytes)));

  // Dropped, not emptied: a table must not remember the tokens of blocks that come again.
  readonly clear = (): Promise<void> =>
    this.#inOrder(async () => {
      for (const table of Object.values(historyTables))
        await this.#engine.write(`DROP TABLE IF EXISTS ${table} SYNC`);
      for (const sql of historyStatements()) await this.#engine.write(sql);
      for (const stream of ['facts', 'readings'] as const) this.#heads[stream] = 0;
    });

  readonly stat = async (): Promise<HistoryStat> => ({
    ...(await tableStat(this.#engine)),
    head: { facts: await this.#head('facts'), readings: await this.#head('readings') },
  });

  readonly counters = () => ({
    ...this.#engine.counters(),
    inserts: this.#inserts,
    insertedRows: this.#insertedRows,
    insertFailures: this.#insertFailures,
    restarts: this.#supervisor.restarts,
  });

  readonly state = (): EngineState => this.#supervisor.state;

  readonly memory = (): number | undefined => this.#supervisor.memory;

  readonly killEngine = (): void => this.#supervisor.killChild();

  readonly close = async (): Promise<void> => {
    clearInterval(this.#sizeTimer);
    await this.#writes.catch(() => undefined);
    await this.#supervisor.close();
  };

  async #head(stream: StreamName): Promise<number> {
    // Asked once, then known from the inserts.
    this.#heads[stream] ??= await headOf(this.#engine, stream);
    return this.#heads[stream];
  }

  #inOrder<T>(write: () => Promise<T>): Promise<T> {
    const done = this.#writes.then(write, write);
    this.#writes = done.catch(() => undefined);
    return done;
  }
}

/** What hides behind `refused` is for the operator here, not for a caller with a wrong query. */
function insertError(block: Block, error: unknown): unknown {
  if (!(error instanceof CodedError) || error.code !== 'TERR_HISTORY_REFUSED') return error;
  const what = `${block.stream} ${block.first} to ${block.last}`;
  return historyError('INSERT', `${what} could not be inserted: ${error.message}`, {
    cause: error,
    retryAfter: 1,
  });
}
