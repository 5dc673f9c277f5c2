import { ruleError } from '../errors.ts';
import type { RulePlan } from './plan.ts';

/**
 * Where `rule` puts what it made while a file is being loaded. On the global object, because the
 * file may have its own copy of this module (the package's, where the engine runs from sources).
 */
const place = Symbol.for('territory.rules.collecting');

interface Collecting {
  [place]?: { readonly rules: RulePlan[]; readonly declared: Declared | undefined } | undefined;
}

/** Told of a rule from within its declaration, so that the stack says where that stands. */
type Declared = (rule: RulePlan) => void;

/** Runs `load`, and answers the rules that were declared meanwhile. Throws what `load` throws. */
export async function collectRules(
  load: () => unknown,
  declared?: Declared,
): Promise<readonly RulePlan[]> {
  const rules = start(declared);
  try {
    await load();
  } finally {
    stop();
  }
  return rules;
}

/** As `collectRules`, for a `load` that ends before it returns. */
export function collectRulesNow(load: () => unknown): readonly RulePlan[] {
  const rules = start();
  try {
    load();
  } finally {
    stop();
  }
  return rules;
}

/** Takes a rule that was declared. Throws TERR_RULE_OUTSIDE, TERR_RULE_DUPLICATE. */
export function declareRule(rule: RulePlan): void {
  const collecting = (globalThis as Collecting)[place];
  if (!collecting)
    throw ruleError(
      'OUTSIDE',
      `rule "${rule.name}" was declared outside of a rule file: put it into a file of the rules directory, or give it to world()`,
    );
  const { rules, declared } = collecting;
  if (rules.some((other) => other.name === rule.name))
    throw ruleError('DUPLICATE', `there is a rule "${rule.name}" already: give it another name`);
  rules.push(rule);
  declared?.(rule);
}

function start(declared?: Declared): RulePlan[] {
  const rules: RulePlan[] = [];
  (globalThis as Collecting)[place] = { rules, declared };
  return rules;
}

function stop(): void {
  (globalThis as Collecting)[place] = undefined;
}
