import type { Arg, Args, PlanNode } from '../language/plan.ts';
import { hashText } from './hash.ts';

/**
 * Where the state of each stateful operator of a rule is kept: its place among the stateful
 * operators, and a hash of what it was given. A rule that is changed elsewhere leaves it the same,
 * so the state stays (rules.md 6.1, 3). Operators without state do not count: a `where` may be put
 * before a window without emptying it.
 */
export function addressOf(node: PlanNode, inputs: readonly string[], stateful: boolean): string {
  const above = inputs.filter((input) => input !== '').join('+');
  const path = inputs.length > 1 ? `(${above})` : above;
  const branch = node.op === 'branch' ? canonical(node.args['name']) : '';
  if (!stateful) return branch === '' ? path : `${path}/${branch}`;
  return `${path}/${node.op}:${hashText(canonicalArgs(node.args))}`;
}

/** The same for the same arguments, in whatever order they were given; functions by their source. */
export function canonicalArgs(args: Args): string {
  return Object.keys(args)
    .toSorted()
    .map((name) => `${name}=${canonical(args[name])}`)
    .join(';');
}

function canonical(value: Arg): string {
  if (typeof value === 'function') return String(value);
  if (Array.isArray(value)) return `[${value.map((item: Arg) => canonical(item)).join(',')}]`;
  return JSON.stringify(value) ?? '';
}
