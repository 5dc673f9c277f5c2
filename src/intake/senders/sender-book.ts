import type { Refused } from '../decoded.ts';
import { redact } from './redact.ts';
import {
  type SenderEntry,
  heard,
  isSilent,
  newSender,
  rateOf,
  turnedAway,
} from './sender-entry.ts';

/** What one intake has done since the start, and when it last heard anything. */
interface Totals {
  accepted: number;
  duplicates: number;
  refused: number;
  readonly refusedBy: Map<string, number>;
  last: number | undefined;
}

/** A sender as it is shown. */
export interface SenderView extends SenderEntry {
  /** Accepted events a second over the last minute. */
  readonly rate: number;
  readonly silent: boolean;
}

/** How often each code was refused. */
export type RefusedBy = Readonly<Record<string, number>>;

/**
 * Everybody who has sent anything, by intake. Bounded: the sender that was heard of longest ago
 * gives way. What an intake did in all is counted apart, so that it stays right then.
 */
export class SenderBook {
  /** Senders that gave way. */
  forgotten = 0;
  readonly limit: number;
  /** In the order in which they were last heard. */
  readonly #senders = new Map<string, SenderEntry>();
  readonly #totals = new Map<string, Totals>();

  constructor(limit: number, kept: readonly SenderEntry[] = []) {
    this.limit = limit;
    for (const entry of kept.toSorted((a, b) => a.last - b.last).slice(-limit))
      this.#senders.set(keyOf(entry.intake, entry.sender), entry);
  }

  get size(): number {
    return this.#senders.size;
  }

  /** Events of a sender that are durable. `at` in ms. */
  accepted(intake: string, sender: string, count: number, at: number): void {
    const totals = this.#totalsOf(intake);
    totals.accepted += count;
    totals.last = Math.max(totals.last ?? 0, at);
    this.#put(heard(this.#find(intake, sender, at), count, at));
  }

  /** Events that the log had already. */
  duplicates(intake: string, count: number): void {
    this.#totalsOf(intake).duplicates += count;
  }

  /** Something of a sender that was refused, as often as `count`; `at` in ms. */
  refused(
    { intake, sender, count = 1 }: { intake: string; sender: string; count?: number },
    { code, message, sample }: Refused,
    at: number,
  ): void {
    const totals = this.#totalsOf(intake);
    totals.refused += count;
    totals.refusedBy.set(code, (totals.refusedBy.get(code) ?? 0) + count);
    totals.last = Math.max(totals.last ?? 0, at);
    const problem = {
      at,
      code,
      message: redact(message),
      ...(sample !== undefined && sample !== '' && { sample: redact(sample) }),
    };
    this.#put(turnedAway(this.#find(intake, sender, at), count, problem));
  }

  /** Everything that was lost without anybody knowing whose it was, such as dropped datagrams. */
  lost(intake: string, code: string, count: number): void {
    const totals = this.#totalsOf(intake);
    totals.refused += count;
    totals.refusedBy.set(code, (totals.refusedBy.get(code) ?? 0) + count);
  }

  totals(intake: string): {
    readonly accepted: number;
    readonly duplicates: number;
    readonly refused: number;
    readonly refusedBy: RefusedBy;
    readonly last: number | undefined;
  } {
    const { refusedBy, ...rest } = this.#totalsOf(intake);
    return { ...rest, refusedBy: Object.fromEntries(refusedBy) };
  }

  /** The last heard first. */
  list(now: number): SenderView[] {
    return [...this.#senders.values()]
      .toReversed()
      .map((one) => ({ ...one, rate: rateOf(one, now), silent: isSilent(one, now) }));
  }

  /** To be kept over a restart. */
  entries(): readonly SenderEntry[] {
    return [...this.#senders.values()];
  }

  /** Forgets one that will not come back; whether it was known. */
  forget(intake: string, sender: string): boolean {
    return this.#senders.delete(keyOf(intake, sender));
  }

  #find(intake: string, sender: string, at: number): SenderEntry {
    return this.#senders.get(keyOf(intake, sender)) ?? newSender(intake, sender, at);
  }

  #put(entry: SenderEntry): void {
    const key = keyOf(entry.intake, entry.sender);
    this.#senders.delete(key);
    this.#senders.set(key, entry);
    if (this.#senders.size <= this.limit) return;
    const [oldest] = this.#senders.keys();
    if (oldest !== undefined) this.#senders.delete(oldest);
    this.forgotten++;
  }

  #totalsOf(intake: string): Totals {
    const known = this.#totals.get(intake);
    if (known) return known;
    const counts = { accepted: 0, duplicates: 0, refused: 0 };
    const fresh: Totals = { ...counts, refusedBy: new Map(), last: undefined };
    this.#totals.set(intake, fresh);
    return fresh;
  }
}

function keyOf(intake: string, sender: string): string {
  return `${intake}\u0000${sender.slice(0, 200)}`;
}
