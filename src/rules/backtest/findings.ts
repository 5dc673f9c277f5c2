import type { Event } from '../../event/event.ts';
import type { Decision } from '../decision.ts';
import type { RuleProblem, RuleStat } from '../engine/engine.ts';
import { Course } from './course.ts';
import { Episodes } from './episodes.ts';
import type { Action, Glimpse, Outcome, RuleResult } from './result.ts';

/** How much is listed; the rest is counted. */
export interface Bounds {
  /** Decisions, and emitted events, of each rule. */
  readonly listed: number;
  readonly alerts: number;
  readonly problems: number;
}

interface Found {
  readonly counts: { emit: number; alert: number; notify: number; scale: number };
  readonly course: Course;
  first?: Glimpse;
  last?: Glimpse;
  decisions: number;
  emitted: number;
}

/** What came of some rules within the range; what lies before or behind it is not heard of. */
export class Findings {
  readonly #range: { readonly from: number; readonly to: number; readonly every: number };
  readonly #bounds: Bounds;
  readonly #rules = new Map<string, Found>();
  readonly #decisions: Action[] = [];
  readonly #emitted: Event[] = [];
  readonly #problems: RuleProblem[] = [];
  readonly #episodes: Episodes;
  readonly #leftOut = { decisions: 0, emitted: 0 };

  constructor(
    rules: readonly string[],
    range: { readonly from: number; readonly to: number; readonly every: number },
    bounds: Bounds,
  ) {
    this.#range = range;
    this.#bounds = bounds;
    this.#episodes = new Episodes(range.from, bounds.alerts);
    for (const rule of rules) this.#rules.set(rule, nothing(range.every));
  }

  /** Whether the decision lies within the range; its end too, where the last window ends. */
  decided(decision: Decision): boolean {
    const { from, to } = this.#range;
    const { rule, kind, at } = decision;
    // Also before the range: an alert may be open when it begins.
    if (kind === 'alert' && at <= to) this.#episodes.add(decision);
    if (at < from || at > to) return false;
    const found = this.#rules.get(rule);
    if (!found) return false;
    found.counts[kind]++;
    found.course.add(decision);
    found.last = glimpseOf(decision);
    found.first ??= found.last;
    if (kind !== 'emit') this.#list(found, decision);
    return true;
  }

  /** An event that a rule put on the log. */
  emitted(rule: string, event: Event): void {
    const { from, to } = this.#range;
    if (event.time < from || event.time > to) return;
    const found = this.#rules.get(rule);
    if (!found) return;
    if (found.emitted++ < this.#bounds.listed) this.#emitted.push(event);
    else this.#leftOut.emitted++;
  }

  problem(problem: RuleProblem): void {
    if (this.#problems.length < this.#bounds.problems) this.#problems.push(problem);
  }

  /** @param before how the rules stood when the range began */
  outcome(stats: readonly RuleStat[], before: readonly RuleStat[]): Outcome {
    const alerts = this.#episodes.list();
    return {
      rules: stats.map((stat) => this.#ruleResult(stat, before)),
      decisions: this.#decisions.toSorted((a, b) => a.at - b.at),
      emitted: this.#emitted.toSorted((a, b) => a.time - b.time),
      alerts,
      problems: this.#problems,
      leftOut: { ...this.#leftOut, alerts: this.#episodes.leftOut },
    };
  }

  #list(found: Found, decision: Action): void {
    if (found.decisions++ < this.#bounds.listed) this.#decisions.push(decision);
    else this.#leftOut.decisions++;
  }

  #ruleResult(stat: RuleStat, before: readonly RuleStat[]): RuleResult {
    const { name, keys, stopped } = stat;
    const { counts, course, first, last } = this.#rules.get(name) ?? nothing(this.#range.every);
    const then = before.find((one) => one.name === name) ?? started;
    return {
      name,
      counts,
      ...(first && last ? { first, last } : {}),
      events: stat.events - then.events,
      late: stat.late - then.late,
      failed: stat.failed - then.failed,
      keys,
      refused: stat.refused - then.refused,
      ...(stopped === undefined ? {} : { stopped }),
      course: course.rows(),
    };
  }
}

const started = { events: 0, late: 0, failed: 0, refused: 0 };

function nothing(every: number): Found {
  return {
    counts: { emit: 0, alert: 0, notify: 0, scale: 0 },
    course: new Course(every),
    decisions: 0,
    emitted: 0,
  };
}

function glimpseOf(decision: Decision): Glimpse {
  const { kind, at } = decision;
  return { at, kind, title: titleOf(decision) };
}

function titleOf(decision: Decision): string {
  switch (decision.kind) {
    case 'alert':
      return `${decision.severity}: ${decision.title}`;
    case 'notify':
      return `${decision.to}: ${decision.title}`;
    case 'scale':
      return `${decision.target} to ${decision.want}`;
    case 'emit': {
      const { name, type, metric, state } = decision.event;
      return [name ?? type, metric ?? state].filter((part) => part !== undefined).join(' ');
    }
  }
}
