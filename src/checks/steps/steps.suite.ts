import { readFeature } from '../language/feature.ts';
import { lineOfFinding, planOf } from '../language/plan.ts';
import { vocabularyOf } from '../language/vocabulary.ts';
import { outboundOf } from '../run/outbound.ts';
import type { RunResult } from '../run/result.ts';
import { runScenario } from '../run/scenario.ts';
import type { Surroundings, World } from '../run/world.ts';
import type { Step } from './step.ts';

/** What a scenario in a test is run with, beside what every one is. */
export type TriedWith = Partial<Omit<Surroundings, 'outbound' | 'secret'>> & {
  /** What of this machine may be gone to: all of it, unless it is said. */
  readonly allowed?: readonly string[];
  readonly secrets?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
};

/** How a scenario of these lines ended: `passed`, or the state and what was said. */
export function trying(
  steps: readonly Step[],
): (lines: readonly string[], given?: TriedWith) => Promise<string> {
  const run = running(steps);
  return async (lines, given) => {
    const { state, failure } = await run(lines, given);
    return failure ? `${state}: ${failure.message}` : state;
  };
}

/** Runs a scenario of these lines. Throws where it has a finding. */
export function running(
  steps: readonly Step[],
): (lines: readonly string[], given?: TriedWith) => Promise<RunResult> {
  const vocabulary = vocabularyOf<World>(steps);
  return async (lines, given = {}) => {
    const { allowed = ['127.0.0.0/8', '::1'], secrets = {}, signal, ...more } = given;
    const text = ['Feature: x', '  Scenario: y', ...lines.map((line) => `    ${line}`)].join('\n');
    const read = readFeature('x.feature', text);
    const plan = planOf('feature' in read ? [read.feature] : [], vocabulary);
    const findings = 'findings' in read ? read.findings : plan.findings;
    const [scenario] = plan.scenarios;
    if (!scenario) throw new Error(findings.map(lineOfFinding).join('\n'));
    const surroundings: Surroundings = {
      base: undefined,
      outbound: outboundOf(allowed),
      secret: (name) => secrets[name],
      ...more,
    };
    return runScenario(scenario, surroundings, signal ?? AbortSignal.timeout(60_000));
  };
}
