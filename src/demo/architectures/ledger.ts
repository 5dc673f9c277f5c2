import { askProcess } from '../chaos/ask-process.ts';
import { type GivenItem, type Outcome, outcomeOf } from './outcome.ts';
import type { Published } from './published.ts';

/** Clips whose fate is still looked at; of older ones only the count is kept. */
const maxGiven = 5_000;

/** What the feeds gave since it was opened. */
export class Given {
  readonly #port: number;
  #next: number;
  #items: GivenItem[] = [];

  private constructor(port: number, next: number) {
    this.#port = port;
    this.#next = next;
  }

  /** @param port of the feeds. Throws an Error when they do not answer. */
  static async from(port: number): Promise<Given> {
    const { count } = await askProcess(port, 'GET /items?after=1e15');
    return new Given(port, Number(count));
  }

  get items(): readonly GivenItem[] {
    return this.#items;
  }

  /** Throws an Error when the feeds do not answer. */
  async readOn(): Promise<void> {
    const { items } = await askProcess(this.#port, `GET /items?after=${this.#next - 1}`);
    this.#items.push(...(items as readonly GivenItem[]));
    this.#next = (this.#items.at(-1)?.n ?? this.#next - 1) + 1;
  }

  /** Gives the oldest away, once there are too many. */
  takeOld(): readonly GivenItem[] {
    return this.#items.length > maxGiven ? this.#items.splice(0, maxGiven / 2) : [];
  }
}

/** What came of it in one program, over all its lives. */
export class Ledger {
  readonly #published: Published;
  readonly #overtaking: number;
  #settled: Outcome = { done: 0, lost: 0, twice: 0 };

  /** @param overtaking see `outcomeOf` */
  constructor(published: Published, overtaking: number) {
    this.#published = published;
    this.#overtaking = overtaking;
  }

  async outcome(items: readonly GivenItem[]): Promise<Outcome> {
    await this.#published.readOn();
    return sum(this.#settled, outcomeOf(items, this.#published.times, this.#overtaking));
  }

  /** What came of old ones is counted for good. */
  settle(old: readonly GivenItem[]): void {
    const { times } = this.#published;
    this.#settled = sum(this.#settled, outcomeOf(old, times, this.#overtaking));
    for (const { guid } of old) times.delete(guid);
  }
}

const sum = (one: Outcome, other: Outcome): Outcome => ({
  done: one.done + other.done,
  lost: one.lost + other.lost,
  twice: one.twice + other.twice,
});
