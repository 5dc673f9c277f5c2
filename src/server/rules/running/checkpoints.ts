import type { Engine, RuleProblem } from '../../../rules/engine/engine.ts';
import type { RuleSnapshot } from '../../../rules/engine/snapshot.ts';
import { encodeCheckpoint, encodeRule, writeCheckpoint } from './checkpoint.ts';
import type { Cursors } from './messages.ts';

interface CheckpointsOptions {
  readonly path: string;
  readonly everyMs: number;
  readonly onProblem: (problem: RuleProblem) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** Making checkpoints takes at most this share of the time: rules wait meanwhile. */
const mostShare = 0.005;
/** But one is made so often at least, ms, however long it takes. */
const longestMs = 300_000;

/** What is to be kept, and after which message of decisions. */
interface Point {
  readonly body: Buffer;
  readonly seq: number;
}

/**
 * Writes down what the rules know, every now and then. A checkpoint is made at once and written
 * only when every decision before it is durable: the log must never be read on behind a decision
 * that was lost.
 */
export class Checkpoints {
  readonly #options: CheckpointsOptions;
  readonly #unkept = new Set<string>();
  #point: Point | undefined;
  #writing: Promise<void> | undefined;
  #at: number;
  #isNew = false;
  #tookMs = 0;
  #isWanted = true;

  constructor(options: CheckpointsOptions, now: number) {
    this.#options = options;
    this.#at = now;
  }

  /** One is made at the next opportunity. */
  want(): void {
    this.#isWanted = true;
  }

  /** There is something that the last one does not have. */
  change(): void {
    this.#isNew = true;
  }

  /** Makes one when it is time; `seq` is the last message of decisions. */
  make(
    now: number,
    engine: Engine,
    state: { readonly cursors: Cursors; readonly seq: number },
  ): void {
    const every = Math.max(this.#options.everyMs, Math.min(this.#tookMs / mostShare, longestMs));
    const isTime = now >= this.#at + every && this.#isNew;
    if ((!this.#isWanted && !isTime) || this.#point || this.#writing) return;
    this.#isWanted = false;
    this.#at = now;
    this.#isNew = false;
    const start = performance.now();
    const rules = engine.snapshot().flatMap((snapshot) => this.#encode(snapshot) ?? []);
    this.#point = { body: encodeCheckpoint(state.cursors, rules), seq: state.seq };
    this.#tookMs = performance.now() - start;
  }

  /** Writes the one that was made, when everything up to `durable` allows it. */
  write(durable: number): void {
    if (!this.#point || this.#writing || this.#point.seq > durable) return;
    const { body } = this.#point;
    this.#point = undefined;
    this.#writing = writeCheckpoint(this.#options.path, body)
      .catch(this.#options.onTrouble)
      .finally(() => (this.#writing = undefined));
  }

  /** The next one takes the place of one that waits to be written; resolves when none is written. */
  async restart(): Promise<void> {
    this.#point = undefined;
    this.#isWanted = true;
    await this.#writing;
  }

  /** Resolves when none is being written. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  /** The state of a rule as bytes; undefined when it is no plain data, which is told once. */
  #encode(snapshot: RuleSnapshot): Buffer | undefined {
    try {
      return encodeRule(snapshot);
    } catch (error) {
      const { rule, clock } = snapshot;
      if (this.#unkept.has(rule)) return undefined;
      this.#unkept.add(rule);
      const reason = error instanceof Error ? error.message : String(error);
      const message = `what it knows can't be kept over a restart: ${reason}; a fold's state must be plain data`;
      this.#options.onProblem({ kind: 'failed', rule, at: clock, message });
      return undefined;
    }
  }
}
