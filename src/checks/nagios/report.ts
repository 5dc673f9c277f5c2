/**
 * What a plugin of Nagios says: Monitoring Plugins Development Guidelines, "Plugin Output for
 * Nagios", "Performance data" and "Plugin Return Codes". Pure.
 */
import { type PerfDatum, formatPerfDatum } from '../../event/perfdata.ts';
import { plainNumber } from '../../event/range.ts';
import type { CheckState, Performance } from '../run/result.ts';

/** OK 0, WARNING 1, CRITICAL 2, UNKNOWN 3. */
export type PluginCode = 0 | 1 | 2 | 3;

/** The return code of each state. */
export const pluginCodes = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const satisfies Record<
  CheckState,
  PluginCode
>;

/** What is printed, with the line end of its last line, and what it ends in. */
export interface PluginReport {
  readonly code: PluginCode;
  readonly text: string;
}

/** What a report is made of. */
export interface ReportParts {
  /** Words before the state: `SHOP`. */
  readonly title: string;
  readonly state: CheckState;
  /** What the first line says behind the state; it is cut where the line would be too long. */
  readonly summary: string;
  /** Lines below the first. */
  readonly lines: readonly string[];
  readonly values: readonly PerfDatum[];
}

/** The first line up to its performance data is shorter: wider is cut on pagers and in tables. */
const firstLineWidth = 80;
/** Nagios 4 takes 8 KiB of a plugin (MAX_PLUGIN_OUTPUT_LENGTH), and cuts what is behind. */
const mostBytes = 8_000;
/** Of these at most so many for performance data, so that there is room for words. */
const mostPerfBytes = 4_000;

const startOf = (title: string, state: CheckState): string =>
  `${oneLine(title).toUpperCase()} ${state.toUpperCase()} - `;

/** What a feature is called before the state: `features/shop.feature.md` is `shop`. */
export const featureTitle = (file: string): string =>
  (file.split('/').at(-1) ?? file).replace(/\.feature(\.md)?$/, '');

/** So many characters are there for a summary. */
export const roomFor = (title: string, state: CheckState): number =>
  firstLineWidth - 1 - Array.from(startOf(title, state)).length;

/** Writes a report in the form of Nagios, within its bounds. What is left out is said. */
export function reportOf({ title, state, summary, lines, values }: ReportParts): PluginReport {
  const first = startOf(title, state) + cut(oneLine(summary), roomFor(title, state));
  const data = values.map(formatPerfDatum);
  const fitting = fittingOf(data, mostPerfBytes);
  const perfData = fitting.length > 0 ? `|${fitting.join(' ')}` : '';
  const left = data.length - fitting.length;
  const more =
    left > 0 ? [...lines, `${left} more values are not told: too much for Nagios`] : lines;
  const head = `${first}${perfData}`;
  const below = fittingOf(more.map(oneLine), mostBytes - Buffer.byteLength(head) - 40);
  const unsaid = more.length - below.length;
  const end = unsaid > 0 ? [`... and ${unsaid} more lines`] : [];
  return {
    code: pluginCodes[state],
    text: [head, ...below, ...end].map((one) => `${one}\n`).join(''),
  };
}

/** The first of them that need no more than so many bytes, each with one for what parts them. */
function fittingOf(all: readonly string[], bytes: number): readonly string[] {
  let used = 0;
  return all.filter((one) => (used += Buffer.byteLength(one) + 1) <= bytes);
}

/** A bar would begin performance data. */
const oneLine = (text: string): string =>
  text.replaceAll(/\s+/g, ' ').replaceAll('|', '\u00a6').trim();

/** At most so many characters, with an ellipsis where some are missing. */
export function cut(text: string, most: number): string {
  const letters = Array.from(text);
  return letters.length <= most
    ? text
    : `${letters
        .slice(0, Math.max(0, most - 1))
        .join('')
        .trimEnd()}…`;
}

/** Seconds for people: `0.12 s`. */
export const secondsText = (seconds: number): string =>
  `${seconds >= 10 ? seconds.toFixed(1) : seconds >= 0.1 ? seconds.toFixed(2) : seconds.toFixed(3)} s`;

/** A measured value as performance data, under another label where one is given. */
export function perfDatumOf(one: Performance, label = one.label): PerfDatum {
  const { value, unit, warning, critical, min, max } = one;
  return {
    label,
    // Clocks give many more digits than they can tell apart.
    value: unit === 's' ? rounded(value) : value,
    uom: unit,
    ...(warning === undefined ? {} : { warning: limitText(warning) }),
    ...(critical === undefined ? {} : { critical: limitText(critical) }),
    // Durations and sizes begin at 0.
    ...(min !== undefined ? { min } : unit === 's' || unit === 'B' ? { min: 0 } : {}),
    ...(max === undefined ? {} : { max }),
  };
}

/** To the microsecond. */
export const rounded = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;

/** An upper limit as a range. A plain number begins at 0, which a negative one can not. */
const limitText = (limit: number): string =>
  limit < 0 ? `~:${plainNumber(limit)}` : plainNumber(limit);
