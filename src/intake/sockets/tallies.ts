import type { Refused } from '../decoded.ts';
import type { Tally } from './messages.ts';

interface Count {
  readonly intake: string;
  readonly sender: string;
  at: number;
  sampled: number;
  readonly refused: Map<string, { count: number; last: Refused }>;
}

/** Codes told apart of one sender between two messages; there are not so many. */
const maxCodes = 20;

/**
 * Counts samples and refusals by sender between two messages to the main thread. Bounded: beyond
 * `limit` senders what comes from new ones is counted for the sender `others`.
 */
export class Tallies {
  readonly #limit: number;
  #counts = new Map<string, Map<string, Count>>();
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  sampled(intake: string, sender: string, { count, at }: { count: number; at: number }): void {
    const own = this.#of(intake, sender);
    own.sampled += count;
    own.at = at;
  }

  refused(intake: string, sender: string, { refused, at }: { refused: Refused; at: number }): void {
    const own = this.#of(intake, sender);
    own.at = at;
    const known = own.refused.get(refused.code);
    if (known === undefined && own.refused.size < maxCodes)
      own.refused.set(refused.code, { count: 1, last: refused });
    else if (known !== undefined) {
      known.count++;
      known.last = refused;
    }
  }

  /** What was counted since the last time. */
  take(): Tally[] {
    const all = [...this.#counts.values()].flatMap((bySender) => [...bySender.values()]);
    this.#counts = new Map();
    this.#size = 0;
    return all.map(({ refused, ...rest }) => ({ ...rest, refused: [...refused.values()] }));
  }

  #of(intake: string, sender: string): Count {
    let bySender = this.#counts.get(intake);
    if (bySender === undefined) this.#counts.set(intake, (bySender = new Map<string, Count>()));
    const known = bySender.get(sender);
    if (known) return known;
    if (this.#size >= this.#limit && sender !== others) return this.#of(intake, others);
    const fresh: Count = { intake, sender, at: 0, sampled: 0, refused: new Map() };
    bySender.set(sender, fresh);
    this.#size++;
    return fresh;
  }
}

const others = 'others';
