import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Whispered, type WrittenOrder, formatMark, readOrder, writeWhole } from './folder.ts';
import type { Stop } from './job.ts';
import { JobLog } from './job-log.ts';
import { Masking } from './masking.ts';
import { type Pipe, handedOver, makePipe } from './output.ts';
import { cookieName, markOf } from './processes.ts';
import { stopProcesses } from './stopping.ts';

/** ms between looks at the clock and for `cancel`. */
const between = 200;
/**
 * Looks, of 100 ms each, for what still holds the output after the process itself has ended. Not one
 * wait: on a machine that gives us no time it would be over before anything was read.
 */
const lastLooks = 20;
/** ms between attempts to end what does not end, and to write what can not be written. */
const again = 5_000;
/** ms after which a result that can not be written is given up: the job is lost. */
const patience = 120_000;

/**
 * Runs the job of a folder to its end, if nobody does yet: `pid` is claimed before anything is
 * started. Resolves when its result is written.
 */
export async function mind(folder: string, whispered: Whispered): Promise<void> {
  const order = readOrder(folder);
  const own = markOf(process.pid);
  if (own === undefined) throw new Error('/proc does not have this process');
  if (!writeWhole(folder, 'pid', formatMark(own), true)) return;
  const log = new JobLog(join(folder, 'log'), order.limits.log);
  const minder = new Minder(folder, order, log);
  const code = await minder.run(whispered);
  log.end();
  await writeSurely(() => {
    if (minder.stopped !== undefined) writeWhole(folder, 'stopped', `${minder.stopped}\n`);
    writeWhole(folder, 'rc', `${code}\n`);
  });
}

class Minder {
  readonly #folder: string;
  readonly #order: WrittenOrder;
  readonly #log: JobLog;
  /** ms of the monotonic clock. */
  readonly #began = performance.now();
  #heard = this.#began;
  stopped: Stop | undefined;

  constructor(folder: string, order: WrittenOrder, log: JobLog) {
    this.#folder = folder;
    this.#order = order;
    this.#log = log;
  }

  /** Gives the exit code. */
  async run({ env, secrets }: Whispered): Promise<number> {
    const { argv, cwd, task } = this.#order;
    const pipe = makePipe(this.#folder);
    const read = this.#read(pipe, new Masking(secrets));
    const begin = (): ChildProcess =>
      spawn(argv[0] ?? '', argv.slice(1), {
        cwd,
        env: { ...env, [cookieName]: task },
        // A session and a group of its own: a signal to it never reaches us.
        detached: true,
        stdio: ['ignore', pipe.writing, pipe.writing],
      });
    const { pid, ended } = this.#begun(begin);
    handedOver(pipe);
    const mark = pid === undefined ? undefined : markOf(pid);
    if (mark !== undefined)
      await writeSurely(() => writeWhole(this.#folder, 'child', formatMark(mark)));
    const code = await this.#watch(ended, () =>
      stopProcesses({ cookie: task, child: mark, spared: new Set([process.pid]) }),
    );
    for (let i = 0; i < lastLooks && !pipe.reading.closed; i++)
      await Promise.race([read, delay(100)]);
    pipe.reading.destroy();
    await read;
    return code;
  }

  /** Resolves when no more comes, and all of it is in the log. */
  async #read(pipe: Pipe, masking: Masking): Promise<void> {
    pipe.reading.on('data', (bytes: Buffer) => {
      this.#heard = performance.now();
      this.#log.write(masking.take(bytes));
    });
    pipe.reading.on('error', (error) =>
      this.#log.note(`its output can not be read: ${error.message}`),
    );
    await new Promise((closed) => pipe.reading.once('close', closed));
    this.#log.write(masking.end());
  }

  /** Some errors of spawn(2) are thrown (E2BIG: arguments of 2 MB), others told by the child. */
  #begun(begin: () => ChildProcess): {
    readonly pid: number | undefined;
    readonly ended: Promise<number>;
  } {
    try {
      const child = begin();
      return {
        pid: child.pid,
        ended: codeOf(child).catch((error: unknown) => this.#notBegun(error)),
      };
    } catch (error) {
      return { pid: undefined, ended: Promise.resolve(this.#notBegun(error)) };
    }
  }

  #notBegun(error: unknown): number {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = existsSync(this.#order.cwd) ? message : `there is no folder ${this.#order.cwd}`;
    this.#log.note(`it could not be started: ${why}`);
    // As a shell says it: not found, or found and not to be run.
    return code === 'ENOENT' ? 127 : 126;
  }

  async #watch(ended: Promise<number>, stop: () => Promise<readonly number[]>): Promise<number> {
    for (;;) {
      const code = await Promise.race([ended, delay(between)]);
      if (code !== undefined) return code;
      const reason = this.#reason();
      if (reason === undefined) continue;
      if (this.stopped === undefined) {
        this.stopped = reason;
        this.#log.note(this.#words(reason));
      }
      const left = await stop();
      const late = await Promise.race([ended, delay(left.length > 0 ? again : between)]);
      if (left.length > 0) this.#log.note(`still there: ${left.join(', ')}`);
      if (late !== undefined) return late;
    }
  }

  #reason(): Stop | undefined {
    const { total, silence } = this.#order.limits;
    const now = performance.now();
    if (this.stopped !== undefined) return this.stopped;
    if (existsSync(join(this.#folder, 'cancel'))) return 'cancelled';
    if (now - this.#began > total) return 'total';
    return now - this.#heard > silence ? 'silence' : undefined;
  }

  #words(reason: Stop): string {
    const { total, silence } = this.#order.limits;
    if (reason === 'cancelled') return 'it is cancelled';
    return reason === 'total'
      ? `it is stopped: it has taken more than ${total / 1000} s`
      : `it is stopped: nothing was heard of it for ${silence / 1000} s`;
  }
}

/** As in a shell: 128 and the number of the signal that killed it. */
async function codeOf(child: ChildProcess): Promise<number> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/** Tries again when the disk is full: without its result the job counts as lost. */
async function writeSurely(write: () => void): Promise<void> {
  const end = performance.now() + patience;
  for (;;) {
    try {
      write();
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await delay(again);
    }
  }
}
