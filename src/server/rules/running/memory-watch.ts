import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Above this share of the limit it is looked for who keeps what it is given. */
const highShare = 0.7;
/** When nobody grew, it is looked again once so much more is held, as a share of the limit. */
const stepShare = 0.05;
const lookEveryMs = 100;
/** Batches over which the growth of each rule is measured, at least and at most. */
const leastBatches = 3;
const mostBatches = 10;
/** Less growth than this is nobody's fault: the engine's own tables, compiled code. */
const leastGrowth = 64 * 1024;

/** What this thread holds, bytes: the heap, and the memory of buffers outside of it. */
export function heldBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

let collect: (() => void) | undefined;

/** Frees what nobody holds any more, now. */
function collectGarbage(): void {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}

interface MemoryOptions {
  /** Bytes. */
  readonly limit: number;
  readonly held?: () => number;
  readonly collect?: () => void;
}

/**
 * Finds the rule that fills the memory. While there is room nothing is measured; when it gets
 * scarce, garbage is collected before and after each rule's turn, and what is held then in addition
 * is what that rule kept.
 */
export class MemoryWatch {
  readonly #limit: number;
  readonly #held: () => number;
  readonly #collect: () => void;
  #growth: Map<string, number> | undefined;
  #rule: string | undefined;
  #before = 0;
  #batches = 0;
  #lookedAt = 0;
  #alarm: number;

  constructor({ limit, held = heldBytes, collect: free = collectGarbage }: MemoryOptions) {
    this.#limit = limit;
    this.#held = held;
    this.#collect = free;
    this.#alarm = limit * highShare;
  }

  get isMeasuring(): boolean {
    return this.#growth !== undefined;
  }

  /** A rule's turn begins. */
  turn(rule: string): void {
    if (!this.#growth) return;
    this.#weigh();
    this.#rule = rule;
  }

  /** All rules have had a batch; the one that must go, when it is known. `now`: ms. */
  batchDone(now: number): string | undefined {
    if (this.#growth) return this.#judge();
    if (now < this.#lookedAt + lookEveryMs) return undefined;
    this.#lookedAt = now;
    if (this.#held() < this.#alarm) return undefined;
    this.#collect();
    if (this.#held() < this.#alarm) return undefined;
    this.#growth = new Map();
    this.#batches = 0;
    this.#rule = undefined;
    return undefined;
  }

  #weigh(): void {
    this.#collect();
    const held = this.#held();
    if (this.#rule !== undefined && this.#growth)
      this.#growth.set(this.#rule, (this.#growth.get(this.#rule) ?? 0) + held - this.#before);
    this.#before = held;
    this.#rule = undefined;
  }

  #judge(): string | undefined {
    this.#weigh();
    this.#batches++;
    const sorted = [...(this.#growth ?? [])].toSorted(([, a], [, b]) => b - a);
    const all = sorted.reduce((sum, [, grown]) => sum + Math.max(0, grown), 0);
    const [rule, grown] = sorted[0] ?? ['', 0];
    const guilty = grown >= leastGrowth && grown >= all / 2;
    if (guilty && this.#batches >= leastBatches) {
      this.#growth = undefined;
      return rule;
    }
    if (this.#batches >= mostBatches) {
      this.#growth = undefined;
      this.#alarm = Math.max(this.#limit * highShare, this.#before + this.#limit * stepShare);
    }
    return undefined;
  }
}
