import type { PlannedScenario } from '../language/plan.ts';
import { hasTag } from '../language/tags.ts';
import { type Attempt, type Limits, attempt } from './attempt.ts';
import { excerptOf, pictureOf } from './evidence.ts';
import { isMeasuring, watchLag } from './measuring.ts';
import type { RunResult, StepResult } from './result.ts';
import { type Surroundings, World } from './world.ts';

/** How a scenario is run. */
export interface RunOptions {
  /** Told of each step when it ended, and of those that were skipped, in every attempt (from 1). */
  readonly onStep?: (step: StepResult, attempt: number) => void;
  /** When it should have begun, ms since the epoch, UTC. */
  readonly due?: number;
  /** What all of its attempts may take, ms; 30 s unless it is said. */
  readonly deadline?: number;
}

const mostTime = 30_000;

/** Attempts beside the first, where nobody answered. */
const networkRetries = 2;

/**
 * Runs one scenario, step by step, to the first that does not hold. Where nobody answered it is
 * tried again at once, up to twice; one that needs a browser once; what was seen and is wrong is
 * never tried again. Never throws.
 */
export async function runScenario(
  planned: PlannedScenario<World>,
  surroundings: Surroundings,
  signal: AbortSignal,
  { onStep, due, deadline = mostTime }: RunOptions = {},
): Promise<RunResult> {
  const started = performance.now();
  const lagMs = due === undefined ? 0 : Math.max(0, Date.now() - due);
  const limits: Limits = { until: started + deadline, deadline, signal };
  const isBrowser = hasTag(planned.scenario.tags, '@browser');
  const measures = isMeasuring(planned);
  for (let attempts = 1; ; attempts++) {
    const world = new World(surroundings, signal);
    if (measures) watchLag(world);
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    const made = await attempt(planned.steps, world, limits, (step) => onStep?.(step, attempts));
    const isLast = !isWorthAnother(made, attempts, isBrowser) || performance.now() >= limits.until;
    // oxlint-disable-next-line no-await-in-loop -- of the last attempt
    const screenshot = isLast && made.state !== 'passed' ? await pictureOf(world) : undefined;
    // oxlint-disable-next-line no-await-in-loop -- what an attempt holds is not for the next
    await world.end();
    if (!isLast) continue;
    const seconds = (performance.now() - started) / 1000;
    return {
      ...toldOf(judge(planned, made), world, planned),
      name: planned.name,
      seconds,
      lagMs,
      attempts,
      ...(screenshot ? { screenshot } : {}),
    };
  }
}

function toldOf(
  made: Attempt,
  world: World,
  { scenario }: PlannedScenario<World>,
): Omit<RunResult, 'name' | 'seconds' | 'lagMs' | 'attempts'> {
  const { state, steps, failure } = made;
  const excerpt = state === 'passed' ? undefined : excerptOf(world);
  const warning = warningOf(made, world, scenario.tags);
  return {
    state,
    steps,
    performance: world.performance,
    ...(world.lookbackMs === 0 ? {} : { lookbackMs: world.lookbackMs }),
    ...(warning === undefined ? {} : { warning }),
    ...(failure ? { failure } : {}),
    ...(excerpt ? { excerpt } : {}),
  };
}

function isWorthAnother(
  { state, failure }: Attempt,
  attempts: number,
  isBrowser: boolean,
): boolean {
  if (state !== 'failed') return false;
  if (failure?.kind === 'network') return attempts <= networkRetries;
  return isBrowser && attempts === 1;
}

/** What asserts nothing has shown nothing. */
function judge({ scenario, steps }: PlannedScenario<World>, made: Attempt): Attempt {
  if (made.state !== 'passed' || steps.some(({ definition }) => definition.kind === 'assertion'))
    return made;
  const message = 'nothing is asserted: it could only ever pass';
  const failure = { kind: 'other', step: scenario.name, line: scenario.line, message } as const;
  return { ...made, state: 'unknown', failure };
}

function warningOf(
  { state, failure }: Attempt,
  { warnings }: World,
  tags: PlannedScenario<World>['scenario']['tags'],
): string | undefined {
  if (state === 'passed') return warnings.length > 0 ? warnings.join('; ') : undefined;
  if (state !== 'failed' || !(hasTag(tags, '@warning') || hasTag(tags, '@third-party')))
    return undefined;
  return failure?.message;
}
