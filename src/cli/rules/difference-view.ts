import type { AlertDifference, Backtest } from '../../rules/backtest/result.ts';
import type { Terminal } from '../terminal.ts';
import { printable } from '../words.ts';
import { lifeOf } from './life.ts';

const mostRows = 20;

/** What these rules decide otherwise than those that they are compared with. */
export function differenceView(
  { name, difference }: NonNullable<Backtest['against']>,
  { style }: Terminal,
): string[] {
  const { same, onlyCandidate, onlyLive, keys, alerts } = difference;
  const number = (count: number): string => count.toLocaleString('en');
  const other = printable(name);
  const head = `against ${other}: ${number(same)} the same, ${number(onlyCandidate)} only here, ${number(onlyLive)} only ${other}`;
  const different = keys.filter((one) => one.onlyCandidate + one.onlyLive > 0);
  return [
    '',
    style('bold', head),
    ...bounded(different, ({ rule, key, onlyCandidate: here, onlyLive: there, same: both }) =>
      printable(
        `${rule} ${key}: ${number(here)} only here, ${number(there)} only ${name}, ${number(both)} the same`,
      ),
    ),
    ...bounded(alerts, (one) => printable(alertLine(one, name))),
  ];
}

function bounded<T>(rows: readonly T[], line: (row: T) => string): string[] {
  const more = rows.length - mostRows;
  return [
    ...rows.slice(0, mostRows).map((row) => `  ${line(row)}`),
    ...(more > 0 ? [`  and ${more.toLocaleString('en')} more; --json lists them`] : []),
  ];
}

function alertLine({ rule, key, candidate, live }: AlertDifference, name: string): string {
  const what = `alert ${rule} ${key}`;
  if (candidate && live) return `${what}: here ${lifeOf(candidate)}, ${name} ${lifeOf(live)}`;
  if (candidate) return `${what}: only here, ${lifeOf(candidate)}`;
  return live ? `${what}: only ${name}, ${lifeOf(live)}` : what;
}
