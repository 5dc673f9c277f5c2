import type { PlannedScenario } from '../language/plan.ts';
import { type RunResult, checkStateOf } from '../run/result.ts';
import type { World } from '../run/world.ts';
import { type Format, type Paper, colours, problemLines, summaryLine } from './format.ts';

const letters = { ok: '.', warning: 'W', critical: 'F', unknown: 'U' } as const;
/** Letters of a line. */
const width = 80;

/** A letter for each scenario, and what was wrong at the end. */
export function progressFormat(paper: Paper): Format {
  const problems: (readonly [PlannedScenario<World>, RunResult])[] = [];
  let written = 0;
  let leftOut: string[] = [];
  return {
    begin: async (run) => {
      leftOut = run.leftOut.map(
        ({ planned, why }) => `- ${paper.printable(planned.name)}: ${paper.printable(why)}`,
      );
    },
    scenario: async (planned, result) => {
      const state = checkStateOf(result);
      if (state !== 'ok') problems.push([planned, result]);
      const end = ++written % width === 0 ? '\n' : '';
      await paper.write(`${paper.style(colours[state], letters[state])}${end}`);
    },
    end: async (end) => {
      const parts = problems.flatMap(([planned, result]) => [
        '',
        ...problemLines(planned, result, paper),
      ]);
      if (leftOut.length > 0) parts.push('', ...leftOut);
      const before = written % width === 0 ? '' : '\n';
      const lines = [...parts, '', summaryLine(end)].map((line) => `${line}\n`);
      await paper.write(`${before}${lines.join('')}`);
    },
  };
}
