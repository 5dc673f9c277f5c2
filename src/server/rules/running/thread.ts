import { Worker } from 'node:worker_threads';
import { Backoff } from '../../../launch/backoff.ts';
import { ownModule } from '../../../launch/own-module.ts';
import { threadMemory } from '../../../launch/thread-memory.ts';
import { Heartbeat, heartbeatMemory, type Turn, Watchdog } from './heartbeat.ts';
import type { FromWorker, Stops, ToWorker, WorkerFile, WorkerStart } from './messages.ts';

/** What stays the same however often the thread is started. */
type Fixed = Pick<WorkerStart, 'logDir' | 'stateFile' | 'checkpointMs' | 'memory'>;

/** Who must not run again, because it took the thread with it. */
export interface Blame {
  readonly kind: 'rule' | 'file';
  readonly name: string;
  /** The bound that it broke. */
  readonly bound: 'time' | 'memory';
  readonly why: string;
}

interface ThreadOptions extends Fixed {
  /** A turn may take so long, ms. */
  readonly turnTimeMs: number;
  /** What a new thread is to run, and what not. */
  readonly files: () => readonly WorkerFile[];
  readonly stopped: () => Stops;
  /** Messages of the thread; `answer` reaches the same one only. */
  readonly onMessage: (message: FromWorker, answer: (message: ToWorker) => void) => void;
  /** A thread begins; what it says comes after this. */
  readonly onStart: () => void;
  readonly onBlame: (blame: Blame) => void;
  /** Told in a sentence when the thread ended for another reason. */
  readonly onProblem: (problem: string) => void;
}

const looksInTime = 8;
/** The heap of a thread grows beyond what its rules hold: garbage, and what is being read. */
const spareBytes = 128 * 2 ** 20;

/** Runs the thread of the rules, and starts it again without those who take it down. */
export class RulesThread {
  restarts = 0;
  readonly #options: ThreadOptions;
  readonly #backoff = new Backoff(100, 5_000);
  readonly #emptied = new Set<string>();
  #worker: Worker | undefined;
  #heartbeat: Heartbeat | undefined;
  #names: readonly string[] = [];
  #files: readonly WorkerFile[] = [];
  #watching: NodeJS.Timeout | undefined;
  #restart: NodeJS.Timeout | undefined;
  #ended: Promise<void> = Promise.resolve();
  #stopping = false;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  start(): void {
    const { turnTimeMs, files, stopped, memory } = this.#options;
    const heartbeat = heartbeatMemory();
    this.#heartbeat = new Heartbeat(heartbeat);
    this.#names = [];
    this.#files = files();
    const { url, execArgv } = ownModule(import.meta.url, './worker.ts');
    const start: WorkerStart = {
      ...fixed(this.#options),
      files: this.#files,
      stopped: stopped(),
      emptied: [...this.#emptied],
      heartbeat,
    };
    const worker = new Worker(url, {
      workerData: start,
      execArgv: [...execArgv],
      resourceLimits: threadMemory(memory + spareBytes),
    });
    this.#worker = worker;
    this.#options.onStart();
    this.#listen(worker);
    clearInterval(this.#watching);
    const watchdog = new Watchdog(looksInTime);
    this.#watching = setInterval(
      () => this.#look(worker, watchdog),
      Math.max(10, turnTimeMs / looksInTime),
    );
    this.#watching.unref();
  }

  /** Gives the files of now to the thread that runs. */
  send(files: readonly WorkerFile[]): void {
    this.#files = files;
    this.#worker?.postMessage({ kind: 'files', files } satisfies ToWorker);
  }

  startRule(rule: string): void {
    this.#emptied.delete(rule);
    this.#worker?.postMessage({ kind: 'start', rule } satisfies ToWorker);
  }

  /** A rule filled the memory: the thread goes on from a checkpoint without it and what it held. */
  async empty(rule: string, why: string): Promise<void> {
    this.#emptied.add(rule);
    const worker = this.#worker;
    this.#options.onBlame({ kind: 'rule', name: rule, bound: 'memory', why });
    worker?.postMessage({ kind: 'stop' } satisfies ToWorker);
    await this.#ended;
  }

  /** Lets the thread write down what it knows, and ends it. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    this.#worker?.postMessage({ kind: 'stop' } satisfies ToWorker);
    await this.#ended;
    clearInterval(this.#watching);
  }

  #listen(worker: Worker): void {
    const answer = (message: ToWorker): void => worker.postMessage(message);
    let failure: Error | undefined;
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'names') this.#names = message.names;
      if (message.kind === 'stats') this.#backoff.reset();
      this.#options.onMessage(message, answer);
    });
    worker.on('error', (error) => (failure = error));
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        if (failure) this.#blameFor(failure);
        if (this.#worker === worker) this.#again();
        resolve();
      });
    });
  }

  #look(worker: Worker, watchdog: Watchdog): void {
    if (!this.#heartbeat || worker !== this.#worker) return;
    const turn = watchdog.look(this.#heartbeat.feel());
    if (!turn) return;
    const seconds = this.#options.turnTimeMs / 1000;
    this.#blame(turn, 'time', `it did not come to an end within ${seconds} s`);
    void worker.terminate();
  }

  #blameFor(failure: Error): void {
    const { code } = failure as NodeJS.ErrnoException;
    const turn = this.#heartbeat?.feel();
    if (code === 'ERR_WORKER_OUT_OF_MEMORY' && turn && turn.kind !== 'idle') {
      const name = turn.kind === 'rule' ? this.#names[turn.index] : undefined;
      if (name !== undefined) this.#emptied.add(name);
      this.#blame(turn, 'memory', 'no memory was left in its turn');
    } else this.#options.onProblem(`the thread of the rules ended: ${failure.message}`);
  }

  #blame({ kind, index }: Turn, bound: Blame['bound'], why: string): void {
    if (kind === 'idle') return;
    const name = kind === 'rule' ? this.#names[index] : this.#files[index]?.file;
    if (name !== undefined) this.#options.onBlame({ kind, name, bound, why });
  }

  #again(): void {
    this.#worker = undefined;
    if (this.#stopping) return;
    this.restarts++;
    this.#restart = setTimeout(() => this.start(), this.#backoff.next());
  }
}

function fixed(options: ThreadOptions): Fixed {
  const { logDir, stateFile, checkpointMs, memory } = options;
  return { logDir, stateFile, checkpointMs, memory };
}
