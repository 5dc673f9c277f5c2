import { formatNumber } from '../kit/format.ts';

/** What an event costs: `420 ns`, `1.3 µs`, `2 ms`; `–` where nothing was measured. */
export function formatCost(ns: number): string {
  if (!(ns > 0)) return '–';
  if (ns < 1_000) return `${Math.round(ns)} ns`;
  if (ns < 1_000_000) return `${formatNumber(ns / 1_000)} µs`;
  return `${formatNumber(ns / 1_000_000)} ms`;
}
