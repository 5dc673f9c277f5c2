import { CodedError } from '../../errors/coded-error.ts';
import type { Ask, Cell, Rows } from '../ask.ts';
import type { HistoryCounters } from '../history.ts';
import { QueryGate } from './query-gate.ts';
import { SlowQueries } from './slow-queries.ts';
import type { Supervisor } from './supervisor.ts';

/** How long a query may be late over its own limit before it is cancelled from outside, ms. */
const lateMs = 1000;
const maxResultBytes = 64 << 20;
/** An insert takes some 0.1 s; this long means that the disk or the engine is stuck, ms. */
const writeTimeoutMs = 120_000;

export interface EngineLimits {
  /** How many queries run at once; one thread each is not given to all the others. */
  readonly queriesAtOnce: number;
  /** How many queries may wait for their turn. */
  readonly queriesWaiting: number;
  /** Threads of one query. */
  readonly queryThreads: number;
}

/** Statements with answers: queries under their limits, writes, and the small questions of `stat`. */
export class Engine {
  readonly #supervisor: Supervisor;
  readonly #gate: QueryGate;
  readonly #threads: number;
  readonly #slow = new SlowQueries();
  #queries = 0;
  #timeouts = 0;
  #memory = 0;

  constructor(supervisor: Supervisor, limits: EngineLimits) {
    this.#supervisor = supervisor;
    this.#gate = new QueryGate(limits.queriesAtOnce, limits.queriesWaiting);
    this.#threads = limits.queryThreads;
  }

  /** Runs a query under limits; its time counts from here, the wait for its turn included. */
  readonly ask: Ask = async (sql, limits) => {
    this.#queries++;
    const began = Date.now();
    try {
      return await this.#gate.run(async () => {
        const left = Math.max(1, began + limits.timeoutMs - Date.now());
        const settings = this.#querySettings(left, limits.memoryBytes);
        const body = await this.#supervisor.run({
          sql: (comment) => `${sql} SETTINGS ${settings}, log_comment = '${comment}'`,
          lane: 'read',
          timeoutMs: left + lateMs,
          signal: limits.signal,
        });
        return rowsIn(body);
      }, limits.signal);
    } catch (error) {
      this.#count(error);
      throw error;
    } finally {
      const now = Date.now();
      this.#slow.add({ at: now, ms: now - began, what: sql.slice(0, 500) });
    }
  };

  /** A short question about the engine itself; it never waits behind queries. */
  async look(sql: string): Promise<Rows> {
    const settings = 'max_execution_time = 10, output_format_json_quote_64bit_integers = 0';
    return rowsIn(await this.#run(`${sql} SETTINGS ${settings}`, 'control', 15_000));
  }

  async write(sql: string): Promise<void> {
    await this.#run(sql, 'write', writeTimeoutMs);
  }

  counters(): Pick<
    HistoryCounters,
    'queries' | 'queryTimeouts' | 'queryMemory' | 'queriesRefused' | 'queriesWaiting' | 'slow'
  > {
    return {
      queries: this.#queries,
      queryTimeouts: this.#timeouts,
      queryMemory: this.#memory,
      queriesRefused: this.#gate.refused,
      queriesWaiting: this.#gate.waiting,
      slow: this.#slow.list(Date.now()),
    };
  }

  #run(sql: string, lane: 'control' | 'write', timeoutMs: number): Promise<Uint8Array> {
    return this.#supervisor.run({ sql: () => sql, lane, timeoutMs });
  }

  #querySettings(timeoutMs: number, memoryBytes: number): string {
    return [
      `max_execution_time = ${timeoutMs / 1000}`,
      `max_memory_usage = ${Math.floor(memoryBytes)}`,
      `max_threads = ${this.#threads}`,
      `max_result_bytes = ${maxResultBytes}`,
      "result_overflow_mode = 'throw'",
      'output_format_json_quote_64bit_integers = 0',
      'output_format_json_quote_denormals = 0',
      // A listing finds its rows by few columns and reads the others of those rows only.
      'query_plan_max_limit_for_lazy_materialization = 20000',
    ].join(', ');
  }

  #count(error: unknown): void {
    if (!(error instanceof CodedError)) return;
    if (error.code === 'TERR_HISTORY_TIMEOUT') this.#timeouts++;
    if (error.code === 'TERR_HISTORY_MEMORY') this.#memory++;
  }
}

/** The answer in the format JSONCompact; a statement without a result has none. */
function rowsIn(body: Uint8Array): Rows {
  if (body.length === 0) return { names: [], rows: [] };
  const { meta, data } = JSON.parse(Buffer.from(body).toString('utf8')) as {
    readonly meta: readonly { readonly name: string }[];
    readonly data: Cell[][];
  };
  return { names: meta.map(({ name }) => name), rows: data };
}
