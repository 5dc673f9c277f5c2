import {
  type Life,
  type LifeHappening,
  type LifeSettings,
  advance,
  startLife,
} from '../../../rooms/checks/life.ts';
import { type Ledger, emptyLedger, recordRun } from '../../../rooms/checks/ledger.ts';
import type { CheckRun } from '../../../rooms/checks/run.ts';
import type { Outcome } from './readings.ts';

/** Outcomes of one check that are remembered, the newest. */
export const maxOutcomes = 100;

/** What is known of one check from its runs. It is never changed, only replaced. */
export interface Lived {
  readonly life: Life;
  /** The oldest first. */
  readonly outcomes: readonly Outcome[];
  /** How often it changes its mind. */
  readonly ledger: Ledger;
  /** The alert that was last told of it. */
  readonly alarm: string | undefined;
  /** Slots that had a run or were missed since it is known, and those that were missed. */
  readonly slots: number;
  readonly missed: number;
}

/** How the life of a check goes, and how often it is run. */
export interface LifeGround {
  readonly settingsOf: (check: string) => LifeSettings;
}

/** What happened to a check when something was told of it. */
export interface Folded {
  readonly check: string;
  readonly happenings: readonly LifeHappening[];
}

const checkOf = (outcome: Outcome): string =>
  outcome.kind === 'run' ? outcome.run.check : outcome.missed.check;

export const slotOf = (outcome: Outcome): number =>
  outcome.kind === 'run' ? outcome.run.slot : outcome.missed.slot;

/** What comes so far before the last is of a clock that was ahead, and was put right, ms. */
const setBack = 60_000;

/** Whether a slot was taken up before. */
function isKnown(outcomes: readonly Outcome[], slot: number): boolean {
  const last = outcomes.at(-1);
  if (!last || slot > slotOf(last)) return false;
  return slot > slotOf(last) - setBack || outcomes.some((one) => slotOf(one) === slot);
}

/** A check as it is known when a clock that was ahead is put right: nothing was later than now. */
function withClock(lived: Lived, slot: number): Lived {
  const latest = lived.outcomes.at(-1);
  if (!latest || slot > slotOf(latest)) return lived;
  const { last } = lived.life;
  const before = slot - 1;
  return {
    ...lived,
    outcomes: lived.outcomes.filter((one) => slotOf(one) < slot),
    life: {
      ...lived.life,
      last: last && { ...last, slot: before, started: before, ended: before },
      away: undefined,
      graceUntil: undefined,
    },
  };
}

/** The lives of all checks, as their readings tell them. */
export class Lives {
  readonly #ground: LifeGround;
  #all = new Map<string, Lived>();

  constructor(ground: LifeGround) {
    this.#ground = ground;
  }

  get(check: string): Lived | undefined {
    return this.#all.get(check);
  }

  /** A check is known since `at`, ms since the epoch. */
  begin(check: string, at: number): Lived {
    const known = this.#all.get(check);
    if (known) return known;
    const life = startLife(at, this.#ground.settingsOf(check).policy);
    const lived: Lived = {
      life,
      outcomes: [],
      ledger: emptyLedger,
      alarm: undefined,
      slots: 0,
      missed: 0,
    };
    this.#all.set(check, lived);
    return lived;
  }

  /** There are these checks by now, and no others. */
  only(checks: ReadonlyMap<string, unknown>, at: number): void {
    for (const check of this.#all.keys()) if (!checks.has(check)) this.#all.delete(check);
    for (const check of checks.keys()) this.begin(check, at);
  }

  /** Takes an outcome up; undefined where it was taken up before. */
  fold(outcome: Outcome): Folded | undefined {
    const check = checkOf(outcome);
    const slot = slotOf(outcome);
    const begun = this.begin(check, slot);
    if (isKnown(begun.outcomes, slot)) return undefined;
    const lived = withClock(begun, slot);
    const input =
      outcome.kind === 'run'
        ? ({ kind: 'run', run: outcome.run } as const)
        : ({ kind: 'missed', missed: outcome.missed } as const);
    const { life, happenings } = advance(check, lived.life, input, this.#ground.settingsOf(check));
    const slots = outcome.kind === 'run' ? 1 : outcome.missed.slots;
    this.#all.set(check, {
      ...lived,
      life,
      ledger: outcome.kind === 'run' ? recordRun(lived.ledger, outcome.run) : lived.ledger,
      outcomes: [...lived.outcomes.slice(1 - maxOutcomes), outcome],
      slots: lived.slots + slots,
      missed: lived.missed + (outcome.kind === 'run' ? 0 : slots),
    });
    return { check, happenings };
  }

  /** The stream's clock has come to `now`: what has no result for too long is stale. */
  tick(check: string, now: number): Folded | undefined {
    const lived = this.#all.get(check);
    if (!lived) return undefined;
    const settings = this.#ground.settingsOf(check);
    const { life, happenings } = advance(check, lived.life, { kind: 'clock', at: now }, settings);
    if (life !== lived.life) this.#all.set(check, { ...lived, life });
    return happenings.length === 0 ? undefined : { check, happenings };
  }

  /** Nothing was run until `now`: that there are no results says nothing of the checks. */
  returned(now: number): void {
    for (const [check, lived] of this.#all) {
      const settings = this.#ground.settingsOf(check);
      const { life } = advance(check, lived.life, { kind: 'returned', at: now }, settings);
      this.#all.set(check, { ...lived, life });
    }
  }

  /** The alert of a check is told. */
  told(check: string, alarm: string | undefined): void {
    const lived = this.#all.get(check);
    if (lived) this.#all.set(check, { ...lived, alarm });
  }

  /** All as they are now; what is in it does not change any more. */
  all(): ReadonlyMap<string, Lived> {
    return new Map(this.#all);
  }

  /** Goes on from what was kept. */
  restore(all: ReadonlyMap<string, Lived>): void {
    this.#all = new Map(all);
  }
}

/** The runs that are remembered of a check, the oldest first. */
export const runsOf = (lived: Lived | undefined): readonly CheckRun[] =>
  (lived?.outcomes ?? []).flatMap((one) => (one.kind === 'run' ? [one.run] : []));
