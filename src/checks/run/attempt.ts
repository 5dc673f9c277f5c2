import type { PlannedStep } from '../language/plan.ts';
import { filled } from '../language/remembered.ts';
import { givenOf } from '../language/vocabulary.ts';
import { Ending } from './ending.ts';
import { Failed, Unreached } from './failed.ts';
import type { Failure, FailureKind, RunState, StepResult } from './result.ts';
import type { World } from './world.ts';

/** One way through the steps of a scenario. */
export interface Attempt {
  readonly state: RunState;
  readonly steps: readonly StepResult[];
  readonly failure: Failure | undefined;
}

/** How long an attempt may go on. */
export interface Limits {
  /** On the clock of `performance.now()`, ms. */
  readonly until: number;
  /** What the scenario as a whole may take, ms: for people. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

interface Broke {
  readonly state: RunState;
  readonly kind: FailureKind;
  readonly message: string;
}

/** Goes through the steps to the first that does not hold; those after it are skipped. Never throws. */
export async function attempt(
  steps: readonly PlannedStep<World>[],
  world: World,
  limits: Limits,
  onStep: (step: StepResult) => void,
): Promise<Attempt> {
  const results: StepResult[] = [];
  const ending = new Ending(limits.signal);
  world.signal = ending.signal;
  let broke: (Broke & Pick<Failure, 'step' | 'line'>) | undefined;
  for (const { definition, values, step } of steps) {
    const { text, line } = step;
    const told = { text: world.told(text), line, kind: definition.kind };
    const started = performance.now();
    // oxlint-disable-next-line no-await-in-loop -- a step stands on the one before
    const found = broke
      ? undefined
      : await runStep({ definition, values, step }, world, { ...limits, ending });
    const seconds = broke ? 0 : (performance.now() - started) / 1000;
    const result: StepResult = {
      ...told,
      state: broke ? 'skipped' : (found?.state ?? 'passed'),
      seconds,
      ...(found ? { failure: found.message } : {}),
    };
    if (found) broke = { ...found, step: told.text, line };
    results.push(result);
    onStep(result);
  }
  ending.close();
  if (!broke) return { state: 'passed', steps: results, failure: undefined };
  const { state, ...failure } = broke;
  return { state, steps: results, failure };
}

/** How it did not hold; undefined: it did. */
async function runStep(
  { definition, values, step }: PlannedStep<World>,
  world: World,
  { until, deadline, ending }: Limits & { readonly ending: Ending },
): Promise<Broke | undefined> {
  const left = until - performance.now();
  const { timeout } = world;
  const over = `the scenario did not end within ${deadline / 1000} s`;
  if (left <= 0) return { state: 'failed', kind: 'time', message: over };
  try {
    ending.signal.throwIfAborted();
    const given = givenOf(values, step, (text) => filled(text, world.remembered));
    const running = definition.run(world, given);
    if (running instanceof Promise) await ending.within(Math.min(timeout, left), running);
    ending.signal.throwIfAborted();
    return undefined;
  } catch (error) {
    if (ending.isStopped)
      return {
        state: 'unknown',
        kind: 'other',
        message: 'it was stopped before it came to an end',
      };
    if (!ending.isLate) return brokeBy(error, world);
    const message = left < timeout ? over : `it did not end within ${timeout / 1000} s`;
    return { state: 'failed', kind: 'time', message };
  }
}

function brokeBy(error: unknown, world: World): Broke {
  const message = world.told(error instanceof Error ? error.message : 'it broke');
  if (!(error instanceof Failed)) return { state: 'unknown', kind: 'other', message };
  return { state: 'failed', kind: error instanceof Unreached ? 'network' : 'assertion', message };
}
