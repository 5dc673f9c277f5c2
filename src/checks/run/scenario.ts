import type { PlannedScenario, PlannedStep } from '../language/plan.ts';
import { givenOf } from '../language/vocabulary.ts';
import { Failed } from './failed.ts';
import { type Surroundings, World } from './world.ts';

/** How a scenario ended. `unknown`: whether it holds could not be seen. */
export interface ScenarioResult {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'unknown';
  readonly seconds: number;
  /** The step and what was seen, with its place; undefined where it passed. */
  readonly failure: string | undefined;
  /** Measured time and its limit, in seconds, where it has one. */
  readonly elapsed: { readonly seconds: number; readonly limit: number } | undefined;
}

/** Runs one scenario, step by step, to the first that does not hold. Never throws. */
export async function runScenario(
  { name, steps }: PlannedScenario<World>,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<ScenarioResult> {
  const started = performance.now();
  const world = new World(surroundings, signal);
  const ended = (state: ScenarioResult['state'], failure?: string): ScenarioResult => ({
    name,
    state,
    seconds: (performance.now() - started) / 1000,
    failure,
    elapsed: world.elapsed,
  });
  for (const planned of steps) {
    // oxlint-disable-next-line no-await-in-loop -- a step stands on the one before
    const error = await runStep(planned, world, signal);
    if (error === undefined) continue;
    const { text, file, line } = planned.step;
    const words = error instanceof Error ? error.message : 'it broke';
    const what = world.told(`${text}: ${words} (${file}:${line})`);
    return ended(error instanceof Failed ? 'failed' : 'unknown', what);
  }
  return ended('passed');
}

/** What was thrown, if anything. */
async function runStep(
  { definition, values, step }: PlannedStep<World>,
  world: World,
  signal: AbortSignal,
): Promise<unknown> {
  const { timeout } = world;
  const late = AbortSignal.timeout(timeout);
  world.signal = AbortSignal.any([signal, late]);
  const { block, table } = step;
  const given = givenOf(values, {
    ...(block === undefined ? {} : { block }),
    ...(table ? { table } : {}),
  });
  try {
    // Steps that do not listen to the signal are not waited for either.
    await Promise.race([definition.run(world, given), aborted(world.signal)]);
    return undefined;
  } catch (error) {
    if (signal.aborted) return new Error('it was stopped before it came to an end');
    return late.aborted ? new Failed(`it did not end within ${timeout / 1000} s`) : error;
  }
}

const aborted = async (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const fail = (): void => reject(new Error('aborted'));
    if (signal.aborted) fail();
    signal.addEventListener('abort', fail, { once: true });
  });
