import type { Event } from '../../event/event.ts';
import { type Decision, type Key } from '../decision.ts';
import type { RulePlan } from '../language/plan.ts';
import { about } from './about.ts';
import { type GraphNode, graphOf } from './graph.ts';
import { hashOf } from './hash.ts';
import { KeyTable, secondsOf } from './keys.ts';
import { Scope } from './scope.ts';
import type { Operator, OperatorKind, Surroundings, Undecided } from './operator.ts';
import { pathOf, Upstream } from './path.ts';
import { type RuleSnapshot, restore, takeSnapshot } from './snapshot.ts';
import { Timers } from './timers.ts';

/** So long after the clock a watermark stands at least, beside the lateness: ms without any event. */
export const quiet = 2_000;
const sweepEvery = 60_000;

/** Counted since the rule was started. */
export interface RuleCounters {
  /** Events that it was given. */
  events: number;
  late: number;
  /** Things that operators let go of because a bound was reached. */
  full: number;
  decisions: number;
  /** Events whose handling threw. */
  failed: number;
}

/** A node while it runs. */
export interface Running {
  readonly node: GraphNode;
  readonly operator: Operator;
  readonly outs: Edge[];
  /** Whether what comes in can have an effect beyond this event. */
  readonly takes: boolean;
  /** Events that came in and that went out. */
  in: number;
  out: number;
}

interface Edge {
  readonly to: Running;
  /** `event` of its operator, which is of too many shapes to be looked up in it at each event. */
  readonly take: Operator['event'];
  readonly input: number;
}

export interface Wish {
  readonly running: Running;
  readonly scope: Scope;
}

/** Who is told what a rule does. */
interface RuleListener {
  readonly onDecision: (decision: Decision) => void;
  /** What an operator threw when it was woken; what it throws at an event is thrown on. */
  readonly onFailure: (error: unknown) => void;
}

/** One rule that runs: events in, decisions out. Knows no clock but the events'. */
export class RuleRun {
  readonly plan: RulePlan;
  readonly counters: RuleCounters = { events: 0, late: 0, full: 0, decisions: 0, failed: 0 };
  readonly running: Running[] = [];
  readonly tables = new Map<string, KeyTable>();
  readonly root: Scope = new Scope([]);
  /** At one time operators are woken in the order of the flow: those that feed others before them. */
  readonly timers = new Timers<Wish>(({ running }) => running.node.slot);
  readonly upstream: Upstream;
  /** `received` of what was handled last, or the last tick, ms. */
  clock = 0;
  /** The latest event time that counts, ms. */
  maxTime = 0;
  watermark = Number.NEGATIVE_INFINITY;
  readonly #onDecision: (decision: Decision) => void;
  readonly #onFailure: (error: unknown) => void;
  readonly #sources: Running[] = [];
  /** A key that was silent so long is forgotten, in seconds. */
  readonly #idle: number;
  /** Operators that have not been told that the rule runs. */
  #toBegin: Running[] = [];
  /** What counts as now for what is made: the clock, or the time for which an operator is woken, ms. */
  #now = 0;
  #sweptAt = 0;
  /** The path of the event that is being handled; undefined when no rule led to it. */
  #path: string | undefined;

  constructor(
    plan: RulePlan,
    kinds: ReadonlyMap<string, OperatorKind>,
    { onDecision, onFailure }: RuleListener,
  ) {
    this.plan = plan;
    this.upstream = new Upstream(plan.name);
    this.#onDecision = onDecision;
    this.#onFailure = onFailure;
    const byNode = new Map<GraphNode, Running>();
    this.#idle = Math.ceil(plan.settings.idle / 1000);
    for (const node of graphOf(plan, kinds).nodes) {
      const running = this.#start(node, byNode);
      byNode.set(node, running);
      this.running.push(running);
      if (node.inputs.length === 0) this.#sources.push(running);
    }
    this.#toBegin = this.running.filter((one) => one.operator.begin);
  }

  /** Handles one event, unless the rule led to it itself. What an operator throws is thrown on. */
  event(event: Event): void {
    const path = pathOf(event);
    if (path !== undefined && !this.upstream.admits(path)) return;
    this.#path = undefined; // an event before this one may have failed
    this.counters.events++;
    const { received } = event;
    if (received > this.clock) this.clock = received;
    // A clock that is ahead must not make everybody else late.
    const time = event.time < received ? event.time : received;
    if (time > this.maxTime) this.maxTime = time;
    this.#advance();
    this.#path = path;
    for (const source of this.#sources) {
      source.in++;
      source.operator.event(event, this.root, 0);
    }
    this.#path = undefined;
  }

