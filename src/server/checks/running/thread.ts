import { Worker } from 'node:worker_threads';
import { Backoff } from '../../../launch/backoff.ts';
import { ownModule } from '../../../launch/own-module.ts';
import { threadMemory } from '../../../launch/thread-memory.ts';
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts';
import { Pulse, Watchdog, pulseMemory, turns } from './pulse.ts';

/** What was under way when a thread ended. */
export interface Underway {
  readonly check: string;
  readonly slot: number;
}

/** A thread that did not end because it was told to. */
export interface Fallen {
  readonly why: string;
  /** All that ran; none of it has told a result. */
  readonly underway: readonly Underway[];
  /** The one of them whose step was at work; undefined: it can not be said which. */
  readonly culprit: Underway | undefined;
  /** Whether it was a bound of a step that was broken, and not something else. */
  readonly isBound: boolean;
  /** Files of steps were being loaded. */
  readonly isLoading: boolean;
}

export interface ThreadOptions extends Omit<WorkerStart, 'pulse'> {
  /** Bytes that its heap may have. */
  readonly memory: number;
  /** So long a step may keep all others from running, ms. */
  readonly stepTimeMs: number;
  /** It is there; it knows nothing yet. */
  readonly onReady: () => void;
  readonly onMessage: (message: FromWorker) => void;
  /** Told before it is started again. */
  readonly onFallen: (fallen: Fallen) => void;
}

const looksInTime = 8;
/** A thread that was told to stop has so long for it, ms. */
const patienceMs = 2_000;

/** Runs a thread of checks, and starts it again when a step takes it down. */
export class ChecksThread {
  restarts = 0;
  readonly #options: ThreadOptions;
  readonly #backoff = new Backoff(50, 5_000);
  readonly #underway = new Map<number, Underway>();
  #worker: Worker | undefined;
  #pulse: Pulse | undefined;
  #watching: NodeJS.Timeout | undefined;
  #restart: NodeJS.Timeout | undefined;
  #ended: Promise<void> = Promise.resolve();
  #stood = false;
  #stopping = false;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  start(): void {
    clearTimeout(this.#restart);
    const { memory, stepTimeMs, role, folder, stateDir } = this.#options;
    const { atOnce, perTarget, browser } = this.#options;
    const shared = pulseMemory();
    const pulse = new Pulse(shared);
    const { url, execArgv } = ownModule(import.meta.url, './worker.ts');
    const bounds = { atOnce, perTarget, browser };
    const workerData: WorkerStart = { role, folder, stateDir, ...bounds, pulse: shared };
    const resourceLimits = threadMemory(memory);
    const worker = new Worker(url, { workerData, execArgv: [...execArgv], resourceLimits });
    this.#worker = worker;
    this.#pulse = pulse;
    this.#stood = false;
    this.#underway.clear();
    this.#listen(worker);
    clearInterval(this.#watching);
    const watchdog = new Watchdog(looksInTime);
    const every = Math.max(10, stepTimeMs / looksInTime);
    this.#watching = setInterval(() => this.#look(worker, watchdog), every).unref();
  }

  send(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  /** Lets it tell what is left, and ends it. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    clearInterval(this.#watching);
    const worker = this.#worker;
    this.send({ kind: 'stop' });
    const late = setTimeout(() => void worker?.terminate(), patienceMs);
    await this.#ended;
    clearTimeout(late);
    this.#stopping = false;
  }

  #listen(worker: Worker): void {
    let failure: Error | undefined;
    worker.on('message', (message: FromWorker) => this.#hear(message));
    worker.on(
      'error',
      (error) => (failure = error instanceof Error ? error : new Error('it broke')),
    );
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        if (this.#worker === worker) this.#fell(failure);
        resolve();
      });
    });
  }

  #hear(message: FromWorker): void {
    if (message.kind === 'began') {
      const { check, slot, number } = message;
      this.#underway.set(number, { check, slot });
    } else if (message.kind === 'ran') {
      const { check, slot } = message.run;
      for (const [number, one] of this.#underway)
        if (one.check === check && one.slot <= slot) this.#underway.delete(number);
    } else if (message.kind === 'stats') this.#backoff.reset();
    if (message.kind === 'ready') this.#options.onReady();
    this.#options.onMessage(message);
  }

  /** It says by itself when it began; before that, its modules are being loaded. */
  #look(worker: Worker, watchdog: Watchdog): void {
    const { beats, run } = this.#pulse?.feel() ?? { beats: 0, run: 0 };
    if (worker !== this.#worker || beats === 0 || run === turns.planning) return;
    if (!watchdog.look(beats)) return;
    this.#stood = true;
    void worker.terminate();
  }

  #fell(failure: Error | undefined): void {
    this.#worker = undefined;
    if (this.#stopping) return;
    const { code } = (failure ?? {}) as NodeJS.ErrnoException;
    const isFull = code === 'ERR_WORKER_OUT_OF_MEMORY';
    const why = this.#whyFell(isFull, failure);
    const underway = [...this.#underway.values()];
    const { run } = this.#pulse?.feel() ?? { run: turns.none };
    const culprit = this.#underway.get(run);
    const only = underway.length === 1 ? underway[0] : undefined;
    const isLoading = run === turns.loading;
    const isBound = (this.#stood || isFull) && !isLoading;
    this.#options.onFallen({ why, underway, culprit: culprit ?? only, isBound, isLoading });
    this.restarts++;
    this.#restart = setTimeout(() => this.start(), this.#backoff.next());
  }

  #whyFell(isFull: boolean, failure: Error | undefined): string {
    const seconds = this.#options.stepTimeMs / 1000;
    if (this.#stood)
      return `a step of it did not come to an end within ${seconds} s, and kept all others from running`;
    if (isFull) return 'a step of it took all the memory that checks may have';
    return failure?.message ?? 'the thread ended by itself';
  }
}
