import { parseField, parseWhere } from '../../event/where/parse.ts';
import { ruleError } from '../errors.ts';
import { countOf, type Duration, durationOf } from './check-args.ts';
import {
  type AlertOptions,
  type EmitOptions,
  type NotifyOptions,
  type ScaleOptions,
  alertNode,
  type Decided,
  emitNode,
  notifyNode,
  scaleNode,
} from './decide.ts';
import type { PlanNode, RuleEvent } from './plan.ts';
import { Window, type WindowShape, windowArgs } from './window.ts';

/** A condition: a `where` query, which can be shown and indexed, or a function, which cannot. */
export type Condition = string | ((event: RuleEvent) => boolean);
/** What an operator looks at in an event: the name of a field, or a function. */
export type Look = string | ((event: RuleEvent) => unknown);
/** What `map` answers: fields to set (undefined unsets), or nothing to drop the event. */
export type Patch = { readonly [K in keyof RuleEvent]?: RuleEvent[K] | undefined };

/** Thresholds of `level`; each a condition over the event. */
export interface LevelOptions {
  readonly critical?: Condition;
  readonly warning?: Condition;
  /** Hysteresis: once warning or critical, it is so until this holds. */
  readonly clear?: Condition;
}

/** What `suspects` looks for. */
export interface SuspectsOptions {
  /** How long before the event a change may have happened. Default 30m. */
  readonly before?: Duration;
  /**
   * How much later than the condition began a change may be told of. A deploy is told when it is done;
   * what it brought may have had customers for seconds by then. Default 0s.
   */
  readonly late?: Duration;
  /** Labels in which the change must agree where it has them. Default service, environment. */
  readonly on?: readonly string[];
  /** The services that each service relies on, whose changes are suspects too. */
  readonly upstream?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Events that flow through a rule. Each method adds an operator behind it and answers the new
 * stream: the chain builds a plan, nothing runs yet. What each does, when it forgets and how much it
 * keeps: docs/reference/rules.md.
 */
export class Stream {
  /** The last operator of the chain. */
  readonly node: PlanNode;

  constructor(node: PlanNode) {
    this.node = node;
  }

  /** Lets through the events that fulfil the condition. Throws TERR_WHERE_… */
  where(condition: Condition): Stream {
    return this.#then('where', { condition: checked(condition) });
  }

  /** From here on everything happens for each combination of the fields' values by itself. */
  by(...fields: readonly string[]): Stream {
    if (fields.length === 0) throw ruleError('ARGUMENT', 'by: name one field or more');
    for (const field of fields) parseField(field);
    return this.#then('by', { fields });
  }

  /** Changes fields of each event, or drops it. */
  map(patch: (event: RuleEvent) => Patch | undefined): Stream {
    return this.#then('map', { patch });
  }

  /** Sends each event down the first branch whose condition it fulfils; `else` takes the others. */
  route<Name extends string>(
    branches: Readonly<Record<Name, Condition>>,
  ): Readonly<Record<Name | 'else', Stream>> {
    const names = Object.keys(branches) as Name[];
    const conditions = names.map((name) => checked(branches[name]));
    const route: PlanNode = { op: 'route', args: { names, conditions }, inputs: [this.node] };
    const branch = (name: string): readonly [string, Stream] => [
      name,
      new Stream({ op: 'branch', args: { name }, inputs: [route] }),
    ];
    // Its keys are those that were given, and else.
    return Object.fromEntries([...names, 'else'].map(branch)) as Record<Name | 'else', Stream>;
  }

  /** The events of all, as they come. */
  merge(...others: readonly Stream[]): Stream {
    return new Stream({
      op: 'merge',
      args: {},
      inputs: [this.node, ...others.map((other) => other.node)],
    });
  }

  /** Collects events into windows, to be folded into one value each. */
  window(shape: WindowShape): Window<Stream> {
    return new Window(this.node, windowArgs(shape), (node) => new Stream(node));
  }

  /** The sum of `metric` (1 where an event has none) per second, over each `every`. */
  rate(every: Duration): Stream {
    return this.#then('rate', { every: durationOf(every, 'rate') });
  }

  /** By how much a counter grew since its event before; a drop counts as a start from 0. */
  increase(): Stream {
    return this.#then('increase', {});
  }

  /** The exponentially weighted mean of `metric`, by time: after `halfLife` a value weighs half. */
  ewma(halfLife: Duration): Stream {
    return this.#then('ewma', { halfLife: durationOf(halfLife, 'ewma') });
  }

