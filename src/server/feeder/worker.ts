import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { streamNames } from '../../event/event.ts';
import type { BlockBuilder } from '../../history/block-builder.ts';
import { stepBack } from '../../launch/priority.ts';
import { openLmdbLog } from '../../log/lmdb/lmdb-log.ts';
import { Folds } from './folds.ts';
import { type Finished, Follower } from './follower.ts';
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts';

/** Files that may be on their way into history at once, of both streams together. */
const mostOutstanding = 3;
const idleMs = 40;
const noteEveryMs = 20_000;
const countEveryMs = 1_000;

/**
 * The thread that follows the log: it scans each event once, for the columns of history and for
 * the folds. It writes files and messages only; what must be durable is the main thread's.
 */
class LogWorker {
  readonly #port: MessagePort;
  readonly #start: WorkerStart;
  readonly #folds: Folds;
  #followers: readonly Follower[] = [];
  #outstanding = 0;
  #stopping = false;
  #files = 0;
  #notedAt = Date.now();
  #countedAt = 0;

  constructor(port: MessagePort, start: WorkerStart) {
    this.#port = port;
    this.#start = start;
    this.#folds = new Folds(start);
  }

  async run(): Promise<void> {
    stepBack('thread', 5);
    const { logDir } = this.#start;
    const log = await openLmdbLog({ dir: logDir, role: 'reader', now: Date.now });
    this.#followers = streamNames.map((stream) => {
      const use = {
        mayFinish: () => this.#outstanding < mostOutstanding,
        finish: (block: BlockBuilder, as: Finished) => this.#finish(block, as),
        lost: (span: Finished['span']) => this.#tell({ kind: 'lost', stream, span }),
      };
      return new Follower(log, stream, use, {
        ...this.#start.streams[stream],
        foldsNext: this.#folds.next(stream),
        blockAgeMs: this.#start.blockAgeMs,
      });
    });
    this.#port.on('message', (message: ToWorker) => this.#hear(message));
    while (!this.#stopping) await this.#round();
    this.#note(true);
    this.#count(true);
    await log.close();
    this.#port.close();
  }

  async #round(): Promise<void> {
    let busy = false;
    for (const follower of this.#followers) busy = (await follower.turn(Date.now())) || busy;
    this.#note(false);
    this.#count(false);
    // Also when busy: messages must be heard between two turns.
    await (busy ? nextTurn() : sleep(idleMs));
  }

  #finish(block: BlockBuilder, { use, span, received }: Finished): void {
    this.#folds.fold(block);
    if (use === 'fold' || !this.#start.inserts) return;
    const { stream, rows } = block;
    const path = join(this.#start.spool, `${stream}-${span[0]}-${this.#files++}.arrow`);
    writeFileSync(path, block.encode());
    this.#outstanding++;
    const [first, last] = span;
    this.#tell({ kind: 'block', block: { stream, first, last, rows, path }, received });
  }

  #hear(message: ToWorker): void {
    switch (message.kind) {
      case 'taken':
        this.#outstanding--;
        return;
      case 'stop':
        this.#stopping = true;
        return;
      case 'catalogue':
        return this.#tell({
          kind: 'catalogue',
          id: message.id,
          answer: this.#folds.catalogueAnswer(),
        });
      case 'seen':
        return this.#tell({ kind: 'seen', id: message.id, answer: this.#folds.seenAnswer() });
      case 'latest':
        return this.#latest(message);
    }
  }

  #latest({ id, where, limit }: Extract<ToWorker, { kind: 'latest' }>): void {
    try {
      const answer = this.#folds.latestAnswer(where, limit, Date.now());
      this.#tell({ kind: 'latest', id, answer });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#tell({ kind: 'failed', id, message });
    }
  }

  #note(now: boolean): void {
    if (!now && Date.now() < this.#notedAt + noteEveryMs) return;
    this.#notedAt = Date.now();
    const note = this.#folds.note(this.#notedAt);
    if (note) this.#tell({ kind: 'folds', note });
  }

  #count(now: boolean): void {
    if (!now && Date.now() < this.#countedAt + countEveryMs) return;
    this.#countedAt = Date.now();
    const sum = (of: (follower: Follower) => number): number =>
      this.#followers.reduce((total, follower) => total + of(follower), 0);
    const counters = {
      undecodable: sum((follower) => follower.undecodable),
      skipped: sum((follower) => follower.skipped),
      catalogueRefused: this.#folds.catalogue.refused,
      latestRefused: this.#folds.latest.refused,
      latestHeld: this.#folds.latest.size,
      placesRefused: this.#folds.places.refused,
      placesHeld: this.#folds.places.size,
      callsRefused: this.#folds.calls.refused,
      callsHeld: this.#folds.calls.size,
    };
    this.#tell({ kind: 'counters', counters });
  }

  #tell(message: FromWorker): void {
    this.#port.postMessage(message);
  }
}

if (parentPort) await new LogWorker(parentPort, workerData as WorkerStart).run();
