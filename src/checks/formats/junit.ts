import type { PlannedScenario } from '../language/plan.ts';
import { type RunResult, checkStateOf } from '../run/result.ts';
import type { World } from '../run/world.ts';
import { type Format, type LeftOut, type Paper, placeOf, whyOf } from './format.ts';
import { xmlText } from './xml.ts';

interface Case {
  readonly planned: PlannedScenario<World>;
  readonly result?: RunResult;
  readonly leftOut?: string;
}

/**
 * The XML that JUnit's Ant task once wrote and CI systems read (Jenkins' junit-10.xsd): a suite for
 * each feature, a case for each scenario, times in seconds. What failed is a failure, what could not
 * be seen an error, what is not for here skipped; a warning is a pass, and told in its output.
 */
export function junitFormat(paper: Paper): Format {
  const names = new Map<string, string>();
  const cases = new Map<string, Case[]>();
  const put = (one: Case): void => {
    const { file } = one.planned.scenario;
    cases.set(file, [...(cases.get(file) ?? []), one]);
  };
  let started = 0;
  return {
    begin: async ({ features, leftOut }, at) => {
      started = at;
      for (const { file, name } of features) names.set(file, name);
      for (const { planned, why } of leftOut satisfies readonly LeftOut[])
        put({ planned, leftOut: why });
    },
    scenario: async (planned, result) => put({ planned, result }),
    end: async ({ seconds }) => {
      const all = [...cases.values()].flat();
      const suites = [...cases].flatMap(([file, own]) =>
        suite(file, names.get(file), own, started),
      );
      const lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        `<testsuites name="territory test" ${countsOf(all)} time="${seconds.toFixed(3)}">`,
        ...suites,
        '</testsuites>',
      ];
      await paper.write(lines.map((line) => `${line}\n`).join(''));
    },
  };
}

function suite(
  file: string,
  name: string | undefined,
  cases: readonly Case[],
  started: number,
): readonly string[] {
  const seconds = cases.reduce((sum, { result }) => sum + (result?.seconds ?? 0), 0);
  const skipped = cases.filter(({ leftOut }) => leftOut !== undefined).length;
  // Local time without a zone is what the schema asks for; UTC is it somewhere.
  const at = new Date(started).toISOString().slice(0, 19);
  const inOrder = cases.toSorted((a, b) => a.planned.scenario.line - b.planned.scenario.line);
  return [
    `  <testsuite name="${xmlText(name || file)}" ${countsOf(cases)} skipped="${skipped}" time="${seconds.toFixed(3)}" timestamp="${at}">`,
    ...inOrder.flatMap((one) => caseLines(one, file)),
    '  </testsuite>',
  ];
}

function countsOf(cases: readonly Case[]): string {
  const states = cases.flatMap(({ result }) => (result ? [checkStateOf(result)] : []));
  const failures = states.filter((state) => state === 'critical').length;
  const errors = states.filter((state) => state === 'unknown').length;
  return `tests="${cases.length}" failures="${failures}" errors="${errors}"`;
}

function caseLines({ planned, result, leftOut }: Case, file: string): readonly string[] {
  const seconds = (result?.seconds ?? 0).toFixed(3);
  const head = `    <testcase classname="${xmlText(file)}" name="${xmlText(planned.name)}" time="${seconds}"`;
  const inner = leftOut === undefined ? outcome(planned, result) : skippedLine(leftOut);
  return inner.length === 0
    ? [`${head}/>`]
    : [`${head}>`, ...inner.map((line) => `      ${line}`), '    </testcase>'];
}

const skippedLine = (why: string): readonly string[] => [`<skipped message="${xmlText(why)}"/>`];

function outcome(
  planned: PlannedScenario<World>,
  result: RunResult | undefined,
): readonly string[] {
  if (!result) return [];
  const why = whyOf(result);
  const state = checkStateOf(result);
  if (state === 'ok' || why === undefined) return [];
  if (state === 'warning') return [`<system-out>${xmlText(`warning: ${why}`)}</system-out>`];
  const element = state === 'critical' ? 'failure' : 'error';
  const { failure } = result;
  const at = failure ? `${planned.scenario.file}:${failure.line}` : placeOf(planned);
  const steps = result.steps.map((step) => `${step.state}: ${step.text}`);
  const text = [`${at}: ${why}`, '', ...steps].join('\n');
  const message = why.split('\n')[0] ?? '';
  const type = failure?.kind ?? state;
  return [`<${element} type="${type}" message="${xmlText(message)}">${xmlText(text)}</${element}>`];
}
