import type { Event } from '../../event/event.ts';
import type { Decision } from '../decision.ts';
import type { RulePlan } from '../language/plan.ts';
import type { OperatorKind } from './operator.ts';
import { type RuleCounters, RuleRun } from './rule-run.ts';
import type { RuleSnapshot } from './snapshot.ts';

/** Something that went wrong inside one rule. */
export interface RuleProblem {
  readonly kind: 'failed' | 'stopped' | 'capped';
  readonly rule: string;
  /** Clock of the engine, ms. */
  readonly at: number;
  readonly message: string;
}

export interface EngineOptions {
  readonly kinds: ReadonlyMap<string, OperatorKind>;
  readonly onDecision: (decision: Decision) => void;
  readonly onProblem: (problem: RuleProblem) => void;
  /** A clock for what a rule costs, ms with fractions; never for what it decides. None: not measured. */
  readonly cost?: () => number;
  /** What is said of an error that a rule threw; its message when left out. */
  readonly describe?: (error: unknown) => string;
  /** Called before a rule gets its turn, so that who watches from outside knows whose turn it is. */
  readonly turn?: (rule: string) => void;
}

/** So many failures in a minute stop a rule. */
const mostFailures = 10;
const minute = 60_000;

/** How a rule is doing. */
export interface RuleStat extends Readonly<RuleCounters> {
  readonly name: string;
  readonly stopped: string | undefined;
  readonly keys: number;
  /** Events left out because there was no room for their key. */
  readonly refused: number;
  /** Time spent in it, ms. */
  readonly costMs: number;
  readonly nodes: readonly NodeStat[];
}

/** An operator of a running rule, for the picture of the plan. */
export interface NodeStat {
  readonly id: number;
  readonly op: string;
  readonly label: string;
  readonly inputs: readonly number[];
  readonly in: number;
  readonly out: number;
}

interface Seat {
  readonly run: RuleRun;
  stopped: string | undefined;
  costMs: number;
  /** Failures since `failingSince`. */
  failures: number;
  failingSince: number;
  cappedAt: number;
}

/** All rules that run. A rule that fails is stopped alone. */
export class Engine {
  readonly #options: EngineOptions;
  #seats: Seat[] = [];
  #clock = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** Makes a rule that does not run yet. Throws TERR_RULE_KEYS, TERR_RULE_ARGUMENT, TERR_WHERE_…. */
  prepare(plan: RulePlan): RuleRun {
    const { kinds, onDecision } = this.#options;
    const run: RuleRun = new RuleRun(plan, kinds, {
      onDecision,
      onFailure: (error) => {
        const seat = this.#seats.find((one) => one.run === run);
        if (seat) this.#failed(seat, error);
      },
    });
    return run;
  }

  /** Lets exactly these rules run from now on. */
  seat(runs: readonly RuleRun[]): void {
    this.#seats = runs.map(
      (run) =>
        this.#seats.find((seat) => seat.run === run) ?? {
          run,
          stopped: undefined,
          costMs: 0,
          failures: 0,
          failingSince: 0,
          cappedAt: 0,
        },
    );
  }

  get runs(): readonly RuleRun[] {
    return this.#seats.map((seat) => seat.run);
  }

  /** Gives the events to each rule, one rule after the other. */
  batch(events: readonly Event[]): void {
    for (const event of events) if (event.received > this.#clock) this.#clock = event.received;
    for (const seat of this.#seats) if (seat.stopped === undefined) this.#turn(seat, events);
  }

  /** All that was received before `now` (ms) has been given. */
  tick(now: number): void {
    if (now > this.#clock) this.#clock = now;
    for (const seat of this.#seats)
      if (seat.stopped === undefined) {
        this.#options.turn?.(seat.run.plan.name);
        this.#guarded(seat, () => seat.run.tick(now));
      }
  }

  /** Stops a rule, or lets it go on (undefined). */
  stop(rule: string, why: string | undefined): void {
    const seat = this.#seats.find((one) => one.run.plan.name === rule);
    if (!seat) return;
    seat.stopped = why;
    seat.failures = 0;
  }

  snapshot(): readonly RuleSnapshot[] {
    return this.#seats.map((seat) => seat.run.snapshot());
  }

  stats(): readonly RuleStat[] {
    return this.#seats.map(({ run, stopped, costMs }) => {
      const tables = [...run.tables.values()];
      return {
        ...run.counters,
        name: run.plan.name,
        stopped,
        costMs,
        keys: tables.reduce((sum, table) => sum + table.size, 0),
        refused: tables.reduce((sum, table) => sum + table.refused, 0),
        nodes: run.running.map(({ node, in: came, out }) => ({
          id: node.slot,
          op: node.plan.op,
          label: node.kind.label(node.plan.args),
          inputs: node.inputs.map((input) => input.slot),
          in: came,
          out,
        })),
      };
    });
  }

  #turn(seat: Seat, events: readonly Event[]): void {
    const { run } = seat;
    const { turn, cost } = this.#options;
    turn?.(run.plan.name);
    const start = cost?.() ?? 0;
    let i = 0;
    // One guard for many events; behind one that failed the next goes on.
    while (i < events.length && seat.stopped === undefined)
      this.#guarded(seat, () => {
        while (i < events.length && seat.stopped === undefined) run.event(events[i++] as Event); // in range
      });
    if (cost) seat.costMs += cost() - start;
    this.#sayCapped(seat);
  }

  #guarded(seat: Seat, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failed(seat, error);
    }
  }

  #failed(seat: Seat, error: unknown): void {
    const { run } = seat;
    run.counters.failed++;
    if (this.#clock > seat.failingSince + minute) {
      seat.failingSince = this.#clock;
      seat.failures = 0;
    }
    seat.failures++;
    const message = (this.#options.describe ?? describe)(error);
    if (seat.failures === 1) this.#say(seat, 'failed', message);
    if (seat.failures < mostFailures) return;
    seat.stopped = `it failed ${mostFailures} times within a minute, last: ${message}`;
    this.#say(seat, 'stopped', seat.stopped);
  }

  #sayCapped(seat: Seat): void {
    for (const table of seat.run.tables.values()) {
      if (table.refused === 0 || this.#clock < seat.cappedAt + minute * 60) continue;
      seat.cappedAt = this.#clock;
      const { maxKeys } = seat.run.plan.settings;
      this.#say(
        seat,
        'capped',
        `there are ${maxKeys} different keys (${table.fields.join(', ')}): events of further ones are left out`,
      );
    }
  }

  #say(seat: Seat, kind: RuleProblem['kind'], message: string): void {
    this.#options.onProblem({ kind, rule: seat.run.plan.name, at: this.#clock, message });
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message;
}
