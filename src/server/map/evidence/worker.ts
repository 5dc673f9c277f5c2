import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { stepBack } from '../../../launch/priority.ts';
import { openLmdbLog } from '../../../log/lmdb/lmdb-log.ts';
import type { Log } from '../../../log/log.ts';
import type { Signal } from '../../../rooms/map/health.ts';
import { ownSource } from '../../introspection/own-readings.ts';
import type { EvidenceStart, FromEvidence, ToEvidence } from './messages.ts';
import { Picker } from './pick.ts';

/** So long after one look at the log comes the next, ms: part of the time that a change takes. */
const idleMs = 20;
/** How much is read at a stretch. */
const turnBytes = 4 << 20;
/** Signals go to the main thread no more often, ms. */
const postEveryMs = 40;
/** In one message. */
const maxPosted = 2_000;
/** Keys that may wait to be told. */
const maxWaiting = 50_000;
/** That time goes on is told without signals as well, ms. */
const freshEveryMs = 1_000;

/** Follows the readings for what they say of how things are. */
class EvidenceWorker {
  readonly #port: MessagePort;
  readonly #picker = new Picker();
  readonly #waiting = new Map<string, Signal>();
  readonly #counters = { replaced: 0, refused: 0 };
  #next: number;
  /** First reading that is wanted again, because more is looked for than before. */
  #rewind = Number.POSITIVE_INFINITY;
  #stopping = false;
  #freshest: number | undefined;
  #posted = 0;
  #caughtUp = false;

  constructor(port: MessagePort, { from, metrics }: EvidenceStart) {
    this.#port = port;
    this.#next = from;
    this.#picker.want(metrics);
  }

  async run(logDir: string): Promise<void> {
    stepBack('thread', 3);
    const log = await openLmdbLog({ dir: logDir, role: 'reader', now: Date.now });
    this.#port.on('message', (message: ToEvidence) => this.#hear(message));
    while (!this.#stopping) {
      const atHead = await this.#read(log);
      this.#post(Date.now());
      if (atHead && !this.#caughtUp && this.#waiting.size === 0) {
        this.#caughtUp = true;
        this.#tell({ kind: 'caught-up' });
      }
      // Also when there is more: messages must be heard between two turns.
      await (atHead ? sleep(idleMs) : nextTurn());
    }
    await log.close();
    this.#port.close();
  }

  /** Reads for a while; whether there was no more. */
  async #read(log: Log): Promise<boolean> {
    this.#next = Math.min(this.#next, this.#rewind);
    this.#rewind = Number.POSITIVE_INFINITY;
    let bytes = 0;
    for await (const batch of log.read('readings', this.#next, { skipCorrupt: true })) {
      if (batch.source !== ownSource) this.#freshest = batch.received;
      for (const signal of this.#picker.signals(batch)) this.#keep(signal);
      this.#next = batch.first + batch.count;
      bytes += batch.bytes.length;
      if (bytes >= turnBytes) return false;
    }
    return true;
  }

  #keep(signal: Signal): void {
    const known = this.#waiting.get(signal.key);
    if (known) {
      this.#counters.replaced++;
      if (known.time > signal.time) return;
    } else if (this.#waiting.size >= maxWaiting) {
      this.#counters.refused++;
      return;
    }
    this.#waiting.set(signal.key, signal);
  }

  #post(now: number): void {
    const wait = this.#waiting.size > 0 ? postEveryMs : freshEveryMs;
    if (now - this.#posted < wait) return;
    this.#posted = now;
    const signals = [...this.#waiting.values()].slice(0, maxPosted);
    for (const { key } of signals) this.#waiting.delete(key);
    const counters = { ...this.#picker.counters, ...this.#counters };
    this.#tell({ kind: 'signals', signals, freshest: this.#freshest, counters });
  }

  #hear(message: ToEvidence): void {
    if (message.kind === 'stop') {
      this.#stopping = true;
      return;
    }
    this.#picker.want(message.metrics);
    this.#rewind = Math.min(this.#rewind, message.from);
  }

  #tell(message: FromEvidence): void {
    this.#port.postMessage(message);
  }
}

if (parentPort) {
  const start = workerData as EvidenceStart;
  await new EvidenceWorker(parentPort, start).run(start.logDir);
}
