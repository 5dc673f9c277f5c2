import type { PlannedScenario } from '../language/plan.ts';
import { type RunResult, type StepResult, checkStateOf } from '../run/result.ts';
import type { World } from '../run/world.ts';
import {
  type Format,
  type Paper,
  colours,
  marks,
  placeOf,
  secondsOf,
  summaryLine,
} from './format.ts';

const stepStates = {
  passed: 'ok',
  failed: 'critical',
  unknown: 'unknown',
} as const;

/** Every scenario with its steps below the name of its feature, in the order in which they were begun. */
export function prettyFormat(paper: Paper): Format {
  const { style, printable } = paper;
  const names = new Map<string, string>();
  const results = new Map<PlannedScenario<World>, RunResult>();
  let waiting: readonly PlannedScenario<World>[] = [];
  let last: string | undefined;
  const tell = async (planned: PlannedScenario<World>, result: RunResult): Promise<void> => {
    const { file } = planned.scenario;
    const heading = style('bold', `Feature: ${printable(names.get(file) ?? '')}`);
    const above = `${last === undefined ? '' : '\n'}${heading}  ${style('dim', printable(file))}\n`;
    const isNew = last !== file;
    last = file;
    const lines = scenarioLines(planned, result, paper).join('\n');
    await paper.write(`${isNew ? above : ''}${lines}\n`);
  };
  return {
    begin: async ({ features, leftOut, scenarios }) => {
      waiting = scenarios;
      for (const { file, name } of features) names.set(file, name);
      const lines = leftOut.map(({ planned, why }) =>
        style('dim', `- ${printable(planned.name)}: ${printable(why)}`),
      );
      if (lines.length > 0) await paper.write(`${lines.join('\n')}\n\n`);
    },
    scenario: async (planned, result) => {
      results.set(planned, result);
      for (;;) {
        const [next] = waiting;
        const known = next === undefined ? undefined : results.get(next);
        if (next === undefined || known === undefined) return;
        waiting = waiting.slice(1);
        // oxlint-disable-next-line no-await-in-loop -- in their order
        await tell(next, known);
      }
    },
    end: async (end) => {
      for (const next of waiting) {
        const known = results.get(next);
        // oxlint-disable-next-line no-await-in-loop -- in their order
        if (known) await tell(next, known);
      }
      await paper.write(`\n${summaryLine(end)}\n`);
    },
  };
}

function scenarioLines(
  planned: PlannedScenario<World>,
  result: RunResult,
  paper: Paper,
): readonly string[] {
  const { style, printable } = paper;
  const state = checkStateOf(result);
  const { attempts, seconds, steps, warning, failure, performance } = result;
  const tries = attempts > 1 ? `, ${attempts} attempts` : '';
  const about = style('dim', `${secondsOf(seconds)}${tries}  ${printable(placeOf(planned))}`);
  const lines = [
    `  ${style(colours[state], `${marks[state]} ${printable(planned.name)}`)}  ${about}`,
    ...steps.flatMap((step) => stepLines(step, paper)),
  ];
  if (warning !== undefined && warning !== failure?.message)
    lines.push(`    ${style('yellow', `! ${printable(warning)}`)}`);
  for (const { label, value, unit, critical } of performance) {
    const limit = critical === undefined ? '' : `, limit ${critical}${unit}`;
    lines.push(
      style('dim', `    ${printable(label)} ${Number(value.toPrecision(4))}${unit}${limit}`),
    );
  }
  return lines;
}

function stepLines(
  { text, state, seconds, failure }: StepResult,
  { style, printable }: Paper,
): readonly string[] {
  if (state === 'skipped') return [style('dim', `    - ${printable(text)}`)];
  const as = stepStates[state];
  const line = `    ${style(colours[as], marks[as])} ${printable(text)}  ${style('dim', secondsOf(seconds))}`;
  const why = failure?.split('\n').map((one) => `        ${style(colours[as], printable(one))}`);
  return [line, ...(why ?? [])];
}
