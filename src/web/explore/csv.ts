import type { Drawing } from './lines.ts';

/** RFC 4180: fields with a comma, a quote or a line break stand in quotes, lines end in CRLF. */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

const field = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/**
 * The points of a chart, one row for each time (RFC 3339, UTC), one column for each series; no data
 * is an empty field. A name that a spreadsheet would run as a formula gets an apostrophe in front.
 */
export function csvOf(drawing: Drawing): string {
  const names = drawing.lines.map((line) => line.name.replace(/^[=+\-@\t]/, "'$&"));
  const rows = drawing.times.map((time, i) => [
    new Date(time).toISOString(),
    ...drawing.lines.map((line) => String(line.values[i] ?? '')),
  ]);
  return toCsv([['time', ...names], ...rows]);
}
