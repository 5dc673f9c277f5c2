import { featureTitle, perfDatumOf, rounded, secondsText } from '../../checks/nagios/report.ts';
import { type PluginReport, reportOf } from '../../checks/nagios/report.ts';
import type { PerfDatum } from '../../event/perfdata.ts';
import type { Check, CheckAnswer, CheckRunRow, PerformanceValue } from './contract-checks.ts';

type State = CheckRunRow['state'];
type Seen = Pick<CheckAnswer, 'time' | 'check' | 'runs' | 'firstBadRelease'>;

/** How a check stands, as a plugin of Nagios says it. What has no result yet is UNKNOWN. Pure. */
export function nagiosReport(seen: Seen): PluginReport {
  const { check, runs } = seen;
  const [last] = runs;
  return reportOf({
    title: check.kind === 'plugin' ? check.name : featureTitle(check.file),
    state: stateOf(check),
    summary: summaryOf(seen, last),
    lines: linesOf(seen),
    values: last ? valuesOf(last, seen) : [],
  });
}

/**
 * A failure in quarantine is expected for a while, which is no reason to wake anybody; but it is not
 * well either.
 */
function stateOf({ standing: { shown }, quarantine }: Check): State {
  if (shown === 'pending') return 'unknown';
  return quarantine !== null && shown !== 'ok' ? 'warning' : shown;
}

function summaryOf({ check, time }: Seen, last: CheckRunRow | undefined): string {
  const { name, standing } = check;
  const { shown, kind, attempt, maxAttempts, stale, summary } = standing;
  if (shown === 'pending') return `${name}: there is no result yet`;
  if (!last) return summary === null ? name : `${name}: ${summary}`;
  const age = agoText(time - last.started);
  if (stale) return `${name}: the last result is of ${age} ago`;
  if (shown === 'ok') return `${name} (${secondsText(last.durationMs / 1000)}, ${age} ago)`;
  const soft = kind === 'soft' ? ` (attempt ${attempt} of ${maxAttempts})` : '';
  return `${name}${soft}: ${summary ?? last.summary}`;
}

function linesOf(seen: Seen): readonly string[] {
  const { standing, quarantine } = seen.check;
  const { shown, flapping, flapPercent, suppressedBy } = standing;
  const lines = shown === 'ok' || shown === 'pending' ? [] : [...badLines(seen)];
  if (flapping) lines.push(`it is flapping (${Math.round(flapPercent)} %)`);
  if (suppressedBy !== null) lines.push(`it needs ${suppressedBy}, which is down`);
  if (quarantine !== null) {
    const { until, by, reason } = quarantine;
    lines.push(`in quarantine until ${timeText(until)}, by ${by}: ${reason}`);
  }
  return lines;
}

/** What there is to know of what is not well. */
function* badLines({ check, firstBadRelease }: Seen): Generator<string> {
  const { name, environment, standing } = check;
  const { shown, since, summary, lastGood, inGrace } = standing;
  yield `${shown.toUpperCase()} ${name} in ${environment}${summary === null ? '' : `: ${summary}`}`;
  if (since !== null) yield `since ${timeText(since)}`;
  if (lastGood !== null) yield `last good at ${timeText(lastGood)}`;
  if (firstBadRelease !== null) yield `first seen with release ${firstBadRelease}`;
  if (inGrace) yield 'it was just deployed: failures do not count yet';
}

function valuesOf(last: CheckRunRow, { time, check }: Seen): readonly PerfDatum[] {
  const { durationMs, started, lagMs, performance } = last;
  const seconds = (label: string, ms: number, more: Partial<PerfDatum> = {}): PerfDatum => ({
    label,
    value: rounded(Math.max(0, ms) / 1000),
    uom: 's',
    ...more,
    min: 0,
  });
  return [
    seconds('time', durationMs),
    seconds('age', time - started, { warning: String(check.interval / 1000) }),
    seconds('lag', lagMs),
    ...performance.map((one) => perfDatumOf({ ...one, unit: unitOf(one) })),
  ];
}

const units = ['s', 'B', '%', 'c'] as const;

/** Units that Nagios knows. */
const unitOf = ({ unit }: PerformanceValue): (typeof units)[number] | '' =>
  units.find((one) => one === unit) ?? '';

const timeText = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

/** A duration in its largest unit. */
function agoText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
