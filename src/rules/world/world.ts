import type { Draft, Event } from '../../event/event.ts';
import { parseDuration } from '../../event/quantity.ts';
import type { Decision } from '../decision.ts';
import { Engine, type RuleProblem, type RuleStat } from '../engine/engine.ts';
import { ruleError } from '../errors.ts';
import { collectRulesNow } from '../language/collect.ts';
import type { Duration } from '../language/check-args.ts';
import type { RulePlan } from '../language/plan.ts';
import { operators } from '../operators/table.ts';
import { loadRules } from './load.ts';

/** When something happens in a world: a length of time after its start, or ms since the epoch. */
export type Moment = Duration | '0s' | number;

/** What a test sends: an event of which all but what matters may be left out. */
export type TestEvent = Partial<Draft>;

type OfKind<K extends Decision['kind']> = Extract<Decision, { kind: K }>;

/** Rules in a time of their own: nothing happens but what the test says. */
export interface World {
  /** An event that happens, and arrives, at this time; `time` in it makes it late. */
  readonly at: (moment: Moment, event: TestEvent) => void;
  /** Lets so much time go by without an event. */
  readonly advance: (time: Duration) => void;
  /** What rules put on the log so far, with the time of each; of one name or rule only when given. */
  readonly out: (name?: string) => readonly Event[];
  /** The decisions so far, of one kind. */
  readonly actions: <K extends Decision['kind']>(kind: K) => readonly OfKind<K>[];
  /** Every decision so far, in order. */
  readonly decisions: () => readonly Decision[];
  readonly problems: () => readonly RuleProblem[];
  readonly stats: () => readonly RuleStat[];
  /** Puts other rules in place of these, as saving the file does; unchanged operators keep their state. */
  readonly reload: (rules: Rules) => void;
  /** The decisions that a fresh world makes of all events so far: those of a backtest. */
  readonly replay: () => readonly Decision[];
}

/** A rule file, or a function that declares rules. */
export type Rules = string | (() => void);

/** Midnight of a leap day: divisible by every usual window. */
const start = Date.UTC(2024, 1, 29);

/** A world with these rules. Throws what loading them throws. */
export function world(rules: Rules): World {
  const made = new TestWorld(plansOf(rules));
  return {
    at: (moment, event) => made.at(moment, event),
    advance: (time) => made.advance(time),
    out: (name) => made.out(name),
    actions: <K extends Decision['kind']>(kind: K) =>
      made.decided.filter((one): one is OfKind<K> => one.kind === kind),
    decisions: () => made.decided,
    problems: () => made.problems,
    stats: () => made.engine.stats(),
    reload: (next) => made.reload(plansOf(next)),
    replay: () => made.replay(),
  };
}

function plansOf(rules: Rules): readonly RulePlan[] {
  return typeof rules === 'string' ? loadRules(rules) : collectRulesNow(rules);
}

class TestWorld {
  readonly decided: Decision[] = [];
  readonly problems: RuleProblem[] = [];
  readonly engine: Engine;
  #plans: readonly RulePlan[];
  #now = start;
  #count = 0;
  /** Everything that happened: events, and times that went by. */
  readonly #past: (Event | number)[] = [];

  constructor(plans: readonly RulePlan[]) {
    this.#plans = plans;
    this.engine = new Engine({
      kinds: operators,
      onDecision: (decision) => this.decided.push(decision),
      onProblem: (problem) => this.problems.push(problem),
    });
    this.engine.seat(plans.map((plan) => this.engine.prepare(plan)));
    this.engine.tick(start);
  }

  at(moment: Moment, event: TestEvent): void {
    const at = momentOf(moment);
    if (at < this.#now)
      throw ruleError(
        'ARGUMENT',
        `at(${JSON.stringify(moment)}): it is later already; give a late event an early "time"`,
      );
    this.#now = at;
    const whole: Event = {
      id: `test-${++this.#count}`,
      type: 'metric',
      source: 'test',
      time: at,
      ...event,
      received: at,
    };
    this.#past.push(whole);
    this.engine.batch([whole]);
  }

  advance(time: Duration): void {
    this.#now += lengthOf(time);
    this.#past.push(this.#now);
    this.engine.tick(this.#now);
  }

  out(name?: string): readonly Event[] {
    return this.decided.flatMap((one) => {
      if (one.kind !== 'emit' || !(name === undefined || [one.rule, one.event.name].includes(name)))
        return [];
      const { id, at } = one;
      return [{ source: 'territory/rules', time: at, ...one.event, id, received: at }];
    });
  }

  reload(plans: readonly RulePlan[]): void {
    const before = this.engine.snapshot();
    this.#plans = plans;
    this.engine.seat(
      plans.map((plan) => {
        const run = this.engine.prepare(plan);
        const snapshot = before.find((one) => one.rule === plan.name);
        if (snapshot) run.restore(structuredClone(snapshot));
        return run;
      }),
    );
    this.engine.tick(this.#now);
  }

  replay(): readonly Decision[] {
    const again = new TestWorld(this.#plans);
    for (const one of this.#past)
      if (typeof one === 'number') again.engine.tick(one);
      else again.engine.batch([one]);
    return again.decided;
  }
}

function momentOf(moment: Moment): number {
  return typeof moment === 'number' ? moment : start + lengthOf(moment);
}

function lengthOf(time: string): number {
  const ms = parseDuration(time);
  if (ms === undefined)
    throw ruleError('ARGUMENT', `"${time}" is no length of time; write e.g. '30s' or '2m'`);
  return ms;
}
