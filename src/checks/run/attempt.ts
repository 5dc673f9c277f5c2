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
  const bounds = { ...limits, ending };
  let broke: (Broke & Pick<Failure, 'step' | 'line'>) | undefined;
  let started = performance.now();
  for (const planned of steps) {
    const { text, line } = planned.step;
    const told = world.told(text);
    const running = broke ? undefined : runStep(planned, world, bounds);
    // Most steps only look at what is there: they are not waited for.
    // oxlint-disable-next-line no-await-in-loop -- a step stands on the one before
    const found = running instanceof Promise ? await running : running;
    const ended = performance.now();
    const result: StepResult = {
      text: told,
      line,
      kind: planned.definition.kind,
      state: broke ? 'skipped' : (found?.state ?? 'passed'),
      seconds: broke ? 0 : (ended - started) / 1000,
      ...(found ? { failure: found.message } : undefined),
    };
    started = ended;
    if (found) broke = { ...found, step: told, line };
    results.push(result);
    onStep(result);
  }
  ending.close();
  if (!broke) return { state: 'passed', steps: results, failure: undefined };
  const { state, ...failure } = broke;
  return { state, steps: results, failure };
}

type Bounds = Limits & { readonly ending: Ending };

/** How it did not hold; undefined: it did. */
function runStep(
  { definition, values, step }: PlannedStep<World>,
  world: World,
  bounds: Bounds,
): Promise<Broke | undefined> | Broke | undefined {
  const { ending, until, deadline } = bounds;
  const left = until - performance.now();
  if (left <= 0) return { state: 'failed', kind: 'time', message: overdue(deadline) };
  try {
    ending.signal.throwIfAborted();
    const given = givenOf(values, step, (text) => filled(text, world.remembered));
    const running = definition.run(world, given);
    if (running instanceof Promise) return waited(running, world, { ...bounds, left });
    ending.signal.throwIfAborted();
    return undefined;
  } catch (error) {
    return brokeBy(error, world, ending);
  }
}

async function waited(
  running: Promise<void>,
  world: World,
  { ending, left, deadline }: Bounds & { readonly left: number },
): Promise<Broke | undefined> {
  const { timeout } = world;
  try {
    await ending.within(Math.min(timeout, left), running);
    return undefined;
  } catch (error) {
    const message =
      left < timeout ? overdue(deadline) : `it did not end within ${timeout / 1000} s`;
    if (ending.isLate && !ending.isStopped) return { state: 'failed', kind: 'time', message };
    return brokeBy(error, world, ending);
  }
}

const overdue = (deadline: number): string =>
  `the scenario did not end within ${deadline / 1000} s`;

function brokeBy(error: unknown, world: World, { isStopped }: Ending): Broke {
  const stopped = 'it was stopped before it came to an end';
  if (isStopped) return { state: 'unknown', kind: 'other', message: stopped };
  const message = world.told(error instanceof Error ? error.message : 'it broke');
  if (!(error instanceof Failed)) return { state: 'unknown', kind: 'other', message };
  return { state: 'failed', kind: error instanceof Unreached ? 'network' : 'assertion', message };
}
