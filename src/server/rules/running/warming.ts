import type { Event } from '../../../event/event.ts';
import type { AlertDecision, Decision } from '../../../rules/decision.ts';
import { Engine, type EngineOptions } from '../../../rules/engine/engine.ts';
import { keyText } from '../../../rules/engine/keys.ts';
import { retentionOf } from '../../../rules/engine/retention.ts';
import type { RuleSnapshot } from '../../../rules/engine/snapshot.ts';
import type { RulePlan } from '../../../rules/language/plan.ts';
import type { Cursors } from './messages.ts';

/** Reads the log between two places, as far as it gets; answers how far that was. */
export type ReadSome = (
  from: Cursors,
  to: Cursors,
  take: (events: readonly Event[]) => boolean,
) => Promise<Cursors>;

/** What a rule knows after it was given the past. */
export interface Warmed {
  readonly plan: RulePlan;
  readonly state: RuleSnapshot;
  /** Why it was stopped meanwhile. */
  readonly stopped: string | undefined;
}

export type WarmingOptions = Omit<EngineOptions, 'cost'>;

/** Which part of the past rules are given. */
export interface Past {
  readonly from: Cursors;
  /** Where the others stood when these rules were put in: what is behind it is not the past. */
  readonly born: Cursors;
  /** Names of those that run for the first time; of the others the old version goes on meanwhile. */
  readonly fresh: readonly string[];
}

/**
 * Rules that are given the past, at the side of those that run. What they decide about it is muted,
 * as it was for others to decide when it happened; of a fresh rule only until it was put in. Where
 * each alert stands when that ends is told, since it is about now: an alert that another version
 * opened gets its end, and a condition that holds already is not missed.
 */
export class Warming {
  readonly plans: readonly RulePlan[];
  #cursors: Cursors;
  readonly #past: Past;
  readonly #options: WarmingOptions;
  readonly #engine: Engine;
  readonly #muted: Set<string>;
  readonly #standing = new Map<string, AlertDecision>();

  constructor(plans: readonly RulePlan[], past: Past, options: WarmingOptions) {
    this.plans = plans;
    this.#past = past;
    this.#cursors = past.from;
    this.#options = options;
    this.#muted = new Set(plans.map(({ name }) => name));
    this.#engine = new Engine({ ...options, onDecision: (decision) => this.#hear(decision) });
    this.#engine.seat(plans.map((plan) => this.#engine.prepare(plan)));
  }

  /** Goes on for about `ms`; whether it has come to `to`. */
  async turn(to: Cursors, ms: number, read: ReadSome): Promise<boolean> {
    const end = performance.now() + ms;
    const take = (events: readonly Event[]): boolean => {
      this.#engine.batch(events);
      return performance.now() < end;
    };
    const { born, fresh } = this.#past;
    if (!isAt(this.#cursors, born)) this.#cursors = await read(this.#cursors, born, take);
    if (!isAt(this.#cursors, born)) return false;
    for (const rule of fresh) this.#unmute(rule);
    this.#cursors = await read(this.#cursors, to, take);
    return isAt(this.#cursors, to);
  }

  end(): readonly Warmed[] {
    for (const rule of this.#muted) this.#unmute(rule);
    const stats = this.#engine.stats();
    return this.#engine.runs.map((run, i) => ({
      plan: run.plan,
      state: run.snapshot(),
      stopped: stats[i]?.stopped,
    }));
  }

  #hear(decision: Decision): void {
    if (!this.#muted.has(decision.rule)) this.#options.onDecision(decision);
    else if (decision.kind === 'alert')
      this.#standing.set(`${decision.rule}/${keyText(decision.key)}`, decision);
  }

  #unmute(rule: string): void {
    if (!this.#muted.delete(rule)) return;
    for (const [key, decision] of this.#standing)
      if (decision.rule === rule) {
        this.#standing.delete(key);
        this.#options.onDecision(decision);
      }
  }
}

function isAt(cursors: Cursors, to: Cursors): boolean {
  return cursors.facts >= to.facts && cursors.readings >= to.readings;
}

/** How much of the past rules need together, ms. */
export function pastNeeded(plans: readonly RulePlan[], kinds: EngineOptions['kinds']): number {
  return Math.max(0, ...plans.map((plan) => retentionOf(plan, kinds)));
}

/** Of a snapshot only what is kept under some addresses. */
export function onlyAddresses(state: RuleSnapshot, wanted: readonly string[]): RuleSnapshot {
  const slots = state.addresses.flatMap((address, i) => (wanted.includes(address) ? [i] : []));
  const only = (scope: RuleSnapshot['root']) => ({
    ...scope,
    states: slots.map((slot) => scope.states[slot]),
  });
  return {
    ...state,
    addresses: slots.map((slot) => state.addresses[slot] ?? ''),
    root: only(state.root),
    tables: state.tables.map(({ fields, scopes }) => ({ fields, scopes: scopes.map(only) })),
    timers: state.timers.filter(({ address }) => wanted.includes(address)),
  };
}
