import type { RulesAnswer } from '../api/contract-rules.ts';
import type { RulesCounts } from '../introspection/rules.ts';
import type { FileState } from './file-states.ts';
import type { WorkerRule } from './running/messages.ts';
import { mostOutstanding } from './running/outbox.ts';
import type { RuntimeCounters } from './runtime.ts';

type RuleState = RulesAnswer['rules'][number];

/** The files and rules as the API shows them. */
export function listOf(
  directory: string,
  files: readonly FileState[],
  rules: readonly WorkerRule[],
): RulesAnswer {
  return { directory, files: files.map(fileOf), rules: rules.map(ruleOf) };
}

function fileOf({ problem, ...rest }: FileState): RulesAnswer['files'][number] {
  return { ...rest, ...(problem && { error: problem }) };
}

const nothing = { events: 0, late: 0, failed: 0, decisions: 0, keys: 0, refused: 0, costMs: 0 };

function ruleOf(rule: WorkerRule): RuleState {
  const { name, file, line, stat, maxKeys, matched, eventsPerSecond, lastDecision } = rule;
  const { late, failed, decisions, keys } = stat ?? nothing;
  const stopped = stat?.stopped;
  return {
    name,
    file,
    line,
    state: stopped === undefined ? rule.state : 'stopped',
    ...(stopped !== undefined && { problem: stopped }),
    eventsPerSecond,
    matched,
    late,
    keys,
    maxKeys,
    failed,
    nsPerEvent: nsPerEvent(rule),
    decisions,
    ...(lastDecision && { lastDecision }),
    plan: { nodes: (stat?.nodes ?? []).map((node) => ({ ...node, inputs: [...node.inputs] })) },
  };
}

function nsPerEvent({ stat }: WorkerRule): number {
  return stat && stat.events > 0 ? Math.round((stat.costMs * 1e6) / stat.events) : 0;
}

/** The rules in numbers; undefined before the thread has said any. `heads`: of both streams, added. */
export function countsOf(
  counters: RuntimeCounters,
  files: readonly FileState[],
  heads: number,
): RulesCounts | undefined {
  const { stats, ...rest } = counters;
  if (!stats) return undefined;
  const { cursors, rules, heapBytes, ...figures } = stats;
  const states = rules.map((rule) => ruleOf(rule).state);
  const count = (state: RuleState['state']): number => states.filter((one) => one === state).length;
  return {
    ...figures,
    ...rest,
    running: count('running'),
    warming: count('warming'),
    stopped: count('stopped'),
    rejectedFiles: files.filter(({ state }) => state === 'rejected').length,
    lag: Math.max(0, heads - cursors.facts - cursors.readings),
    heldBytes: heapBytes,
    maxOutstanding: mostOutstanding,
    rules: rules.map((rule) => {
      const { events, late, failed, decisions, keys, refused } = rule.stat ?? nothing;
      const figure = { events, late, failed, decisions, keys, refused };
      return { name: rule.name, ...figure, nsPerEvent: nsPerEvent(rule) };
    }),
  };
}
