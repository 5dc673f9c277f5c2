import type { PerfDatum } from '../../event/perfdata.ts';
import { type Range, alertsBy, formatRange } from '../../event/range.ts';
import { type CheckState, type RunResult, checkStateOf } from '../run/result.ts';
import {
  type PluginReport,
  cut,
  perfDatumOf,
  reportOf,
  roomFor,
  rounded,
  secondsText,
} from './report.ts';

/** What was run, and how it is told. */
export interface ScenariosRun {
  /** Words before the state: `SHOP`. */
  readonly title: string;
  readonly results: readonly RunResult[];
  /** From the first to the end of the last. */
  readonly seconds: number;
  /** So long all of them may take. */
  readonly timeout: number;
  /** Ranges of `seconds`. */
  readonly warning?: Range | undefined;
  readonly critical?: Range | undefined;
  /** 0: what did not pass. 1: every scenario. 2: their steps. 3: what was answered. */
  readonly verbosity: number;
}

/** The worst first. What could not be seen may be worse than a warning. */
const byWeight: readonly CheckState[] = ['critical', 'unknown', 'warning', 'ok'];

/** What scenarios say together, as a plugin of Nagios says it. None of them is UNKNOWN. */
export function scenariosReport(run: ScenariosRun): PluginReport {
  const { title, results } = run;
  const states = results.map(checkStateOf);
  const time = timeState(run);
  const state = byWeight.find((one) => one === time || states.includes(one)) ?? 'unknown';
  return reportOf({
    title,
    state: results.length === 0 ? 'unknown' : state,
    summary: summaryOf(run, states, state),
    lines: results.flatMap((result) => linesOf(result, run.verbosity)),
    values: valuesOf(run, states),
  });
}

/** What is not right before anything can be run, a line each. */
export function troubleReport(title: string, lines: readonly string[]): PluginReport {
  const [summary = 'it can not be run', ...more] = lines;
  const isCut = title.length + summary.length > 60;
  return reportOf({ title, state: 'unknown', summary, lines: isCut ? lines : more, values: [] });
}

function timeState({ seconds, warning, critical }: ScenariosRun): CheckState {
  if (critical && alertsBy(critical, seconds)) return 'critical';
  return warning && alertsBy(warning, seconds) ? 'warning' : 'ok';
}

const words: Record<CheckState, string> = {
  ok: 'passed',
  warning: 'passed with a warning',
  critical: 'failed',
  unknown: 'unknown',
};

function summaryOf(run: ScenariosRun, states: readonly CheckState[], state: CheckState): string {
  const { results, seconds } = run;
  const [only] = results;
  if (!only) return 'no scenario is selected';
  const first = results.find((_, i) => states[i] === state);
  const limit = state === 'critical' ? run.critical : run.warning;
  const took = secondsText(seconds);
  if (state !== 'ok' && !first && limit)
    return `took ${took}, which is not within ${formatRange(limit)}`;
  const room = roomFor(run.title, state);
  if (results.length === 1) return pointed('', only, room, ` (${took})`);
  if (state === 'ok' || !first) return `${results.length} scenarios passed (${took})`;
  const count = states.filter((one) => one === state).length;
  return pointed(`${count} of ${results.length} ${words[state]}: `, first, room);
}

/** A scenario and what is with it: a long name is cut before the reason is. */
function pointed(before: string, result: RunResult, room: number, otherwise = ''): string {
  const why = whyOf(result) ?? otherwise;
  const left = room - before.length;
  const most = Math.max(left - Array.from(why).length, Math.floor(left / 3));
  return `${before}${cut(result.name, most)}${why}`;
}

/** Where a limit was passed the figures say more than the step, and are shorter. */
function whyOf({ performance, failure, warning, state }: RunResult): string | undefined {
  const passed = performance.find(
    ({ value, critical, warning: soft }) =>
      (critical !== undefined && value >= critical) || (soft !== undefined && value >= soft),
  );
  if (passed && state !== 'unknown') {
    const limit =
      passed.critical !== undefined && passed.value >= passed.critical
        ? passed.critical
        : (passed.warning ?? 0);
    const shown =
      passed.unit === 's' ? secondsText(passed.value) : `${rounded(passed.value)}${passed.unit}`;
    return ` (${passed.label} ${shown}, limit ${limit}${passed.unit === 's' ? ' s' : passed.unit})`;
  }
  const why = failure?.message ?? warning;
  return why === undefined ? undefined : `: ${why}`;
}

function linesOf(result: RunResult, verbosity: number): readonly string[] {
  const state = checkStateOf(result);
  if (state === 'ok' && verbosity === 0) return [];
  const { failure, warning, attempts } = result;
  const again = attempts > 1 ? `, ${attempts} attempts` : '';
  const why = failure ? `: ${failure.step}: ${failure.message} (line ${failure.line})` : '';
  const soft = warning === undefined || warning === failure?.message ? '' : `: ${warning}`;
  const head = `${state.toUpperCase()} ${result.name} (${secondsText(result.seconds)}${again})${why}${soft}`;
  return [
    head,
    ...(verbosity > 1 ? stepLines(result) : []),
    ...(verbosity > 2 ? answerLines(result) : []),
  ];
}

const stepLines = ({ steps }: RunResult): readonly string[] =>
  steps.map(({ text, state, seconds, line, failure }) => {
    const why = failure === undefined ? '' : `: ${failure}`;
    return `- ${state} ${text} (line ${line}, ${secondsText(seconds)})${why}`;
  });

function answerLines({ excerpt }: RunResult): readonly string[] {
  if (!excerpt) return [];
  const headers = Object.entries(excerpt.headers).map(([name, value]) => `- ${name}: ${value}`);
  return [`- ${excerpt.url} answered ${excerpt.status}`, ...headers, `- ${excerpt.body}`];
}

/** What is asked most often is first: what is too much for Nagios is missing at the end. */
function valuesOf(run: ScenariosRun, states: readonly CheckState[]): readonly PerfDatum[] {
  const { results, seconds, timeout, warning, critical } = run;
  const of = results.length;
  const count = (label: string, state: CheckState, limit: Partial<PerfDatum> = {}): PerfDatum => {
    const value = states.filter((one) => one === state).length;
    return { label, value, uom: '', ...limit, min: 0, max: of };
  };
  const totals: readonly PerfDatum[] = [
    {
      label: 'time',
      value: rounded(seconds),
      uom: 's',
      ...(warning ? { warning: formatRange(warning) } : {}),
      ...(critical ? { critical: formatRange(critical) } : {}),
      min: 0,
      max: timeout,
    },
    count('passed', 'ok'),
    count('warnings', 'warning', { warning: '0' }),
    count('failed', 'critical', { critical: '0' }),
    count('unknown', 'unknown'),
  ];
  const own = results.flatMap(({ name, performance }) =>
    performance.map((one) => perfDatumOf(one, of === 1 ? one.label : `${name}.${one.label}`)),
  );
  return named([...totals, ...own]);
}

/** Graphs go by the label: the second of the same one is `label 2`. */
function named(values: readonly PerfDatum[]): readonly PerfDatum[] {
  const seen = new Map<string, number>();
  return values.map((one) => {
    const times = (seen.get(one.label) ?? 0) + 1;
    seen.set(one.label, times);
    return times === 1 ? one : { ...one, label: `${one.label} ${times}` };
  });
}
