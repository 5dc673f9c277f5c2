/** One query that took long. */
export interface SlowQuery {
  /** When it ended: ms since the epoch. */
  readonly at: number;
  readonly ms: number;
  readonly what: string;
}

const kept = 20;
const recentMs = 3_600_000;

/** The slowest queries of the last hour, slowest first, at most 20. */
export class SlowQueries {
  #list: SlowQuery[] = [];

  add(query: SlowQuery): void {
    this.#list = this.#recent(query.at);
    const place = this.#list.findIndex((other) => other.ms < query.ms);
    this.#list.splice(place < 0 ? this.#list.length : place, 0, query);
    this.#list.length = Math.min(this.#list.length, kept);
  }

  list(now: number): readonly SlowQuery[] {
    return this.#recent(now);
  }

  #recent(now: number): SlowQuery[] {
    return this.#list.filter(({ at }) => at > now - recentMs);
  }
}
