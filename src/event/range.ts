/**
 * Ranges of values, as plugins of Nagios have them: Monitoring Plugins Development Guidelines,
 * "Threshold and Ranges".
 */

/** From `start` to `end`, both included; alerts outside of it, or with `inside` within it. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly inside: boolean;
}

// Some plugins write numbers with the comma of their locale.
const number = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?/;

/** The number at the beginning of a text, as it is written; undefined when there is none. */
export const beginOfNumber = (text: string): string | undefined => number.exec(text)?.[0];

/** The number that a text is as a whole; undefined for any other text. */
export function numberOf(text: string): number | undefined {
  if (beginOfNumber(text) !== text || text === '') return undefined;
  const value = Number(text.replace(',', '.'));
  return Number.isFinite(value) ? value : undefined;
}

/** Reads `[@][start:]end`: `10`, `10:`, `~:10`, `10:20`, `@10:20`. Undefined when it is none. */
export function parseRange(text: string): Range | undefined {
  const inside = text.startsWith('@');
  const plain = inside ? text.slice(1) : text;
  const colon = plain.indexOf(':');
  const from = colon < 0 ? '0' : plain.slice(0, colon);
  const to = colon < 0 ? plain : plain.slice(colon + 1);
  // An empty start is 0 as in the guidelines' `:10`; an empty end is without limit.
  const start = from === '~' ? -Infinity : from === '' ? 0 : numberOf(from);
  const end = to === '' && colon >= 0 ? Infinity : numberOf(to);
  if (start === undefined || end === undefined || start > end) return undefined;
  return { start, end, inside };
}

/** Whether a value alerts by this range. */
export function alertsBy({ start, end, inside }: Range, value: number): boolean {
  const within = value >= start && value <= end;
  return within === inside;
}

/** A number as plugins write it: a dot, and never an exponent. It is read as the same number again. */
export function plainNumber(value: number): string {
  const text = String(value);
  const [digits = '', power] = text.split('e');
  if (power === undefined) return text;
  const [, sign = '', whole = '', part = ''] = /^(-?)(\d+)\.?(\d*)$/.exec(digits) ?? [];
  const at = whole.length + Number(power);
  const all = whole + part;
  if (at <= 0) return `${sign}0.${'0'.repeat(-at)}${all}`;
  return `${sign}${all.padEnd(at, '0')}`;
}

/** Writes a range in its shortest form: `10`, `10:`, `~:10`, `@10:20`. */
export function formatRange({ start, end, inside }: Range): string {
  const to = end === Infinity ? '' : plainNumber(end);
  const from =
    start === -Infinity ? '~:' : start === 0 && to !== '' ? '' : `${plainNumber(start)}:`;
  return `${inside ? '@' : ''}${from}${to}`;
}
