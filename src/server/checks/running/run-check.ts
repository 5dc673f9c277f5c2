import type { PlannedScenario } from '../../../checks/language/plan.ts';
import { type RunOptions, runScenario } from '../../../checks/run/scenario.ts';
import { type RunResult, checkStateOf } from '../../../checks/run/result.ts';
import type { Surroundings, World } from '../../../checks/run/world.ts';
import type { CheckDefinition, CheckState } from '../../../rooms/checks/definition.ts';
import type { CheckRun } from '../../../rooms/checks/run.ts';
import type { RanDetail } from './messages.ts';
import type { Pulse } from './pulse.ts';

/** A scenario whose steps say in the pulse that they are at work, as the run of this number. */
function marked(
  planned: PlannedScenario<World>,
  number: number,
  pulse: Pulse,
): PlannedScenario<World> {
  const steps = planned.steps.map((step) => {
    const { definition } = step;
    const run: typeof definition.run = (world, given) => {
      pulse.turn(number);
      try {
        // Up to where it first waits: then others go on.
        return definition.run(world, given);
      } finally {
        pulse.turn(0);
      }
    };
    return { ...step, definition: { ...definition, run } };
  });
  return { ...planned, steps };
}

/** Runs a scenario, so that the one that stands still can be named. Never throws. */
export function runMarked(
  planned: PlannedScenario<World>,
  {
    surroundings,
    signal,
    ...options
  }: RunOptions & {
    readonly surroundings: Surroundings;
    readonly signal: AbortSignal;
  },
  { number, pulse }: { readonly number: number; readonly pulse: Pulse },
): Promise<RunResult> {
  return runScenario(marked(planned, number, pulse), surroundings, signal, options);
}

/** What a result is in a line; empty where all is well. */
export function summaryOf({ failure, warning }: Pick<RunResult, 'failure' | 'warning'>): string {
  const said = failure ? `${failure.step}: ${failure.message}` : (warning ?? '');
  return said.replaceAll(/\s+/g, ' ').trim();
}

/** The word of Nagios for what a check's run says: the failure of some is a warning. */
export function stateOfResult(result: RunResult, isWarning: boolean): CheckState {
  const state = checkStateOf(result);
  return state === 'critical' && isWarning ? 'warning' : state;
}

/** A result as a run of its check, and what is kept beside the log. Times are ms, UTC. */
export function ranOf(
  { id, sha, isWarning }: CheckDefinition,
  { slot, started, ended }: { readonly slot: number; readonly started: number; ended: number },
  result: RunResult,
): { readonly run: CheckRun; readonly detail: RanDetail } {
  const { seconds, lagMs, lookbackMs, attempts, performance, steps, excerpt, screenshot } = result;
  return {
    run: {
      check: id,
      slot,
      started,
      ended,
      state: stateOfResult(result, isWarning),
      summary: summaryOf(result),
      durationMs: Math.round(seconds * 1000),
      lagMs: Math.round(lagMs),
      ...(lookbackMs === undefined ? {} : { lookbackMs }),
      attempts,
      release: undefined,
      sha,
      performance: performance.map(({ label, value, unit, warning, critical }) => ({
        label,
        value,
        unit,
        ...(warning === undefined ? {} : { warning }),
        ...(critical === undefined ? {} : { critical }),
      })),
    },
    detail: { steps, ...(excerpt ? { excerpt } : {}), ...(screenshot ? { screenshot } : {}) },
  };
}

/** The run of a slot in which nothing could be seen, and why. */
export function blindRun(
  { id, sha }: Pick<CheckDefinition, 'id' | 'sha'>,
  { slot, at }: { readonly slot: number; readonly at: number },
  summary: string,
): CheckRun {
  return {
    check: id,
    slot,
    started: at,
    ended: at,
    state: 'unknown',
    summary,
    durationMs: 0,
    lagMs: 0,
    attempts: 1,
    release: undefined,
    sha,
    performance: [],
  };
}
