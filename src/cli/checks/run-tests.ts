import type { Format, TestEnd, TestRun } from '../../checks/formats/format.ts';
import { Lanes } from '../../checks/lanes/lanes.ts';
import { placeOf } from '../../checks/lanes/place.ts';
import type { PlannedScenario } from '../../checks/language/plan.ts';
import { hasTag } from '../../checks/language/tags.ts';
import { type RunResult, checkStateOf } from '../../checks/run/result.ts';
import { runScenario } from '../../checks/run/scenario.ts';
import type { Surroundings, World } from '../../checks/run/world.ts';

export interface TestOptions {
  readonly formats: readonly Format[];
  readonly surroundingsOf: (planned: PlannedScenario<World>) => Surroundings;
  /** Scenarios at the same time. */
  readonly parallel: number;
  /** Nothing more is begun after the first failure. */
  readonly failFast: boolean;
  readonly signal: AbortSignal;
  /** Told of each that ended. */
  readonly onResult?: (planned: PlannedScenario<World>, result: RunResult) => Promise<void>;
}

/** The browser has so many pages: who waits for one should not use up the time of a step. */
const browserPages = 2;
/** ms; the longest that a timer can wait. */
const anyTime = 2 ** 31 - 1;

/** Runs scenarios, a few at a time; one that measures is alone with what it asks. */
export async function runTests(run: TestRun, options: TestOptions): Promise<TestEnd> {
  const { formats, signal, surroundingsOf, parallel } = options;
  const started = performance.now();
  await each(formats, async (format) => format.begin?.(run, Date.now()));
  const counts = { ok: 0, warning: 0, critical: 0, unknown: 0, leftOut: run.leftOut.length };
  const isOver = (): boolean => signal.aborted || (options.failFast && counts.critical > 0);
  const lanes = new Lanes({ all: parallel + browserPages, target: parallel, host: parallel });
  const one = async (planned: PlannedScenario<World>): Promise<void> => {
    const place = placeOf(planned, surroundingsOf(planned));
    await lanes.run(place, anyTime, async () => {
      if (!isOver()) counts[checkStateOf(await runOne(planned, options))]++;
    });
  };
  const browser = run.scenarios.filter(({ scenario }) => hasTag(scenario.tags, '@browser'));
  const rest = run.scenarios.filter((planned) => !browser.includes(planned));
  await Promise.all([
    inParallel(rest, parallel, one),
    inParallel(browser, Math.min(parallel, browserPages), one),
  ]);
  const done = Object.values(counts).reduce((sum, count) => sum + count, 0) - run.leftOut.length;
  const left = run.scenarios.length - done;
  const why = signal.aborted ? 'interrupted' : 'stopped at the first failure';
  const end: TestEnd = {
    counts,
    seconds: (performance.now() - started) / 1000,
    success: counts.critical + counts.unknown + left === 0,
    stopped: left === 0 ? undefined : `${why}, ${left} not run`,
  };
  await each(formats, async (format) => format.end(end, Date.now()));
  return end;
}

async function runOne(
  planned: PlannedScenario<World>,
  { formats, surroundingsOf, signal, onResult }: TestOptions,
): Promise<RunResult> {
  await each(formats, async (format) => format.begins?.(planned, Date.now()));
  const result = await runScenario(planned, surroundingsOf(planned), signal, {
    onStep: (step, attempt) => {
      for (const format of formats) format.step?.({ planned, step, attempt, at: Date.now() });
    },
  });
  await onResult?.(planned, result);
  await each(formats, async (format) => format.scenario(planned, result));
  return result;
}

async function inParallel<T>(
  all: readonly T[],
  most: number,
  run: (one: T) => Promise<void>,
): Promise<void> {
  const waiting = all.values();
  const work = async (): Promise<void> => {
    for (const one of waiting)
      // oxlint-disable-next-line no-await-in-loop -- one after the other in each line
      await run(one);
  };
  await Promise.all(Array.from({ length: Math.min(most, all.length) }, work));
}

async function each<T>(all: readonly T[], run: (one: T) => Promise<void>): Promise<void> {
  for (const one of all)
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await run(one);
}
