import type { Intake, PlacedEvent } from '../../src/server/api/contract.ts';
import type { Api } from './api.suite.ts';

interface Kind {
  readonly type: string;
  /** Events in one request. */
  readonly batch: number;
  /** Without ids an event cannot be sent again safely: what had no answer may or may not be there. */
  readonly withIds?: boolean;
}

interface Message {
  readonly id?: string;
  readonly type: string;
  readonly source: string;
  readonly metric: number;
}

/**
 * A sender as they should be: it waits for the answer of one request before the next, and sends
 * again, with the same ids, what got none.
 */
export class Writer {
  readonly #name: string;
  readonly #kind: Required<Kind>;
  #next = 1;
  #unanswered: readonly Message[] | undefined;
  readonly #acknowledged: Message[] = [];
  /** Sent without an id and never answered. */
  #unknown = 0;

  constructor(name: string, kind: Kind) {
    this.#name = name;
    this.#kind = { withIds: true, ...kind };
  }

  /** Sends until the server goes away. */
  async write(server: Api): Promise<void> {
    let goesOn = true;
    // oxlint-disable-next-line no-await-in-loop -- one request after the other
    while (goesOn) goesOn = await this.#once(server);
  }

  /** Sends again what has no answer yet. */
  async settle(server: Api): Promise<void> {
    if (this.#unanswered && !(await this.#once(server)))
      throw new Error(`${this.#name} was not answered by a server that is there`);
  }

  /** The ids of what was acknowledged, in the order of sending. */
  ids(): string[] {
    return this.#acknowledged.map(({ id }) => id ?? '');
  }

  /** What is not as it must be: each acknowledged event is among `held` exactly once, no other is. */
  wrongIn(held: readonly PlacedEvent[]): string[] {
    const mine = held.filter(({ source }) => source === `/writers/${this.#name}`);
    const there = new Set(mine.map(({ metric }) => metric));
    const lost = this.#acknowledged.filter(({ metric }) => !there.has(metric));
    const extra = there.size - this.#acknowledged.length;
    return [
      ...lost.slice(0, 5).map(({ metric }) => `${this.#name}: ${metric} is lost`),
      ...(there.size < mine.length ? [`${this.#name}: ${mine.length - there.size} doubled`] : []),
      ...(extra > this.#unknown ? [`${this.#name}: ${extra} came from nowhere`] : []),
      ...(this.#acknowledged.length < 20 ? [`${this.#name} hardly wrote`] : []),
    ];
  }

  async #once(server: Api): Promise<boolean> {
    const messages = this.#unanswered ?? this.#fresh();
    this.#unanswered = messages;
    const body = messages.length === 1 ? messages[0] : messages;
    let answer: { readonly status: number; readonly json: Intake };
    try {
      answer = await server.send(body);
    } catch {
      if (!this.#kind.withIds) {
        this.#unanswered = undefined;
        this.#unknown += messages.length;
      }
      return false;
    }
    const { accepted, duplicates } = answer.json;
    if (answer.status !== 200 || accepted + duplicates !== messages.length)
      throw new Error(`${this.#name} was answered ${answer.status} ${JSON.stringify(answer.json)}`);
    this.#acknowledged.push(...messages);
    this.#unanswered = undefined;
    return true;
  }

  #fresh(): Message[] {
    const { type, batch, withIds } = this.#kind;
    return Array.from({ length: batch }, () => {
      const metric = this.#next++;
      const id = withIds ? { id: `${this.#name}-${metric}` } : {};
      return { ...id, type, source: `/writers/${this.#name}`, metric };
    });
  }
}
