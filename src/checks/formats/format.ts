import type { PlannedScenario } from '../language/plan.ts';
import type { Vocabulary } from '../language/vocabulary.ts';
import { type CheckState, type RunResult, type StepResult, checkStateOf } from '../run/result.ts';
import type { World } from '../run/world.ts';

/** A feature file as it was read. */
export interface FeatureText {
  readonly file: string;
  readonly name: string;
  readonly text: string;
}

/** What a run of tests is about to do. */
export interface TestRun {
  readonly features: readonly FeatureText[];
  /** In the order in which they are run. */
  readonly scenarios: readonly PlannedScenario<World>[];
  /** Those that were chosen and are not for here. */
  readonly leftOut: readonly LeftOut[];
  readonly vocabulary: Vocabulary<World>;
  readonly environment: string | undefined;
  /** Version of Territory. */
  readonly version: string;
}

export interface LeftOut {
  readonly planned: PlannedScenario<World>;
  readonly why: string;
}

/** How many scenarios ended how. */
export interface Counts extends Readonly<Record<CheckState, number>> {
  readonly leftOut: number;
}

/** How a run of tests ended. */
export interface TestEnd {
  readonly counts: Counts;
  readonly seconds: number;
  /** No scenario failed, and all could be seen. */
  readonly success: boolean;
  /** Why not all were run. */
  readonly stopped: string | undefined;
}

/**
 * Tells of a run of tests while it goes on. Scenarios may be run at the same time; `scenario` comes
 * for each once, when it ended. Times are ms since the epoch, UTC.
 */
export interface Format {
  readonly begin?: (run: TestRun, at: number) => Promise<void>;
  readonly begins?: (planned: PlannedScenario<World>, at: number) => Promise<void>;
  /** A step of an attempt (from 1) ended. */
  readonly step?: (told: ToldStep) => void;
  readonly scenario: (planned: PlannedScenario<World>, result: RunResult) => Promise<void>;
  readonly end: (end: TestEnd, at: number) => Promise<void>;
}

export interface ToldStep {
  readonly planned: PlannedScenario<World>;
  readonly step: StepResult;
  readonly attempt: number;
  readonly at: number;
}

/** What a format writes on. */
export interface Paper {
  readonly write: (text: string) => Promise<void>;
  readonly style: (
    style: 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold',
    text: string,
  ) => string;
  /** Without control characters, which would steer a terminal. */
  readonly printable: (text: string) => string;
}

/** How a state is marked; never by colour alone. */
export const marks: Readonly<Record<CheckState, string>> = {
  ok: '✓',
  warning: '!',
  critical: '✗',
  unknown: '?',
};

export const colours = {
  ok: 'green',
  warning: 'yellow',
  critical: 'red',
  unknown: 'cyan',
} as const satisfies Readonly<Record<CheckState, string>>;

/** `features/shop.feature:3`, which every command takes. */
export const placeOf = ({ scenario }: PlannedScenario<World>): string =>
  `${scenario.file}:${scenario.line}`;

/** Why a scenario is not simply ok: its step and what was seen, or what it warns of. */
export function whyOf({ failure, warning }: RunResult): string | undefined {
  if (failure) return `${failure.step}: ${failure.message}`;
  return warning;
}

export const secondsOf = (seconds: number): string => `${seconds.toFixed(seconds < 10 ? 3 : 1)} s`;

const words: readonly (readonly [state: keyof Counts, one: string])[] = [
  ['ok', 'passed'],
  ['warning', 'with a warning'],
  ['critical', 'failed'],
  ['unknown', 'unknown'],
  ['leftOut', 'not for here'],
];

/** `12 scenarios: 10 passed, 1 failed, 1 unknown (3.2 s)`. */
export function summaryLine({ counts, seconds, stopped }: TestEnd): string {
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
  const parts = words.flatMap(([state, word]) =>
    counts[state] > 0 ? [`${counts[state]} ${word}`] : [],
  );
  const what = `${all} ${all === 1 ? 'scenario' : 'scenarios'}: ${parts.join(', ') || 'none ran'}`;
  return `${what} (${secondsOf(seconds)})${stopped === undefined ? '' : `; ${stopped}`}`;
}

/** What is told of each scenario that is not ok, at the end of a run. */
export function problemLines(
  planned: PlannedScenario<World>,
  result: RunResult,
  { style, printable }: Paper,
): string[] {
  const state = checkStateOf(result);
  const { failure, attempts, excerpt } = result;
  const heading = `${state === 'critical' ? 'failed' : state}: ${printable(planned.name)}`;
  const tries = attempts > 1 ? ` after ${attempts} attempts` : '';
  const lines = [
    `${style(colours[state], `${marks[state]} ${heading}`)}${tries}  ${style('dim', printable(placeOf(planned)))}`,
  ];
  if (failure) {
    const { file } = planned.scenario;
    lines.push(
      `    ${printable(failure.step)}  ${style('dim', printable(`${file}:${failure.line}`))}`,
    );
    lines.push(...failure.message.split('\n').map((line) => `      ${printable(line)}`));
  }
  if (result.warning !== undefined && result.warning !== failure?.message)
    lines.push(`    ${printable(result.warning)}`);
  if (excerpt && failure)
    lines.push(
      `      ${style('dim', printable(`last answer: ${excerpt.status} of ${excerpt.url}`))}`,
    );
  return lines;
}
