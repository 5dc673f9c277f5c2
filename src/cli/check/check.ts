import type { PlannedScenario } from '../../checks/language/plan.ts';
import { lineOfFinding } from '../../checks/language/plan.ts';
import { valuesOfTag } from '../../checks/language/tags.ts';
import type { PluginReport } from '../../checks/nagios/report.ts';
import { featureTitle, reportOf } from '../../checks/nagios/report.ts';
import { scenariosReport, troubleReport } from '../../checks/nagios/scenarios.ts';
import { loadFeatures } from '../../checks/run/load.ts';
import type { RunResult } from '../../checks/run/result.ts';
import { runScenario } from '../../checks/run/scenario.ts';
import type { Surroundings, World } from '../../checks/run/world.ts';
import { aboutApplication } from '../../checks/settings/surroundings.ts';
import type { CheckOptions } from './options.ts';
import { selected, targetOf } from './selection.ts';
import { surroundingsOf } from './surroundings.ts';
import { submit } from './submit.ts';

interface Around {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Runs what is asked for, and tells how it is. What throws is UNKNOWN. */
export async function check(
  target: string,
  options: CheckOptions,
  around: Around,
): Promise<PluginReport> {
  const started = Date.now();
  const report = await reported(target, options, around);
  if (options.submit === undefined) return report;
  await submit(options.submit, options, { ...report, started, ended: Date.now() });
  return report;
}

async function reported(
  target: string,
  options: CheckOptions,
  { env, signal }: Around,
): Promise<PluginReport> {
  const { file, line } = targetOf(target);
  const title = featureTitle(file);
  const plan = await loadFeatures([file], '');
  if (plan.findings.length > 0) return troubleReport(title, plan.findings.map(lineOfFinding));
  const environment = options.env;
  const scenarios = selected(plan.scenarios, { line, tags: options.tags, environment });
  if (options.lint === true) return lintReport(title, scenarios.length);
  const surroundings = await surroundingsOf(file, options, env);
  const from = performance.now();
  const results = await runAll(scenarios, surroundings, { signal, seconds: options.timeout });
  const { timeout, verbose: verbosity, warning, critical } = options;
  const seconds = (performance.now() - from) / 1000;
  return scenariosReport({ title, results, seconds, timeout, verbosity, warning, critical });
}

function lintReport(title: string, count: number): PluginReport {
  const summary = count === 1 ? '1 scenario is right' : `${count} scenarios are right`;
  if (count === 0) return troubleReport(title, ['no scenario is selected']);
  return reportOf({ title, state: 'ok', summary, lines: [], values: [] });
}

/** One after the other, since they measure time. When it is up, the rest is unknown. */
async function runAll(
  scenarios: readonly PlannedScenario<World>[],
  surroundings: Surroundings,
  { signal, seconds }: { readonly signal: AbortSignal; readonly seconds: number },
): Promise<readonly RunResult[]> {
  const late = AbortSignal.timeout(seconds * 1000);
  const stop = AbortSignal.any([signal, late]);
  const why = (): string => (late.aborted ? `${seconds} s were over` : 'it was stopped');
  const results: RunResult[] = [];
  for (const planned of scenarios) {
    const [application] = valuesOfTag(planned.scenario.tags, '@app');
    const own = aboutApplication(surroundings, application);
    const result = stop.aborted
      ? notRun(planned, why())
      : // oxlint-disable-next-line no-await-in-loop -- one after the other
        await runScenario(planned, own, stop);
    const isStopped = stop.aborted && result.state === 'unknown';
    results.push(isStopped ? { ...result, ...told(planned, why()) } : result);
  }
  return results;
}

const told = (
  { scenario }: PlannedScenario<World>,
  message: string,
): Pick<RunResult, 'failure'> => ({
  failure: { kind: 'time', step: scenario.name, line: scenario.line, message },
});

function notRun(planned: PlannedScenario<World>, why: string): RunResult {
  return {
    name: planned.name,
    state: 'unknown',
    seconds: 0,
    lagMs: 0,
    attempts: 0,
    steps: [],
    performance: [],
    ...told(planned, why),
  };
}
