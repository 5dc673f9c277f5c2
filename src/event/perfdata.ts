/**
 * Performance data of plugins: Monitoring Plugins Development Guidelines, "Performance data". Pure;
 * knows nothing of events.
 */
import { beginOfNumber, numberOf, plainNumber } from './range.ts';

/** One value of a plugin. */
export interface PerfDatum {
  /** Without its quotes. */
  readonly label: string;
  /** In `uom`; undefined where the plugin says `U`: it could not be determined. */
  readonly value: number | undefined;
  /** Unit of measurement as the plugin wrote it: '', s, us, ms, %, B, KB, MB, TB, c, … */
  readonly uom: string;
  /** Ranges as they were written; `parseRange` reads them. */
  readonly warning?: string;
  readonly critical?: string;
  /** The least and the most that the value can be, in `uom`. */
  readonly min?: number;
  readonly max?: number;
}

/** A piece that is no value. */
export interface NotPerfDatum {
  readonly wrong: string;
  readonly text: string;
}

/** Values of one check; a plugin that gives more is cut off there. */
export const maxPerfData = 256;

const white = /\s/;

/** Reads `'label'=value[UOM];[warn];[crit];[min];[max]`, separated by white space. Never throws. */
export function* parsePerfData(text: string): Generator<PerfDatum | NotPerfDatum> {
  let at = 0;
  let found = 0;
  for (;;) {
    while (at < text.length && white.test(text.charAt(at))) at++;
    if (at >= text.length) return;
    if (++found > maxPerfData) {
      yield { wrong: `only the first ${maxPerfData} values of a check are taken`, text: '' };
      return;
    }
    const label = readLabel(text, at);
    const end = endOfWord(text, label.end);
    yield 'wrong' in label
      ? { wrong: label.wrong, text: text.slice(at, end) }
      : readDatum(label.label, text.slice(label.end, end));
    at = end;
  }
}

type Label =
  | { readonly label: string; readonly end: number }
  | { readonly wrong: string; readonly end: number };

/** `end` is behind the equals sign, or where the word can be given up. */
function readLabel(text: string, at: number): Label {
  if (text.charAt(at) !== "'") {
    const word = text.slice(at, endOfWord(text, at));
    const equals = word.indexOf('=');
    if (equals < 0) return { wrong: 'a label and `=` are missing', end: at };
    if (equals === 0) return { wrong: 'the label is empty', end: at };
    return { label: word.slice(0, equals), end: at + equals + 1 };
  }
  let label = '';
  let from = at + 1;
  for (;;) {
    const quote = text.indexOf("'", from);
    if (quote < 0) return { wrong: 'the quote of the label is not closed', end: text.length };
    label += text.slice(from, quote);
    // Two quotes stand for one in the label.
    if (text.charAt(quote + 1) !== "'") return closed(text, label, quote + 1);
    label += "'";
    from = quote + 2;
  }
}

function closed(text: string, label: string, end: number): Label {
  if (text.charAt(end) !== '=') return { wrong: '`=` is missing behind the label', end };
  return label === '' ? { wrong: 'the label is empty', end } : { label, end: end + 1 };
}

function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && !white.test(text.charAt(at))) at++;
  return at;
}

function readDatum(label: string, word: string): PerfDatum | NotPerfDatum {
  const [first = '', ...limits] = word.split(';', 5);
  const digits = beginOfNumber(first);
  if (digits === undefined && first !== 'U')
    return { wrong: 'its value is no number', text: `${label}=${word}` };
  const [value, uom] =
    digits === undefined
      ? ([undefined, ''] as const)
      : ([numberOf(digits), first.slice(digits.length)] as const);
  return { label, value, uom, ...readLimits(limits) };
}

function readLimits(texts: readonly string[]): Partial<PerfDatum> {
  const [warning = '', critical = '', least = '', most = ''] = texts;
  const [min, max] = [numberOf(least), numberOf(most)];
  return {
    ...(warning !== '' && { warning }),
    ...(critical !== '' && { critical }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  };
}

/** Writes one value as `parsePerfData` reads it: quoted where it has to be, `U` where there is none. */
export function formatPerfDatum({ label, value, uom, ...limits }: PerfDatum): string {
  const { warning = '', critical = '', min, max } = limits;
  const known = value !== undefined && Number.isFinite(value);
  const rest = [warning, critical, numberText(min), numberText(max)].join(';').replace(/;+$/, '');
  const shown = known ? `${plainNumber(value)}${uom}` : 'U';
  return `${quoted(label)}=${shown}${rest === '' ? '' : `;${rest}`}`;
}

const numberText = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? '' : plainNumber(value);

/**
 * A label may not hold an equals sign, and a bar or the end of a line would end all data: they are
 * replaced. It has to be quoted where it has white space or a quote, which is doubled.
 */
function quoted(label: string): string {
  const plain = label.replaceAll(/[=|\p{Cc}\p{Zl}\p{Zp}]/gu, '_') || '_';
  return /[\s']/.test(plain) ? `'${plain.replaceAll("'", "''")}'` : plain;
}

/** Units of measurement as UCUM has them, as OpenTelemetry writes units. */
const ucum: ReadonlyMap<string, string> = new Map([
  ['s', 's'],
  ['ms', 'ms'],
  ['us', 'us'],
  ['µs', 'us'],
  ['ns', 'ns'],
  ['min', 'min'],
  ['h', 'h'],
  ['d', 'd'],
  ['%', '%'],
  ['B', 'By'],
  ['KB', 'kBy'],
  ['kB', 'kBy'],
  ['MB', 'MBy'],
  ['GB', 'GBy'],
  ['TB', 'TBy'],
  ['KiB', 'KiBy'],
  ['MiB', 'MiBy'],
  ['GiB', 'GiBy'],
  ['TiB', 'TiBy'],
]);

/** `c`: a continuous counter, as it stands. */
export const isCounter = (uom: string): boolean => uom === 'c';

/** The unit in UCUM where it has one, the plugin's own word otherwise; undefined for none. */
export function unitOf(uom: string): string | undefined {
  if (uom === '' || isCounter(uom)) return undefined;
  return ucum.get(uom) ?? uom;
}
