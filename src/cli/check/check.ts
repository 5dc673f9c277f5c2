import { basename } from 'node:path';
import type { PlannedScenario } from '../../checks/language/plan.ts';
import type { Vocabulary } from '../../checks/language/vocabulary.ts';
import { type PluginReport, featureTitle, reportOf } from '../../checks/nagios/report.ts';
import { scenariosReport, troubleReport } from '../../checks/nagios/scenarios.ts';
import type { RunResult } from '../../checks/run/result.ts';
import { runScenario } from '../../checks/run/scenario.ts';
import type { World } from '../../checks/run/world.ts';
import { vocabulary } from '../../checks/steps/vocabulary.ts';
import { CodedError } from '../../errors/coded-error.ts';
import { besideFeatures } from '../checks/feature-files.ts';
import { type Prepared, prepare } from '../checks/prepare.ts';
import { streamOfServer } from '../checks/stream.ts';
import { browsersWhenAsked } from './browsers.ts';
import type { CheckOptions } from './options.ts';
import { submit } from './submit.ts';

interface Around {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Runs what is asked for, and tells how it is. What can not be run is UNKNOWN. */
export async function check(
  target: string,
  options: CheckOptions,
  around: Around,
): Promise<PluginReport> {
  const started = Date.now();
  const title = featureTitle(basename(target.replace(/:\d+$/, '')));
  const report = await reported(target, title, { ...options, ...around }).catch((error: unknown) =>
    troubleReport(title, wordsOf(error)),
  );
  if (options.submit === undefined) return report;
  try {
    await submit(options.submit, options, { ...report, started, ended: Date.now() });
    return report;
  } catch (error) {
    const [unsaid = ''] = report.text.split(/[|\n]/, 1);
    return troubleReport(title, [...wordsOf(error), `not given: ${unsaid}`]);
  }
}

/** What is wrong, a line each. */
export function wordsOf(error: unknown): readonly string[] {
  const { message } = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof CodedError ? [error.code] : [];
  return [...message.replace(/^error: /, '').split('\n'), ...code];
}

async function reported(
  target: string,
  title: string,
  options: CheckOptions & Around,
): Promise<PluginReport> {
  const { env, signal, settings, base, tags, timeout } = options;
  const browsers = browsersWhenAsked(env);
  const own = await ownSteps(options.steps ?? besideFeatures([target], 'steps'), signal);
  try {
    const prepared = await prepare({
      paths: [target],
      environment: options.environment,
      settings,
      base,
      tags,
      seed: undefined,
      env,
      vocabulary: own.vocabulary,
      browsers,
      stream: streamOfServer({}, { env, signal, terminal: { detail: () => undefined } }),
    });
    if (options.lint === true) return lintReport(title, prepared);
    const from = performance.now();
    const results = await runAll(prepared, { signal, timeout });
    const seconds = (performance.now() - from) / 1000;
    const { verbose: verbosity, warning, critical } = options;
    return scenariosReport({ title, results, seconds, timeout, verbosity, warning, critical });
  } finally {
    own.remove();
    await browsers.close();
  }
}

interface Words {
  readonly vocabulary: Vocabulary<World>;
  readonly remove: () => void;
}

/** With steps of one's own where there is a folder of them. What compiles them is loaded only then. */
async function ownSteps(folder: string | undefined, signal: AbortSignal): Promise<Words> {
  if (folder === undefined) return { vocabulary, remove: () => undefined };
  const [{ OwnStepFiles }, { vocabularyWith }] = await Promise.all([
    import('../checks/own-steps.ts'),
    import('../../checks/own/definition.ts'),
  ]);
  const files = new OwnStepFiles();
  try {
    const own = await files.load(folder, signal);
    return { vocabulary: vocabularyWith(own), remove: () => files.remove() };
  } catch (error) {
    files.remove();
    throw error;
  }
}

function lintReport(title: string, { run }: Prepared): PluginReport {
  const count = run.scenarios.length + run.leftOut.length;
  const summary = count === 1 ? '1 scenario is right' : `${count} scenarios are right`;
  return reportOf({ title, state: 'ok', summary, lines: [], values: [] });
}

/** One after the other, since they measure time. When the time is up, the rest is unknown. */
async function runAll(
  { run, surroundingsOf }: Prepared,
  { signal, timeout }: { readonly signal: AbortSignal; readonly timeout: number },
): Promise<readonly RunResult[]> {
  const late = AbortSignal.timeout(timeout * 1000);
  const stop = AbortSignal.any([signal, late]);
  const results: RunResult[] = [];
  for (const planned of run.scenarios) {
    const result = stop.aborted
      ? notRun(planned)
      : // oxlint-disable-next-line no-await-in-loop -- one after the other
        await runScenario(planned, surroundingsOf(planned), stop);
    const isStopped = stop.aborted && result.state === 'unknown';
    const why = late.aborted ? `${timeout} s were over` : 'it was stopped';
    results.push(isStopped ? { ...result, failure: failureOf(planned, why) } : result);
  }
  return results;
}

const failureOf = ({ scenario }: PlannedScenario<World>, message: string) =>
  ({ kind: 'time', step: scenario.name, line: scenario.line, message }) as const;

const notRun = ({ name }: PlannedScenario<World>): RunResult => ({
  name,
  state: 'unknown',
  seconds: 0,
  lagMs: 0,
  attempts: 0,
  steps: [],
  performance: [],
});