  /** The `k` keys with the largest last value, every `every`; largest first, `rank` from 1. */
  top(k: number, every: Duration): Stream {
    return this.#then('top', { k: countOf(k, 'top'), every: durationOf(every, 'top') });
  }

  /** Lets through an event whose value differs from the one before; the first too, unless `from`. */
  changed(look: Look = 'state', options: { readonly from?: string } = {}): Stream {
    return this.#then('changed', { look: looked(look), ...options });
  }

  /** Lets a value through once it has been the same for so long, with `since`. */
  stable(time: Duration, look: Look = 'state'): Stream {
    return this.#then('stable', { time: durationOf(time, 'stable'), look: looked(look) });
  }

  /** Lets events through from the `n`th in a row with the same value on. */
  consecutive(n: number, look: Look = 'state'): Stream {
    return this.#then('consecutive', { n: countOf(n, 'consecutive'), look: looked(look) });
  }

  /** An event `critical` when a key was silent for so long, and `ok` when it is heard again. */
  absent(time: Duration, options: { readonly roster?: readonly string[] } = {}): Stream {
    return this.#then('absent', { time: durationOf(time, 'absent'), ...options });
  }

  /** The event of `next` that follows one of this stream within the time, with both. */
  followedBy(next: Stream, options: { readonly within: Duration }): Stream {
    return new Stream({
      op: 'followedBy',
      args: { within: durationOf(options.within, 'within') },
      inputs: [this.node, next.node],
    });
  }

  /** Adds the changes that came before, most suspicious first. */
  suspects(options: SuspectsOptions = {}): Stream {
    const { before = '30m', late, on = ['service', 'environment'], upstream } = options;
    for (const field of on) parseField(field);
    return new Stream({
      op: 'suspects',
      args: {
        before: durationOf(before, 'before'),
        ...(late !== undefined && { late: durationOf(late, 'late') }),
        on,
        ...(upstream && { upstream }),
      },
      inputs: [this.node, facts().node],
    });
  }

  /** At most `n` events in each `per`; the others are dropped. */
  throttle(n: number, per: Duration): Stream {
    return this.#then('throttle', { n: countOf(n, 'throttle'), per: durationOf(per, 'throttle') });
  }

  /** The first `n` events of each `per` as they come, the others as one with a count and examples. */
  digest(n: number, per: Duration): Stream {
    return this.#then('digest', { n: countOf(n, 'digest', 0), per: durationOf(per, 'digest') });
  }

  /** Drops an event whose value was let through within the time. */
  dedupe(within: Duration, look: Look = 'id'): Stream {
    return this.#then('dedupe', { within: durationOf(within, 'dedupe'), look: looked(look) });
  }

  /** Sets `state` to critical, warning or ok by the thresholds. An event without `metric` is dropped. */
  level(levels: LevelOptions): Stream {
    const args = Object.fromEntries(
      Object.entries(levels).map(([name, condition]: [string, Condition]) => [
        name,
        checked(condition),
      ]),
    );
    return this.#then('level', args);
  }

  /** *Track*: puts a derived event on the log. */
  emit(options: EmitOptions): Decided {
    return emitNode(this.node, options);
  }

  /** *Alert*: opens, updates and resolves the one alert of this rule and key. */
  alert(options: AlertOptions): Decided {
    return alertNode(this.node, options);
  }

  /** Sends a message for each event: `mail:ADDRESS`, `webhook:NAME` or `browser`. */
  notify(to: string, options: NotifyOptions = {}): Decided {
    return notifyNode(this.node, to, options);
  }

  /** *Scale*: how many of a target there should be. */
  scale(options: ScaleOptions): Decided {
    return scaleNode(this.node, options);
  }

  #then(op: string, args: PlanNode['args']): Stream {
    return new Stream({ op, args, inputs: [this.node] });
  }
}

/**
 * What changes and incidents are told by. A stream of its own, so that a rule that correlates is not
 * taken to work with every reading.
 */
export const facts = (): Stream => events.where('type =~ "dev.cdevents%"');

/** Everything that arrives. */
export const events: Stream = new Stream({ op: 'events', args: {}, inputs: [] });

function checked<C extends Condition>(condition: C): C {
  if (typeof condition === 'string') parseWhere(condition);
  return condition;
}

function looked<L extends Look>(look: L): L {
  if (typeof look === 'string') parseField(look);
  return look;
}
