import { type Decoded, refused } from '../decoded.ts';
import { isCounter, parsePerfData, type PerfDatum, unitOf } from '../../event/perfdata.ts';
import { splitOutput } from '../../event/plugin-output.ts';

/** A passive result, however it came. */
export interface CheckResult {
  readonly host: string;
  /** The service description; undefined for a check of the host itself. */
  readonly service: string | undefined;
  readonly code: number;
  /** Everything that the plugin printed, performance data included; lines end with `\n`. */
  readonly output: string;
  /** When it was checked, ms; undefined: now. */
  readonly time: number | undefined;
}

/** Name of the check that says whether a host is there; Nagios has none for it. */
export const hostCheck = 'host-alive';

/** Return codes of plugins: Plugin Development Guidelines, "Plugin Return Codes". */
const serviceStates = ['ok', 'warning', 'critical', 'unknown'];
/**
 * Codes of passive host results (external command PROCESS_HOST_CHECK_RESULT): UP, DOWN,
 * UNREACHABLE. Of a host behind something that is down nothing is known.
 */
const hostStates = ['ok', 'critical', 'unknown'];
const hostWords = ['up', 'down', 'unreachable'];

/** The check as an event, and a reading for each of its values. */
export function* eventsOf(given: CheckResult): Generator<Decoded> {
  // send_nsca leaves the end of the line before in the next host's name.
  const result = { ...given, host: given.host.trim(), service: given.service?.trim() };
  const states = result.service === undefined ? hostStates : serviceStates;
  const state = states[result.code];
  const wrong = wrongWith(result, state);
  if (wrong === undefined) yield* taken(result, state ?? '');
  else yield wrong;
}

function* taken(result: CheckResult, state: string): Generator<Decoded> {
  const { output, long, perfData } = splitOutput(result.output);
  const { host, time } = result;
  const name = result.service ?? hostCheck;
  const place = { host, ...(time !== undefined && { time }) };
  const data = {
    output,
    ...(long !== '' && { longOutput: long }),
    ...(perfData !== '' && { perfdata: perfData }),
  };
  yield { type: 'check', ...place, name, state, attributes: kindOf(result), data };
  for (const one of parsePerfData(perfData))
    if ('wrong' in one) yield badPerfData(result, one);
    else if (one.value !== undefined) yield readingOf(one, one.value, { name, place });
}

function kindOf({ service, code }: CheckResult): Readonly<Record<string, string>> {
  const both = { 'check.mode': 'passive', 'check.return_code': String(code) };
  if (service !== undefined) return { 'check.kind': 'service', ...both };
  return { 'check.kind': 'host', ...both, 'check.host_state': hostWords[code] ?? '' };
}

function wrongWith(result: CheckResult, state: string | undefined): Decoded | undefined {
  const { host, service, code, output } = result;
  const sample = `${host};${service ?? ''};${code};${output}`.slice(0, 500);
  if (host === '') return refused(badResult, 'The host name is empty.', { field: 'host', sample });
  if (service === '')
    return refused(badResult, 'The service description is empty.', { field: 'service', sample });
  if (state !== undefined) return undefined;
  const codes = service === undefined ? '0 (up), 1 (down) or 2 (unreachable) for a host' : '0 to 3';
  const message = `The return code is ${Number.isNaN(code) ? 'no number' : code}, and it must be ${codes}.`;
  return refused(badResult, message, { field: 'return_code', sample });
}

const badResult = 'TERR_INTAKE_DECODE';

interface Of {
  readonly name: string;
  readonly place: { readonly host: string; readonly time?: number };
}

function readingOf(datum: PerfDatum, metric: number, { name, place }: Of): Decoded {
  const { label, uom, warning, critical, min, max } = datum;
  const unit = unitOf(uom);
  return {
    type: 'metric',
    ...place,
    // A label alone is no name: `time` is what nearly every plugin calls its duration.
    name: `${name}.${label}`,
    metric,
    attributes: {
      'check.name': name,
      'perfdata.label': label,
      'metric.type': isCounter(uom) ? 'cumulative' : 'gauge',
      ...(unit !== undefined && { unit }),
      ...(warning !== undefined && { 'perfdata.warning': warning }),
      ...(critical !== undefined && { 'perfdata.critical': critical }),
      ...(min !== undefined && { 'perfdata.min': String(min) }),
      ...(max !== undefined && { 'perfdata.max': String(max) }),
    },
  };
}

function badPerfData(
  { host, service }: CheckResult,
  { wrong, text }: { wrong: string; text: string },
): Decoded {
  const message = `Performance data of ${service ?? hostCheck} on ${host}: ${wrong}; the check itself was taken.`;
  return refused(badResult, message, { field: 'perfdata', sample: text.slice(0, 500) });
}
