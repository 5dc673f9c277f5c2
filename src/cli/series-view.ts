import type { SeriesAnswer } from '../server/api/contract.ts';
import { sparkline } from './sparkline.ts';
import type { Terminal } from './terminal.ts';
import { type Column, textTable } from './text-table.ts';
import { printable, showNumber, showTime } from './words.ts';

type Series = SeriesAnswer['series'][number];

/** The answer as a table: a row for each series, with its total and its course. */
export function seriesView(answer: SeriesAnswer, terminal: Terminal): string {
  const { series, compare } = answer;
  const labels = [...new Set(series.flatMap((one) => Object.keys(one.labels)))];
  const withCourse = series.some((one) => one.points.length > 1);
  const columns: Column[] = labels.map((name) => ({ head: printable(name) }));
  const numbers = [answer.aggregate, ...(compare === undefined ? [] : ['before', 'change'])];
  for (const head of numbers) columns.push({ head, align: 'right' });
  if (withCourse) columns.push({ head: 'course' });
  const rows = series.map((one) => rowOf(one, labels, { answer, withCourse, terminal }));
  const body = rows.length === 0 ? 'no data\n' : textTable(columns, rows, terminal.style);
  return `${headline(answer, terminal)}\n${body}${footer(answer).join('\n')}\n`;
}

function rowOf(
  one: Series,
  labels: readonly string[],
  shown: {
    readonly answer: SeriesAnswer;
    readonly withCourse: boolean;
    readonly terminal: Terminal;
  },
): string[] {
  const { answer, withCourse, terminal } = shown;
  const row = labels.map((name) => printable(one.labels[name] ?? '') || '(none)');
  row.push(showNumber(one.total));
  if (answer.compare !== undefined) {
    const before = answer.compare.series.find((other) => sameLabels(one, other, labels));
    row.push(showNumber(before?.total ?? null), change(one.total, before?.total ?? null));
  }
  if (withCourse)
    row.push(
      sparkline(
        one.points.map(([, value]) => value),
        Math.min(60, Math.max(10, terminal.width - 40)),
      ),
    );
  return row;
}

function sameLabels(one: Series, other: Series, labels: readonly string[]): boolean {
  return labels.every((name) => one.labels[name] === other.labels[name]);
}

function change(now: number | null, before: number | null): string {
  if (now === null || before === null || before === 0) return '';
  const percent = ((now - before) / Math.abs(before)) * 100;
  return `${percent >= 0 ? '+' : ''}${percent.toFixed(1)} %`;
}

function headline(answer: SeriesAnswer, terminal: Terminal): string {
  const every = answer.every === null ? '' : `, every ${answer.every / 1000} s`;
  const range = `${showTime(answer.from)} to ${showTime(answer.to)}${every}`;
  return terminal.style('dim', `${printable(answer.definition)}\n${range}`);
}

function footer(answer: SeriesAnswer): string[] {
  const lines = [
    `total ${showNumber(answer.total)}, from ${answer.matched.toLocaleString('en')} events in ${Math.round(answer.elapsedMs)} ms`,
  ];
  if (answer.compare !== undefined)
    lines[0] += ` (before: ${showNumber(answer.compare.total)} ${change(answer.total, answer.compare.total)})`;
  if (answer.omitted > 0)
    lines.push(
      `${answer.omitted.toLocaleString('en')} smaller series are not shown; --top N shows more`,
    );
  return lines;
}
