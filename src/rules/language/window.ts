import { parseField } from '../../event/where/parse.ts';
import { ruleError } from '../errors.ts';
import { countOf, type Duration, durationOf } from './check-args.ts';
import type { Args, PlanNode, RuleEvent } from './plan.ts';

/**
 * How events are collected:
 * - `every`: tumbling, aligned to the epoch; with `size`, sliding: the last `size`, every `every`
 * - `idle`: a session, which ends when nothing came for so long (at most `max`, default 1h)
 * - `count`: each n events; `last`: the last n, at every event
 */
export type WindowShape =
  | { readonly every: Duration; readonly size?: Duration }
  | { readonly idle: Duration; readonly max?: Duration }
  | { readonly count: number }
  | { readonly last: number };

/** So many times `every` may go into `size`: what is kept, and added up at each `every`. */
const mostPanes = 3_600;
const mostLast = 10_000;

/** The shape with its durations in ms. Throws TERR_RULE_ARGUMENT. */
export function windowArgs(shape: WindowShape): Args {
  if ('every' in shape) {
    const every = durationOf(shape.every, 'every');
    const size = shape.size === undefined ? every : durationOf(shape.size, 'size');
    if (size < every || size % every !== 0)
      throw ruleError('ARGUMENT', 'size: must be a whole multiple of every', { field: 'size' });
    if (size / every > mostPanes)
      throw ruleError('ARGUMENT', `size: must be at most ${mostPanes} times every`, {
        field: 'size',
      });
    return { every, size };
  }
  if ('idle' in shape)
    return { idle: durationOf(shape.idle, 'idle'), max: durationOf(shape.max ?? '1h', 'max') };
  if ('count' in shape) return { count: countOf(shape.count, 'count') };
  if ('last' in shape) {
    if (shape.last > mostLast)
      throw ruleError('ARGUMENT', `last: must be at most ${mostLast}`, { field: 'last' });
    return { last: countOf(shape.last, 'last') };
  }
  throw ruleError('ARGUMENT', 'window: give it every, idle, count or last');
}

/** A function from what was collected so far and the next event to what is collected then. */
export type Step<State> = (state: State, event: RuleEvent) => State;

/** Windows that wait for what is to be made of their events; each method is one such. */
export class Window<Out> {
  readonly #input: PlanNode;
  readonly #shape: Args;
  readonly #wrap: (node: PlanNode) => Out;

  constructor(input: PlanNode, shape: Args, wrap: (node: PlanNode) => Out) {
    this.#input = input;
    this.#shape = shape;
    this.#wrap = wrap;
  }

  /** How many events; 0 for an empty window between others. */
  count(): Out {
    return this.#fold('count', {});
  }

  /** The sum of `metric`; no value without one. */
  sum(): Out {
    return this.#fold('sum', {});
  }

  mean(): Out {
    return this.#fold('mean', {});
  }

  min(): Out {
    return this.#fold('min', {});
  }

  max(): Out {
    return this.#fold('max', {});
  }

  /** Population standard deviation of `metric`. */
  stddev(): Out {
    return this.#fold('stddev', {});
  }

  /** One event for each quantile (0 to 1, nearest rank), its attribute `q` says which. */
  quantiles(...quantiles: readonly number[]): Out {
    if (quantiles.length === 0 || quantiles.some((q) => !(q >= 0 && q <= 1)))
      throw ruleError('ARGUMENT', 'quantiles: give numbers from 0 to 1, e.g. 0.5, 0.99');
    return this.#fold('quantiles', { quantiles });
  }

  /** How many different values the field has. */
  distinct(field: string): Out {
    parseField(field);
    return this.#fold('distinct', { field });
  }

  /**
   * What `step` makes of `seed` and the events in order; `finish` makes the value of it, a number
   * or fields of the event. Both must be pure, and the state plain data.
   */
  fold<State>(
    seed: State,
    step: Step<State>,
    finish: (state: State) => number | Partial<RuleEvent> | undefined,
  ): Out {
    return this.#fold('fold', {
      seed: seed as never,
      step: step as never,
      finish: finish as never,
    });
  }

  #fold(fold: string, args: Args): Out {
    return this.#wrap({
      op: 'window',
      args: { ...this.#shape, fold, ...args },
      inputs: [this.#input],
    });
  }
}
