import { type PerfDatum, parsePerfData } from '../../event/perfdata.ts';
import { splitOutput, textOf } from '../../event/plugin-output.ts';
import { parseRange } from '../../event/range.ts';
import type { Failure, Performance, RunResult, RunState, StepResult } from '../run/result.ts';
import { type Ended, type Printed, spawnPlugin } from './spawn.ts';

/** A program that answers as the plugins of Nagios do. */
export interface Plugin {
  readonly name: string;
  /** The program and its arguments, as they are given to it: no shell reads them. */
  readonly command: readonly string[];
  /** ms. */
  readonly timeout: number;
  /** Where it stands in the file that names it. */
  readonly line: number;
}

/** How it is run. */
export interface PluginOptions {
  /** Folder that it is run in; `/` unless it is said. */
  readonly folder?: string;
  /** When it should have begun, ms since the epoch, UTC. */
  readonly due?: number;
}

/** Runs a plugin once, and tells what it said as the run of a scenario is told. Never throws. */
export async function runPlugin(
  plugin: Plugin,
  signal: AbortSignal,
  { folder, due }: PluginOptions = {},
): Promise<RunResult> {
  const lagMs = due === undefined ? 0 : Math.max(0, Date.now() - due);
  const started = performance.now();
  const printed = await spawnPlugin(plugin.command, {
    timeout: plugin.timeout,
    signal,
    ...(folder === undefined ? {} : { folder }),
  });
  return pluginResult(plugin, printed, { lagMs, seconds: (performance.now() - started) / 1000 });
}

/** What a plugin's output and its end say: Monitoring Plugins Development Guidelines. Pure. */
export function pluginResult(
  { name, command, timeout, line }: Plugin,
  { ended, stdout, stderr, isCut }: Printed,
  taken: { readonly lagMs: number; readonly seconds: number },
): RunResult {
  const { output, long, perfData } = splitOutput(textOf(stdout));
  const [state, isWarning] = stateOf(ended);
  const said = output || textOf(stderr).trim().split('\n')[0] || 'it printed nothing';
  const why = endedBadly(ended, timeout);
  const message = toldOf(why === undefined ? said : `${why}${output && `: ${output}`}`, long);
  const step = command.join(' ');
  const values = [...parsePerfData(perfData)].flatMap(performanceOf);
  const failure: Failure = { kind: kindOf(ended), step, line, message };
  const one: StepResult = {
    text: step,
    line,
    kind: 'assertion',
    state,
    seconds: taken.seconds,
    ...(state === 'passed' && !isWarning ? {} : { failure: message }),
  };
  return {
    name,
    state,
    ...(isWarning ? { warning: message } : {}),
    ...taken,
    attempts: 1,
    steps: [one],
    ...(state === 'passed' ? {} : { failure }),
    // What was cut in the middle of a value would be another value.
    performance: isCut ? values.slice(0, -1) : values,
  };
}

/** Bytes of words that are kept. */
const mostWords = 2048;

const toldOf = (output: string, long: string): string =>
  (long === '' ? output : `${output}\n${long}`).slice(0, mostWords);

function stateOf(ended: Ended): readonly [RunState, isWarning: boolean] {
  if (ended.how !== 'code') return ['unknown', false];
  if (ended.code === 0) return ['passed', false];
  if (ended.code === 1) return ['passed', true];
  return [ended.code === 2 ? 'failed' : 'unknown', false];
}

function kindOf({ how }: Ended): Failure['kind'] {
  if (how === 'late') return 'time';
  return how === 'code' ? 'assertion' : 'other';
}

/** Why it could not say anything; undefined: it did. */
function endedBadly(ended: Ended, timeout: number): string | undefined {
  if (ended.how === 'late') return `it did not end within ${timeout / 1000} s`;
  if (ended.how === 'stopped') return 'it was stopped before it came to an end';
  if (ended.how === 'signal') return `it was ended by ${ended.signal}`;
  if (ended.how === 'not-started') return `it can not be started: ${ended.why}`;
  return ended.code > 3 ? `it ended with ${ended.code}, which is no code of a plugin` : undefined;
}

/** Factors to the units that measured values have here. KB and on are 1000 each, as in UCUM. */
const units: ReadonlyMap<string, readonly [unit: Performance['unit'], factor: number]> = new Map([
  ['', ['', 1]],
  ['c', ['c', 1]],
  ['%', ['%', 1]],
  ['s', ['s', 1]],
  ['ms', ['s', 1e-3]],
  ['us', ['s', 1e-6]],
  ['µs', ['s', 1e-6]],
  ['ns', ['s', 1e-9]],
  ['B', ['B', 1]],
  ['KB', ['B', 1e3]],
  ['kB', ['B', 1e3]],
  ['MB', ['B', 1e6]],
  ['GB', ['B', 1e9]],
  ['TB', ['B', 1e12]],
  ['KiB', ['B', 2 ** 10]],
  ['MiB', ['B', 2 ** 20]],
  ['GiB', ['B', 2 ** 30]],
  ['TiB', ['B', 2 ** 40]],
]);

/** A unit of its own (`rpm`, `V`) is none here: such a value stands as it is. `U` is no value. */
function performanceOf(datum: PerfDatum | { readonly wrong: string }): readonly Performance[] {
  if ('wrong' in datum || datum.value === undefined) return [];
  const { label, value, uom, min, max } = datum;
  const [unit, factor] = units.get(uom) ?? (['', 1] as const);
  // Through decimal digits: 3 ms are 0.003 s, and not 0.0030000000000000001.
  const scaled = (one: number): number => Number((one * factor).toPrecision(15));
  const limits = {
    warning: upperLimit(datum.warning),
    critical: upperLimit(datum.critical),
    min,
    max,
  };
  const known = Object.entries(limits).flatMap(([name, limit]) =>
    limit === undefined ? [] : [[name, scaled(limit)] as const],
  );
  return [{ label, value: scaled(value), unit, ...Object.fromEntries(known) }];
}

/** The end of a range that alerts above it; a range that alerts below or within has none. */
function upperLimit(text: string | undefined): number | undefined {
  const range = text === undefined ? undefined : parseRange(text);
  return range && !range.inside && Number.isFinite(range.end) ? range.end : undefined;
}
