import type { Finding } from '../../checks/language/feature.ts';
import { readFeature } from '../../checks/language/feature.ts';
import { type PlannedScenario, planOf } from '../../checks/language/plan.ts';
import { tagSaying, valuesOfTag } from '../../checks/language/tags.ts';
import type { Vocabulary } from '../../checks/language/vocabulary.ts';
import type { World } from '../../checks/run/world.ts';
import { parseDuration } from '../../event/quantity.ts';

/** A feature as it stands in the folder or on the log. */
export interface FeatureText {
  /** Its path as people know it. */
  readonly file: string;
  readonly text: string;
}

/** What became of one feature file. */
export interface PlannedFeature {
  readonly file: string;
  readonly name: string;
  readonly scenarios: readonly PlannedScenario<World>[];
  /** What keeps it from being run as it is. */
  readonly findings: readonly Finding[];
}

/** Checks are not run more often than this, ms. */
const leastInterval = 1_000;

/** Whether a file of this name is a feature. */
export const isFeatureFile = (file: string): boolean => /\.feature(\.md)?$/.test(file);

/** Reads one feature and finds the meaning of its steps. */
export function planFeature(
  { file, text }: FeatureText,
  vocabulary: Vocabulary<World>,
): PlannedFeature {
  const read = readFeature(file, text);
  if (!('feature' in read)) return { file, name: '', scenarios: [], findings: read.findings };
  const { feature } = read;
  const plan = planOf([feature], vocabulary);
  const findings = [...plan.findings, ...plan.scenarios.flatMap(faultOfInterval)];
  return { file, name: feature.name, scenarios: plan.scenarios, findings };
}

function faultOfInterval(planned: PlannedScenario<World>): readonly Finding[] {
  return valuesOfTag(planned.scenario.tags, '@every').flatMap((written) => {
    const ms = parseDuration(written);
    if (ms !== undefined && ms >= leastInterval) return [];
    return [
      findingAt(planned, {
        tag: '@every',
        value: written,
        message: 'no time span of 1s or more, such as 30s or 5m',
      }),
    ];
  });
}

/** What is wrong with one value of a tag, at its place. */
export function findingAt(
  { scenario }: PlannedScenario<World>,
  {
    tag,
    value,
    message,
  }: { readonly tag: string; readonly value: string; readonly message: string },
): Finding {
  const { file, line, column } = tagSaying(scenario.tags, tag, value) ?? scenario;
  return { file, line, column, message: `${tag}(${value}): ${message}` };
}
