import { ruleError } from '../errors.ts';
import type { RulePlan } from '../language/plan.ts';

/** Reads a rule file; who runs the tests knows how. The path is as the test wrote it. */
export type RuleLoader = (path: string) => readonly RulePlan[];

// On the global object for the reason that `language/collect.ts` gives.
const place = Symbol.for('territory.rules.loader');

interface Loading {
  [place]?: RuleLoader;
}

/** Says how `world('./file.ts')` finds its rules. */
export function installRuleLoader(loader: RuleLoader): void {
  (globalThis as Loading)[place] = loader;
}

/** The rules of a file. Throws TERR_RULE_OUTSIDE when nobody said how to read one. */
export function loadRules(path: string): readonly RulePlan[] {
  const loader = (globalThis as Loading)[place];
  if (!loader)
    throw ruleError(
      'OUTSIDE',
      `world("${path}") works under \`territory rules test\`; elsewhere give world() a function that declares the rules`,
    );
  return loader(path);
}
