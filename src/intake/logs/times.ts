import { parseTime } from '../../event/time.ts';

/**
 * The time that a log line's own field names, ms since the epoch, UTC; undefined when it is none.
 * Numbers, or texts of digits, are seconds, ms, µs or ns by their size: the four do not overlap
 * between 1973 and 5138. Texts are RFC 3339 or as people write it: a blank for the T, a comma before
 * the fraction, `+0200`, `UTC`; without a zone it is UTC.
 */
export function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return timeOfNumber(value);
  if (typeof value !== 'string' || value.length > 64) return undefined;
  if (/^\d{9,19}(\.\d{1,9})?$/.test(value)) return timeOfNumber(Number(value));
  return parseTime(value) ?? timeOfText(value);
}

function timeOfNumber(value: number): number | undefined {
  if (!(value >= 1e8 && value < 1e20)) return undefined;
  if (value < 1e11) return Math.floor(value * 1e3 + 1e-4);
  if (value < 1e14) return Math.floor(value);
  return Math.floor(value < 1e17 ? value / 1e3 : value / 1e6);
}

const written =
  /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(?: ?(?:[Zz]|UTC|([+-]\d\d):?(\d\d)))?$/;

function timeOfText(text: string): number | undefined {
  const found = written.exec(text.trim());
  if (found === null) return undefined;
  const [, day, clock, fraction, hours, minutes = '00'] = found;
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes}`;
  return parseTime(`${day}T${clock}${fraction === undefined ? '' : `.${fraction}`}${zone}`);
}
