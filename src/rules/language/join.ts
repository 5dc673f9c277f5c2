import { parseField } from '../../event/where/parse.ts';
import { ruleError } from '../errors.ts';
import { durationOf, type Duration } from './check-args.ts';
import type { RuleEvent } from './plan.ts';
import { facts, Stream } from './stream.ts';

/**
 * One number over another, for each key, whenever both have one for the same time. No value while
 * one is missing or the second is 0: never NaN, and no alert at three in the morning for it.
 */
export function ratio(part: Stream, whole: Stream): Stream {
  return new Stream({ op: 'ratio', args: {}, inputs: [part.node, whole.node] });
}

/**
 * The last events of several streams with the same key, made into one number or event whenever one
 * of them changes and all have been seen.
 */
export function combine<Name extends string>(
  streams: Readonly<Record<Name, Stream>>,
  make: (last: Readonly<Record<Name, RuleEvent>>) => number | Partial<RuleEvent> | undefined,
): Stream {
  const names = Object.keys(streams) as Name[];
  return new Stream({
    op: 'combine',
    args: { names, make: make as never },
    inputs: names.map((name) => streams[name].node),
  });
}

/** How `moved` judges. */
export interface MovedOptions {
  /** The changes: deploys, as a rule. */
  readonly after: Stream;
  /** How much of the past before the change is compared. */
  readonly baseline: Duration;
  /** How long after the change it is watched. */
  readonly observe: Duration;
  /**
   * How much later than it took effect a change may be told of; what was read in that time is on neither
   * side. A deploy is told when it is done, and what it brought has had customers by then. Default 0s.
   */
  readonly late?: Duration;
  /** Smaller relative effects are none. Default 0.05. */
  readonly minEffect?: number;
  /** How often it may be wrong, by the metric's own history. Default 0.01. */
  readonly falseAlarms?: number;
  /** What would be bad. Default both. */
  readonly direction?: 'up' | 'down' | 'both';
  /** Labels in which the change must agree with the series. Default those of the key. */
  readonly on?: readonly string[];
  /** Series that differ in this field alone, and are not changed, are the control. Default host. */
  readonly control?: string;
}

/**
 * Whether a change moved a metric: see docs/reference/rules.md. Throws TERR_RULE_ARGUMENT for a share
 * that is none, TERR_WHERE_… for a field.
 */
export function moved(series: Stream, options: MovedOptions): Stream {
  const { after, minEffect = 0.05, falseAlarms = 0.01 } = options;
  const { direction = 'both', on, control } = options;
  if (!(minEffect >= 0))
    throw wrongShare('minEffect', minEffect, 'from 0 on, such as 0.05 for 5 %');
  if (!(falseAlarms > 0 && falseAlarms < 1))
    throw wrongShare('falseAlarms', falseAlarms, 'between 0 and 1, such as 0.01 for 1 %');
  for (const field of [...(on ?? []), ...(control === undefined ? [] : [control])])
    parseField(field);
  const args = {
    ...timesOf(options),
    minEffect,
    falseAlarms,
    direction,
    ...(on === undefined ? {} : { on }),
    ...(control === undefined ? {} : { control }),
  };
  return new Stream({ op: 'moved', args, inputs: [series.node, after.node, facts().node] });
}

function timesOf({ baseline, observe, late }: MovedOptions) {
  return {
    baseline: durationOf(baseline, 'baseline'),
    observe: durationOf(observe, 'observe'),
    ...(late === undefined ? {} : { late: durationOf(late, 'late') }),
  };
}

function wrongShare(field: string, value: number, wanted: string): Error {
  return ruleError('ARGUMENT', `moved: ${field} ${String(value)} must be a number ${wanted}`, {
    field,
  });
}
