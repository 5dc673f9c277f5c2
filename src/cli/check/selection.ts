import parse from '@cucumber/tag-expressions';
import type { PlannedScenario } from '../../checks/language/plan.ts';
import { valuesOfTag } from '../../checks/language/tags.ts';
import type { World } from '../../checks/run/world.ts';

/** A feature's file, and the line that is asked for. */
export interface Target {
  readonly file: string;
  readonly line: number | undefined;
}

/** Reads `shop.feature` and `shop.feature:12`. */
export function targetOf(text: string): Target {
  const [, file = text, line] = /^(.+):(\d+)$/.exec(text) ?? [];
  return { file, line: line === undefined ? undefined : Number(line) };
}

/** What of a feature is to be run. */
export interface Selection {
  readonly line: number | undefined;
  /** `@page and not @browser`. */
  readonly tags: string | undefined;
  /** Scenarios that are for other environments are not run. */
  readonly environment: string | undefined;
}

/** The scenarios that are selected. Throws an Error that says what is wrong with the expression. */
export function selected(
  scenarios: readonly PlannedScenario<World>[],
  { line, tags, environment }: Selection,
): readonly PlannedScenario<World>[] {
  // `@env(staging)` is one word to us; to the expression its parentheses are others.
  const expression =
    tags === undefined
      ? undefined
      : parse(tags.replaceAll(/(@[\w-]+)\(([^()]*)\)/g, String.raw`$1\($2\)`));
  return scenarios.filter(({ scenario }) => {
    if (line !== undefined && !scenario.lines.includes(line)) return false;
    if (expression && !expression.evaluate(scenario.tags.map(({ name }) => name))) return false;
    const environments = valuesOfTag(scenario.tags, '@env');
    if (environment === undefined || environments.length === 0) return true;
    return environments.includes(environment);
  });
}
