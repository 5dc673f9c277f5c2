import { durationMs } from '../explore/asked.ts';
import type { BacktestChange, BacktestSearch } from './backtest-search.ts';

export const ranges = [
  ['1h', 'last 1 h'],
  ['6h', 'last 6 h'],
  ['24h', 'last 24 h'],
  ['yesterday', 'yesterday'],
] as const;
export type RangeName = (typeof ranges)[number][0];

/** ms since the epoch, UTC. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The time that an address asks for, seen from `now`; undefined where an alert says it. */
export function rangeOf(search: BacktestSearch, now: number): Range | undefined {
  if (search.alert !== undefined) return undefined;
  const from = Date.parse(search.from ?? '');
  const to = search.to === undefined ? now : Date.parse(search.to);
  if (from < to) return { from, to };
  return { from: now - (durationMs(search.last ?? '') ?? 3_600_000), to: now };
}

/** Yesterday from midnight to midnight, in the browser's zone or in UTC. */
export function yesterday(now: number, isUtc: boolean): Range {
  const midnight = (back: number): number => {
    const day = new Date(now);
    if (isUtc) return Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() - back);
    return new Date(day.getFullYear(), day.getMonth(), day.getDate() - back).getTime();
  };
  return { from: midnight(1), to: midnight(0) };
}

/** A range as an address says it. */
export const fixed = ({ from, to }: Range): BacktestChange => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
  last: undefined,
  alert: undefined,
});
