import { Worker } from 'node:worker_threads';
import { Backoff } from '../../../launch/backoff.ts';
import { ownModule } from '../../../launch/own-module.ts';
import type { Log } from '../../../log/log.ts';
import type { EvidenceCounters, EvidenceStart, FromEvidence, ToEvidence } from './messages.ts';

export interface EvidenceOptions {
  readonly logDir: string;
  readonly log: Log;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  /** How far back readings are looked at when it starts, ms. */
  readonly lookback: number;
  readonly onSignals: (message: FromEvidence & { kind: 'signals' }) => void;
  /** What the log held at the start is read. */
  readonly onCaughtUp: () => void;
  readonly onProblem: (problem: string) => void;
}

const none: EvidenceCounters = { decoded: 0, broken: 0, replaced: 0, refused: 0 };

/** The thread that reads the log for what it says of how things are; it is started again when it dies. */
export class EvidenceThread {
  restarts = 0;
  readonly #options: EvidenceOptions;
  readonly #backoff = new Backoff(100, 5_000);
  #worker: Worker | undefined;
  #metrics: readonly string[] = [];
  #counters = none;
  #ended: Promise<void> = Promise.resolve();
  #restart: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(options: EvidenceOptions) {
    this.#options = options;
  }

  get counters(): EvidenceCounters {
    return this.#counters;
  }

  start(metrics: readonly string[]): void {
    this.#metrics = metrics;
    const { logDir } = this.#options;
    const module = ownModule(import.meta.url, './worker.ts');
    const start: EvidenceStart = { logDir, from: this.#from(), metrics };
    const worker = new Worker(module.url, { execArgv: [...module.execArgv], workerData: start });
    this.#worker = worker;
    let problem = 'it ended by itself';
    worker.on('message', (message: FromEvidence) => this.#hear(message));
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

  /** Other metrics are of interest; what came lately is looked at again. */
  want(metrics: readonly string[]): void {
    if (metrics.join('\n') === this.#metrics.join('\n')) return;
    this.#metrics = metrics;
    this.#tell({ kind: 'want', metrics, from: this.#from() });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    this.#tell({ kind: 'stop' });
    await this.#ended;
  }

  #from(): number {
    const { log, now, lookback } = this.#options;
    return log.offsetAt('readings', now() - lookback);
  }

  #hear(message: FromEvidence): void {
    if (message.kind === 'caught-up') return this.#options.onCaughtUp();
    this.#counters = message.counters;
    this.#options.onSignals(message);
  }

  #died(problem: string): void {
    this.#worker = undefined;
    if (this.#stopping) return;
    this.#options.onProblem(
      `The thread that reads the log for the map died and is started again: ${problem}`,
    );
    this.#restart = setTimeout(() => {
      this.restarts++;
      this.start(this.#metrics);
    }, this.#backoff.next());
  }

  #tell(message: ToEvidence): void {
    this.#worker?.postMessage(message);
  }
}
