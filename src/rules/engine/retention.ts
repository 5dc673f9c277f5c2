import type { PlanNode, RulePlan } from '../language/plan.ts';
import type { OperatorKind } from './operator.ts';
import { quiet } from './rule-run.ts';

/**
 * How much of the past a rule must have been given to decide as if it had always run, ms: what its
 * operators look back on, added up along its longest chain, and its lateness.
 */
export function retentionOf(plan: RulePlan, kinds: ReadonlyMap<string, OperatorKind>): number {
  const known = new Map<PlanNode, number>();
  const visit = (node: PlanNode): number => {
    const before = known.get(node);
    if (before !== undefined) return before;
    const own = kinds.get(node.op)?.retention?.(node.args) ?? 0;
    const sum = own + Math.max(0, ...node.inputs.map(visit));
    known.set(node, sum);
    return sum;
  };
  return Math.max(...plan.ends.map(visit)) + plan.settings.lateness;
}

/** How long after a moment, by the clock, all is decided that can be about it, ms. */
export function settlingOf(plan: RulePlan): number {
  return plan.settings.lateness + quiet;
}
