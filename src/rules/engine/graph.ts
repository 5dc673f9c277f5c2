import { ruleError } from '../errors.ts';
import type { PlanNode, RulePlan } from '../language/plan.ts';
import { addressOf } from './address.ts';
import type { OperatorKind } from './operator.ts';

/** A plan's node with all that is known of it before anything runs. */
export interface GraphNode {
  /** Its place in `Graph.nodes`; inputs come before those that they feed. */
  readonly slot: number;
  readonly plan: PlanNode;
  readonly kind: OperatorKind;
  /** Its place among the operators that have a state, in the states of each scope; -1 without one. */
  readonly place: number;
  /** Where its state is kept; undefined when it has none. */
  readonly address: string | undefined;
  /** The fields of the key at its place. */
  readonly fields: readonly string[];
  readonly inputs: readonly GraphNode[];
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** Where the events come in; undefined when no operator takes any. */
  readonly sources: readonly GraphNode[];
}

/** Operators that end the effect of `by`, or that take their key from the first input only. */
const keyOfFirst = new Set(['suspects', 'moved']);

/**
 * The operators of a rule in the order in which events pass them. Throws TERR_RULE_KEYS when
 * streams with different keys are joined, TERR_RULE_ARGUMENT for an operator that nobody knows.
 */
export function graphOf(plan: RulePlan, kinds: ReadonlyMap<string, OperatorKind>): Graph {
  const made = new Map<PlanNode, GraphNode>();
  const nodes: GraphNode[] = [];
  const addresses = new Map<string, number>();
  let stateful = 0;
  const visit = (node: PlanNode): GraphNode => {
    const known = made.get(node);
    if (known) return known;
    const kind = kinds.get(node.op);
    if (!kind) throw ruleError('ARGUMENT', `rule "${plan.name}": no operator "${node.op}"`);
    const inputs = node.inputs.map(visit);
    const path = addressOf(
      node,
      inputs.map((input) => paths.get(input) ?? ''),
      kind.stateful,
    );
    const graphNode: GraphNode = {
      slot: nodes.length,
      place: kind.stateful ? stateful++ : -1,
      plan: node,
      kind,
      address: kind.stateful ? unique(path, addresses) : undefined,
      fields: fieldsOf(plan.name, node, inputs),
      inputs,
    };
    paths.set(graphNode, path);
    made.set(node, graphNode);
    nodes.push(graphNode);
    return graphNode;
  };
  const paths = new Map<GraphNode, string>();
  for (const end of plan.ends) visit(end);
  return { nodes, sources: nodes.filter((node) => node.inputs.length === 0) };
}

function unique(path: string, addresses: Map<string, number>): string {
  const count = (addresses.get(path) ?? 0) + 1;
  addresses.set(path, count);
  return count === 1 ? path : `${path}#${count}`;
}

function fieldsOf(rule: string, node: PlanNode, inputs: readonly GraphNode[]): readonly string[] {
  const [first, ...others] = inputs;
  if (!first) return [];
  // `by` says its own fields, behind those that there are already.
  if (node.op === 'by') return [...new Set([...first.fields, ...fieldList(node)])];
  if (keyOfFirst.has(node.op)) return first.fields;
  const other = others.find((one) => one.fields.join() !== first.fields.join());
  if (other)
    throw ruleError(
      'KEYS',
      `rule "${rule}": ${node.op} joins a stream by (${first.fields.join(', ')}) with one by (${other.fields.join(', ')}); both need the same by()`,
    );
  return first.fields;
}

function fieldList(node: PlanNode): readonly string[] {
  return (node.args['fields'] ?? []) as readonly string[]; // as `Stream.by` made it
}
