import type { Arg, Args, PlanNode } from '../language/plan.ts';

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

/** FNV-1a over UTF-16 code units in two lanes, as 16 hexadecimal digits. Not cryptographic. */
export function hashText(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9dc5811c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit ^ (a >>> 13), 0x85ebca6b);
  }
  const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
  return hex(a ^ (a >>> 15)) + hex(b ^ (b >>> 13));
}
