import { hasTag, valuesOfTag } from '../../checks/language/tags.ts';
import type { PlannedScenario } from '../../checks/language/plan.ts';
import { loadFeatures, mustBeRight } from '../../checks/run/load.ts';
import { outboundOf } from '../../checks/run/outbound.ts';
import { poolsOf } from '../../checks/run/pools.ts';
import type { RunResult } from '../../checks/run/result.ts';
import { runScenario } from '../../checks/run/scenario.ts';
import type { World } from '../../checks/run/world.ts';
import { CodedError } from '../../errors/coded-error.ts';
import { runnerErrors } from '../errors.ts';
import type { Smoke } from './smoke.ts';

type Order = Parameters<Smoke['run']>[0];

/** ms that one scenario may take. */
const mostTime = 30_000;

/** Runs the features of an artefact against each new instance's own port, and nothing else of this machine. */
export const smokeByFeatures: Smoke = {
  run: async (order) => {
    const { scenarios, files, tell } = order;
    if (scenarios.length === 0) return;
    const plan = await planned([...new Set(scenarios.map(({ feature }) => feature))], files);
    const failures: string[] = [];
    let run = 0;
    for (const scenario of plan) {
      const why = leftOut(scenario, order.environment);
      if (why !== undefined) {
        tell({ scenario: scenario.name, state: 'not-run', seconds: null, text: why });
        continue;
      }
      run++;
      // oxlint-disable-next-line no-await-in-loop -- one after the other: they measure time
      const failure = await runOne(scenario, order);
      if (failure !== undefined) failures.push(`${scenario.name}: ${failure}`);
    }
    if (failures.length > 0)
      throw runnerErrors(
        'CHECK',
        `smoke test: ${failures.length} of ${run} failed: ${failures.join('; ')}`,
      );
    if (run === 0)
      throw runnerErrors(
        'CHECK',
        'smoke test: none of its scenarios can be run here, so that nothing was seen of it',
      );
  },
};

async function planned(
  features: readonly string[],
  files: string,
): Promise<readonly PlannedScenario<World>[]> {
  try {
    const outside = features.find((one) => one.startsWith('/') || one.split('/').includes('..'));
    if (outside !== undefined) throw runnerErrors('CHECK', `${outside} is no file of the artefact`);
    const plan = await loadFeatures(features, files);
    mustBeRight(plan);
    return plan.scenarios;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    throw runnerErrors('CHECK', `smoke test: ${error.message}`, { cause: error });
  }
}

/** Why a scenario is not for here; undefined: it is. */
function leftOut(
  { scenario: { tags } }: PlannedScenario<World>,
  environment: string,
): string | undefined {
  if (hasTag(tags, '@browser')) return '@browser: there is no browser here';
  if (hasTag(tags, '@third-party')) return '@third-party: never in the way of a deploy';
  const environments = valuesOfTag(tags, '@env');
  return environments.length === 0 || environments.includes(environment)
    ? undefined
    : `@env: it is for ${environments.join(', ')}`;
}

/** Why it failed; undefined: it passed, or its failure is a warning. */
async function runOne(
  scenario: PlannedScenario<World>,
  { ports, tell, signal }: Order,
): Promise<string | undefined> {
  const { name } = scenario;
  tell({ scenario: name, state: 'running', seconds: null, text: null });
  const results = await Promise.all(
    ports.map(async (port) => ({ port, result: await against(scenario, port, signal) })),
  );
  signal.throwIfAborted();
  const seconds = Math.max(...results.map(({ result }) => result.seconds));
  const bad = results.find(({ result }) => result.state !== 'passed');
  if (!bad) {
    tell({ scenario: name, state: 'passed', seconds, text: null });
    return undefined;
  }
  const isWarning = hasTag(scenario.scenario.tags, '@warning');
  const text = `${isWarning ? 'a warning only: ' : ''}port ${bad.port}: ${whyOf(bad.result, scenario)}`;
  tell({ scenario: name, state: 'failed', seconds, text: text.slice(0, 1000) });
  return isWarning ? undefined : text;
}

async function against(
  scenario: PlannedScenario<World>,
  port: number,
  signal: AbortSignal,
): Promise<RunResult> {
  const outbound = outboundOf([`127.0.0.1:${port}`]);
  const base = `http://127.0.0.1:${port}`;
  // A feature comes with the artefact: it gets no secret of the machine.
  const surroundings = { base, outbound, secret: () => undefined };
  try {
    return await runScenario(scenario, surroundings, signal, { deadline: mostTime });
  } finally {
    // An instance that is to stop is not kept by connections that nobody uses.
    await poolsOf(outbound).close();
  }
}

/** The step and what was seen, with its place. */
function whyOf({ state, failure }: RunResult, { scenario }: PlannedScenario<World>): string {
  if (!failure) return state;
  return `${failure.step}: ${failure.message} (${scenario.file}:${failure.line})`;
}