  /** The clock at which a tick wakes somebody, ms; infinity when nobody waits. */
  get dueAt(): number {
    if (this.#toBegin.length > 0) return 0;
    return this.timers.next + this.plan.settings.lateness + quiet;
  }

  /** The clock stands at `now` (ms) and nothing older is to come. */
  tick(now: number): void {
    if (now > this.clock) this.clock = now;
    this.#advance();
  }

  /** The operators of these addresses go on from an earlier run, unless that was never given anything. */
  began({ clock, addresses }: Pick<RuleSnapshot, 'clock' | 'addresses'>): void {
    if (clock === 0) return;
    this.#toBegin = this.#toBegin.filter((one) => !addresses.includes(one.node.address ?? ''));
  }

  snapshot(): RuleSnapshot {
    return takeSnapshot(this);
  }

  /** Takes over the state of each operator whose address is in the snapshot; the addresses that are not. */
  restore(snapshot: RuleSnapshot): readonly string[] {
    return restore(this, snapshot);
  }

  /** The table of a list of key fields. */
  table(fields: readonly string[]): KeyTable {
    const name = fields.join('\0');
    let table = this.tables.get(name);
    if (!table) {
      table = new KeyTable(fields, this.plan.settings.maxKeys);
      this.tables.set(name, table);
    }
    return table;
  }

  #advance(): void {
    if (this.#toBegin.length > 0) this.#begin();
    const { lateness } = this.plan.settings;
    const mark = Math.max(this.maxTime, this.clock - quiet) - lateness;
    if (mark > this.watermark) {
      while (this.timers.next <= mark) this.#wake(this.timers.next);
      this.watermark = mark;
    }
    this.#now = this.clock;
    if (this.clock >= this.#sweptAt + sweepEvery) this.#sweep();
  }

  #wake(at: number): void {
    // What is woken sees the time it asked for, however far the clock has come meanwhile.
    if (at > this.watermark) this.watermark = at;
    this.#now = at;
    for (const { running, scope } of this.timers.take()) {
      scope.waiting--;
      try {
        running.operator.wake?.(scope, at);
      } catch (error) {
        // The others are not to blame, nor is the event that moved the time.
        this.#onFailure(error);
      }
    }
  }

  #begin(): void {
    const beginning = this.#toBegin;
    this.#toBegin = [];
    this.#now = this.clock;
    for (const { operator } of beginning) operator.begin?.(this.clock);
  }

  /**
   * What is idle is taken for new when it comes back, whether it was swept before or not. Swept at
   * whole minutes, so that it does not matter for a full table when the clock was looked at.
   */
  #sweep(): void {
    this.#sweptAt = Math.floor(this.clock / sweepEvery) * sweepEvery;
    for (const table of this.tables.values()) table.forget(secondsOf(this.#sweptAt) - this.#idle);
  }

  #scopeOf(table: KeyTable, labels: readonly string[]): Scope | undefined {
    const scope = table.scope(labels);
    if (!scope) return undefined;
    const now = secondsOf(this.#now);
    if (table.isIdle(scope, now - this.#idle)) scope.clear();
    scope.seen = now;
    return scope;
  }

  #start(node: GraphNode, made: ReadonlyMap<GraphNode, Running>): Running {
    const outs: Edge[] = [];
    let running: Running | undefined;
    const surroundings = this.#surroundings(node, {
      send: (event, scope) => {
        if (running) running.out++;
        for (const { to, take, input } of outs) {
          to.in++;
          if (this.#path !== undefined && to.takes) this.upstream.add(this.#path);
          take(event, scope, input);
        }
      },
      wakeAt: (scope, at) => {
        if (!running) return;
        scope.waiting++;
        this.timers.add(at, { running, scope });
      },
    });
    const operator = node.kind.start(surroundings);
    const { holds } = operator;
    if (holds && node.fields.length > 0)
      this.table(node.fields).holders.push({ place: node.place, holds });
    const takes = node.kind.stateful || this.plan.ends.includes(node.plan);
    running = { node, operator, outs, takes, in: 0, out: 0 };
    const take = operator.event.bind(operator);
    for (const [input, from] of node.inputs.entries())
      made.get(from)?.outs.push({ to: running, take, input });
    return running;
  }

  #surroundings(
    { place, plan, fields, address }: GraphNode,
    ways: Pick<Surroundings, 'send' | 'wakeAt'>,
  ): Surroundings {
    const { root } = this;
    const table = fields.length === 0 ? undefined : this.table(fields);
    const keyOf = (scope: Scope): Key => (table && scope !== root ? table.keyOf(scope) : {});
    return {
      ...ways,
      args: plan.args,
      fields,
      root,
      watermark: () => this.watermark,
      late: () => void this.counters.late++,
      full: () => void this.counters.full++,
      get: (scope) => scope.at(place),
      set: (scope, state) => scope.put(place, state),
      scopeOf: (labels) => (table ? this.#scopeOf(table, labels) : root),
      keyOf,
      about: (scope, time, changes) => about(keyOf(scope), { time, received: this.#now }, changes),
      decide: (decision, scope) => this.#decide(decision, scope, { keyOf, address: address ?? '' }),
    };
  }

  #decide(
    decision: Undecided,
    scope: Scope,
    from: { readonly keyOf: (scope: Scope) => Key; readonly address: string },
  ): void {
    this.counters.decisions++;
    const { name } = this.plan;
    // The same content of the same key at the same time is the same decision.
    const id = hashOf([name, from.address, scope.labels, decision]);
    const made = { ...decision, rule: name, key: from.keyOf(scope), id };
    const { path } = this.upstream;
    this.#onDecision(made.kind === 'emit' && path !== undefined ? { ...made, path } : made);
  }
}
