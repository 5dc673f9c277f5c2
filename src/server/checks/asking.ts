import { knownTags } from '../../checks/language/tags.ts';
import type { Vocabulary } from '../../checks/language/vocabulary.ts';
import type { World } from '../../checks/run/world.ts';
import type * as contract from '../api/contract-checks.ts';
import { type FeatureText, planFeature } from './features.ts';
import { findingView } from './views.ts';

/** What is wrong with a text, and what scenarios are in it. */
export function lint(text: FeatureText, vocabulary: Vocabulary<World>): contract.LintAnswer {
  const { findings, scenarios } = planFeature(text, vocabulary);
  return {
    findings: findings.map(findingView),
    scenarios: scenarios.map(({ scenario }) => ({
      name: scenario.name,
      line: scenario.line,
      tags: [...new Set(scenario.tags.map(({ name }) => name))],
    })),
  };
}

/** The steps and tags that may stand in a feature. `own`: groups of steps that are of this place. */
export function stepsAnswer(
  { definitions }: Vocabulary<World>,
  own: ReadonlySet<string>,
): contract.StepsAnswer {
  return {
    steps: definitions.map(({ group, kind, expression, about, example }) => ({
      group,
      kind,
      expression,
      about,
      example: [...example],
      own: own.has(expression),
    })),
    tags: knownTags.map(([tag, about]) => ({ tag, about })),
  };
}
