import type { Assertion, Pattern, Span } from './tree.ts';

/** One step of a program: what it takes, and where it goes on. */
export type Step =
  | { readonly kind: 'set'; readonly spans: readonly Span[]; next: number }
  | { readonly kind: 'assert'; readonly what: Assertion; next: number }
  | { readonly kind: 'fork'; next: number; other: number }
  | { readonly kind: 'done' };

/** A nondeterministic automaton (Thompson 1968); it begins at step `start`. */
export interface Program {
  readonly steps: readonly Step[];
  readonly start: number;
}

/** Builds the automaton of a pattern, from its end to its start. */
export function programOf(tree: Pattern): Program {
  const steps: Step[] = [{ kind: 'done' }];
  const start = build(steps, tree, 0);
  return { steps, start };
}

/** Adds the steps of `tree` that go on at step `next`; returns where they begin. */
function build(steps: Step[], tree: Pattern, next: number): number {
  switch (tree.kind) {
    case 'set':
      return steps.push({ kind: 'set', spans: tree.spans, next }) - 1;
    case 'assert':
      return steps.push({ kind: 'assert', what: tree.what, next }) - 1;
    case 'sequence':
      return tree.of.reduceRight((behind, part) => build(steps, part, behind), next);
    case 'choice':
      return tree.of
        .map((part) => build(steps, part, next))
        .reduceRight((other, begin) => steps.push({ kind: 'fork', next: begin, other }) - 1);
    case 'repeat':
      return repeat(steps, tree, next);
  }
}

function repeat(steps: Step[], tree: Pattern & { kind: 'repeat' }, next: number): number {
  let begin = next;
  if (tree.max === Infinity) {
    const fork: Step = { kind: 'fork', next, other: next };
    begin = steps.push(fork) - 1;
    fork.next = build(steps, tree.of, begin);
  } else {
    for (let i = tree.min; i < tree.max; i++) {
      const one = build(steps, tree.of, begin);
      begin = steps.push({ kind: 'fork', next: one, other: next }) - 1;
    }
  }
  for (let i = 0; i < tree.min; i++) begin = build(steps, tree.of, begin);
  return begin;
}
