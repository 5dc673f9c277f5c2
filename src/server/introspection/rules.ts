import type { Config } from '../config/schema.ts';
import { type Limit, limit } from './limit.ts';
import { type Measure, counter, gauge } from './measure.ts';

/** One rule in numbers; all but `keys` since it was started. */
interface RuleCounts {
  readonly name: string;
  readonly events: number;
  readonly late: number;
  readonly failed: number;
  readonly decisions: number;
  readonly keys: number;
  /** Events that were left out because there was no room for their key. */
  readonly refused: number;
  readonly nsPerEvent: number;
}

/** What the rules know about themselves. */
export interface RulesCounts {
  readonly running: number;
  readonly warming: number;
  readonly stopped: number;
  readonly rejectedFiles: number;
  readonly events: number;
  /** Events of the log that they have not been given yet. */
  readonly lag: number;
  readonly skipped: number;
  readonly emitted: number;
  readonly repeated: number;
  /** From append to decision, ms. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly heldBytes: number;
  readonly outstanding: number;
  readonly maxOutstanding: number;
  readonly waited: number;
  readonly restarts: number;
  readonly broken: { readonly time: number; readonly memory: number };
  readonly rules: readonly RuleCounts[];
}

/** The bounds of rules; none while they don't run. */
export function rulesLimits(counts: RulesCounts | undefined, { rules }: Config): Limit[] {
  if (!counts) return [];
  const { heldBytes, broken, outstanding, maxOutstanding, waited } = counts;
  const keys = Math.max(0, ...counts.rules.map((rule) => rule.keys));
  const refused = counts.rules.reduce((sum, rule) => sum + rule.refused, 0);
  return [
    limit('memory of all rules', 'rules.memory', [rules.memory, heldBytes, broken.memory], 'bytes'),
    limit('one turn of a rule', 'rules.turnTime', [rules.turnTime, null, broken.time], 'ms'),
    limit(
      'decisions on their way to the log',
      null,
      [maxOutstanding, outstanding, waited],
      'decisions',
    ),
    limit('keys of one rule, unless it says otherwise', null, [100_000, keys, refused], 'keys'),
  ];
}

/** Rules as numbers. */
export function rulesMeasures(counts: RulesCounts | undefined): Measure[] {
  if (!counts) return [];
  const { latency } = counts;
  return [
    ...(['running', 'warming', 'stopped'] as const).map((state) =>
      gauge('territory.rules.count', 'Rules by state', counts[state], { state }),
    ),
    gauge('territory.rules.rejected', 'Rule files that cannot be used', counts.rejectedFiles),
    counter('territory.rules.events', 'Events given to the rules', counts.events),
    gauge('territory.rules.lag.events', 'Events not given to the rules yet', counts.lag),
    counter(
      'territory.rules.skipped',
      'Events that could not be read for the rules',
      counts.skipped,
    ),
    counter('territory.rules.emitted', 'Events that rules put on the log', counts.emitted),
    counter('territory.rules.repeated', 'Of them, those that were there already', counts.repeated),
    gauge('territory.rules.latency.p50.ms', 'From append to decision, median', latency.p50),
    gauge('territory.rules.latency.p99.ms', 'From append to decision, p99', latency.p99),
    gauge('territory.rules.held.bytes', 'Held by the thread of the rules', counts.heldBytes),
    counter('territory.rules.restarts', 'Restarts of the thread of the rules', counts.restarts),
    ...counts.rules.flatMap(measuresOfRule),
  ];
}

function measuresOfRule(rule: RuleCounts): readonly Measure[] {
  const labels = { rule: rule.name };
  return [
    counter('territory.rule.decisions', 'Decisions', rule.decisions, labels),
    gauge('territory.rule.keys', 'Keys it keeps something for', rule.keys, labels),
    gauge('territory.rule.cost.ns', 'Time for one event', rule.nsPerEvent, labels),
    {
      ...counter('territory.rule.late', 'Events that came too late', rule.late, labels),
      rare: true,
    },
    { ...counter('territory.rule.failed', 'Events it failed at', rule.failed, labels), rare: true },
  ];
}
