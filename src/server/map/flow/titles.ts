import type { Log } from '../../../log/log.ts';
import type { ThreadGraph } from '../../../rooms/thread/graph.ts';
import type { Key } from '../../../rooms/thread/thing.ts';
import { readFacts } from '../../thread/facts.ts';
import { wordsOf } from '../../thread/words.ts';

/** Titles that are kept; the oldest give way. */
const maxTitles = 5000;

/** What people call things, read from the log and kept. */
export class Titles {
  /** By the offset of the fact that has it; null: it has none. */
  readonly #known = new Map<number, string | null>();

  async of(log: Log, graph: ThreadGraph, keys: readonly Key[]): Promise<Map<Key, string>> {
    const offsets = new Map(keys.map((key) => [key, offsetsOf(graph, key)] as const));
    await this.#read(log, [...new Set([...offsets.values()].flat())]);
    const titles = new Map<Key, string>();
    for (const [key, all] of offsets) {
      const title = all
        .map((offset) => this.#known.get(offset))
        .find((one) => one !== undefined && one !== null);
      if (title !== undefined && title !== null) titles.set(key, title);
    }
    for (const offset of this.#known.keys()) {
      if (this.#known.size <= maxTitles) break;
      this.#known.delete(offset);
    }
    return titles;
  }

  async #read(log: Log, offsets: readonly number[]): Promise<void> {
    const missing = offsets.filter((offset) => !this.#known.has(offset));
    if (missing.length === 0) return;
    const facts = await readFacts(log, missing);
    for (const offset of missing) {
      const fact = facts.get(offset);
      this.#known.set(offset, (fact && wordsOf(fact).title) ?? null);
    }
  }
}

/** Of the last and the first fact about it: a title may be changed, and is not in all facts. */
function offsetsOf(graph: ThreadGraph, key: Key): number[] {
  const slot = graph.slots.get(key) ?? 0;
  const { lastOffset, firstOffset } = graph.things;
  return [lastOffset[slot] ?? 0, firstOffset[slot] ?? 0].filter((offset) => offset > 0);
}
