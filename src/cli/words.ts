/** Six significant digits, thousands separated; no data is said so. */
export function showNumber(value: number | null): string {
  if (value === null) return 'no data';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString('en');
  const size = Math.abs(value);
  if (size >= 1e15 || size < 1e-4) return value.toExponential(4);
  return value.toLocaleString('en', { maximumSignificantDigits: 6 });
}

/** `2026-05-01 12:00:00Z`; with milliseconds only where there are some. */
export function showTime(ms: number): string {
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return 'no time';
  return new Date(ms).toISOString().replace('T', ' ').replace('.000Z', 'Z');
}

/** Text from elsewhere must not steer the terminal: control characters are shown, not sent. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return character === '\t' ? ' ' : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** `1 commit`, `2,000 commits`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
