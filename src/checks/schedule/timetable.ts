import { latenessOf, phaseOf, slotFrom } from './slots.ts';

/** Something that is due again and again. */
export interface Timed {
  readonly id: string;
  /** ms, at least 1. */
  readonly interval: number;
  /** The last slot that is accounted for, where it ran before: those since then were missed. */
  readonly accounted?: number;
}

/** A moment at which a check is due: with the check the identity of a run. ms since the epoch, UTC. */
export interface Slot {
  readonly check: string;
  readonly slot: number;
}

/**
 * Slots without a run. `asleep`: nobody was awake to begin them; `still-running`: the run before had
 * not ended; `no-place`: others took all the places; `stopped`: it was not running, or ended in mid-run.
 */
export interface Missed extends Slot {
  readonly why: 'asleep' | 'still-running' | 'no-place' | 'stopped';
  /** The last of them; `slot` is the first. */
  readonly last: number;
  /** How many there are. */
  readonly count: number;
}

/** What is to be done at a moment. */
export interface Due {
  readonly start: readonly Slot[];
  readonly missed: readonly Missed[];
}

interface Entry {
  readonly interval: number;
  readonly phase: number;
  /** The next slot of the interval. */
  next: number;
  /** The last slot that came out. */
  latest: number;
  /** A slot between two of the interval. */
  extra: number | undefined;
  running: number | undefined;
  /** Missed while it runs: told when it ends, so that a check's slots are told in their order. */
  held: Missed[];
}

/**
 * When checks are due. Every slot comes out once, to be started or as missed, and those of one check
 * in their order: what was told up to a slot is all that there is up to it. It has no clock and no
 * timers: `now` is ms since the epoch, UTC.
 */
export class Timetable {
  readonly #entries = new Map<string, Entry>();
  /** Those that are not due any more, and whose run is under way. */
  readonly #leaving = new Map<string, Entry>();
  #missed: Missed[] = [];

  /** What is due from now on. What is known keeps its slots, and its run also when it goes; a new one is due within its interval. */
  set(checks: readonly Timed[], now: number): void {
    const before = new Map([...this.#leaving, ...this.#entries]);
    this.#entries.clear();
    this.#leaving.clear();
    for (const check of checks) {
      const known = before.get(check.id);
      before.delete(check.id);
      if (known?.interval === check.interval) this.#entries.set(check.id, stayed(known, now));
      else this.#entries.set(check.id, this.#begun(check, known, now));
    }
    for (const [id, entry] of before) {
      this.#passed(id, entry, now);
      entry.next = Infinity;
      entry.extra = undefined;
      if (entry.running !== undefined) this.#leaving.set(id, entry);
    }
  }

  /** What is due at this moment. Each that is started has to end. */
  take(now: number): Due {
    const start: Slot[] = [];
    for (const [check, entry] of this.#entries) {
      const slot = this.#due(check, entry, now);
      if (slot === undefined) continue;
      entry.running = slot;
      start.push({ check, slot });
    }
    const missed = this.#missed;
    this.#missed = [];
    return { start, missed };
  }

  /** It has a result, or had no place: then tell that first. Gives what was missed meanwhile. */
  ended({ check, slot }: Slot): readonly Missed[] {
    const entry = this.#entries.get(check) ?? this.#leaving.get(check);
    if (entry?.running !== slot) return [];
    this.#leaving.delete(check);
    entry.running = undefined;
    const { held } = entry;
    entry.held = [];
    return held;
  }

  /** One slot more, where the next of its interval is later. */
  again({ check, slot }: Slot): void {
    const entry = this.#entries.get(check);
    if (entry && entry.latest < slot && slot < entry.next) entry.extra = slot;
  }

  /** When something is due next. */
  next(): number | undefined {
    let first: number | undefined;
    for (const { next, extra = next } of this.#entries.values())
      first = Math.min(first ?? Infinity, next, extra);
    return first;
  }

  /** Nothing is due any more. Gives the slots that have come out and have not ended. */
  stop(now: number): readonly Missed[] {
    for (const [check, entry] of [...this.#leaving, ...this.#entries]) {
      const { running, held } = entry;
      entry.running = undefined;
      if (running !== undefined) {
        this.#miss(check, entry, { from: running, to: running, why: 'stopped' });
        this.#missed.push(...held);
      }
      this.#passed(check, entry, now);
    }
    this.#entries.clear();
    this.#leaving.clear();
    return this.take(now).missed;
  }

  #begun({ id, interval, accounted }: Timed, known: Entry | undefined, now: number): Entry {
    const phase = phaseOf(id, interval);
    const next = slotFrom(now, interval, phase);
    const { running, held = [], latest = -Infinity } = known ?? {};
    const entry: Entry = { interval, phase, next, latest, extra: undefined, running, held };
    if (known) this.#passed(id, { ...known, running }, now);
    else if (accounted !== undefined && accounted < now) {
      const first = slotFrom(accounted + 1, interval, phase);
      if (first < next) this.#miss(id, entry, { from: first, to: next - interval, why: 'stopped' });
    }
    return entry;
  }

  /** The slots up to now of one that is not due any more; its run may still be under way. */
  #passed(id: string, entry: Entry, now: number): void {
    const { next, extra = Infinity, interval, phase } = entry;
    if (extra < Math.min(next, now))
      this.#miss(id, entry, { from: extra, to: extra, why: 'stopped' });
    const to = slotFrom(now, interval, phase) - interval;
    if (next <= to) this.#miss(id, entry, { from: next, to, why: 'stopped' });
  }

  /** The slot to start; those that passed are missed. */
  #due(check: string, entry: Entry, now: number): number | undefined {
    const { interval, phase, running } = entry;
    // The clock went back: the same slots come again, and are known by their identity.
    if (entry.next - now > interval) entry.next = slotFrom(now, interval, phase);
    const { next, extra = Infinity } = entry;
    if (Math.min(next, extra) > now) return undefined;
    const last = next > now ? extra : slotFrom(now + 1, interval, phase) - interval;
    const why = running === undefined ? 'asleep' : 'still-running';
    if (extra < last) this.#miss(check, entry, { from: extra, to: extra, why });
    if (next < last) this.#miss(check, entry, { from: next, to: last - interval, why });
    entry.extra = undefined;
    entry.next = Math.max(next, last + (next > now ? 0 : interval));
    entry.latest = last;
    if (running === undefined && now - last <= latenessOf(interval)) return last;
    this.#miss(check, entry, { from: last, to: last, why });
    return undefined;
  }

  #miss(
    check: string,
    { running, held, interval }: Entry,
    { from, to, why }: { readonly from: number; readonly to: number; readonly why: Missed['why'] },
  ): void {
    const count = Math.round((to - from) / interval) + 1;
    const missed = { check, slot: from, last: to, count, why };
    if (running === undefined) this.#missed.push(missed);
    else held.push(missed);
  }
}

/** One that had gone is due again from now on. */
function stayed(entry: Entry, now: number): Entry {
  if (entry.next === Infinity) entry.next = slotFrom(now, entry.interval, entry.phase);
  return entry;
}
