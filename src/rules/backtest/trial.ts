import type { Event } from '../../event/event.ts';
import type { Decision, EmitDecision } from '../decision.ts';
import { Engine, type RuleStat } from '../engine/engine.ts';
import { emittedDraft } from '../engine/path.ts';
import type { RulePlan } from '../language/plan.ts';
import { operators } from '../operators/table.ts';
import { Findings, type Bounds } from './findings.ts';
import type { Outcome } from './result.ts';

/**
 * The events of so many ms are given to each rule at once, and what a rule emits in them comes back
 * to the others with the next: about as live, where it takes the way over the log. Bound to the
 * clock of the events and not to how they are batched, so that the answer is always the same.
 */
export const sliceMs = 100;

export interface TrialOptions {
  readonly plans: readonly RulePlan[];
  readonly range: { readonly from: number; readonly to: number; readonly every: number };
  readonly bounds: Bounds;
  /** Told of each decision within the range. */
  readonly onDecision?: (decision: Decision) => void;
}

/** Some rules that run over recorded events, with nothing coming of what they decide. */
export class Trial {
  readonly #engine: Engine;
  readonly #findings: Findings;
  readonly #from: number;
  /** Emitted, and not given back yet. */
  #emitted: EmitDecision[] = [];
  #now = Number.NEGATIVE_INFINITY;
  #before: readonly RuleStat[] | undefined;

  /** Throws TERR_RULE_… when a rule cannot run. */
  constructor({ plans, range, bounds, onDecision }: TrialOptions) {
    this.#from = range.from;
    this.#findings = new Findings(
      plans.map(({ name }) => name),
      range,
      bounds,
    );
    this.#engine = new Engine({
      kinds: operators,
      onDecision: (decision) => {
        if (decision.kind === 'emit') this.#emitted.push(decision);
        if (this.#findings.decided(decision)) onDecision?.(decision);
      },
      onProblem: (problem) => this.#findings.problem(problem),
    });
    this.#engine.seat(plans.map((plan) => this.#engine.prepare(plan)));
  }

  /**
   * The events that were received from `start` (ms) on, for `sliceMs`; nothing was between the
   * slice before and this one.
   */
  slice(start: number, events: readonly Event[]): void {
    this.silence(start);
    const back = this.#takeEmitted(start);
    this.#engine.batch(back.length === 0 ? events : [...back, ...events]);
    this.#engine.tick((this.#now = start + sliceMs));
  }

  /** Time goes by without an event until `until`, ms. */
  silence(until: number): void {
    if (this.#now === Number.NEGATIVE_INFINITY) this.#now = until;
    if (until >= this.#from) this.#before ??= this.#engine.stats();
    for (let start = this.#nextWake(); start < until; start = this.#nextWake()) {
      const back = this.#takeEmitted(start);
      if (back.length > 0) this.#engine.batch(back);
      this.#engine.tick((this.#now = start + sliceMs));
    }
    if (this.#now < until) this.#engine.tick((this.#now = until));
  }

  outcome(): Outcome {
    // What comes last is on the log too, though no rule is given it any more.
    this.#takeEmitted(this.#now);
    return this.#findings.outcome(this.#engine.stats(), this.#before ?? []);
  }

  /** Start of the next slice that has something to do though nothing is received in it, ms. */
  #nextWake(): number {
    if (this.#emitted.length > 0) return this.#now;
    const due = this.#engine.runs.reduce(
      (least, run) => Math.min(least, run.dueAt),
      Number.POSITIVE_INFINITY,
    );
    return Math.max(this.#now, Math.floor(due / sliceMs) * sliceMs);
  }

  #takeEmitted(received: number): readonly Event[] {
    if (this.#emitted.length === 0) return [];
    const emitted = this.#emitted;
    this.#emitted = [];
    return emitted.map((decision) => {
      // Made for us alone, so that it need not be copied.
      const event = Object.assign(emittedDraft(decision), { received });
      this.#findings.emitted(decision.rule, event);
      return event;
    });
  }
}
