import { queryOptions } from '@tanstack/react-query';
import type { Itself } from '../../server/api/contract.ts';
import { api } from '../kit/api.ts';

export const everyMs = 5_000;
/** Ten minutes of answers, kept in this page only. */
const keptAtMost = 120;

let kept: readonly Itself[] = [];

/** The last answers, oldest first; those before a restart of the server are forgotten. */
export const snapshotsQuery = queryOptions({
  queryKey: ['itself'],
  queryFn: async ({ signal }) => {
    const answer = await api.itself(signal);
    const same = kept.filter((k) => k.started === answer.started && k.now < answer.now);
    kept = [...same, answer].slice(-keptAtMost);
    return kept;
  },
  refetchInterval: everyMs,
  structuralSharing: false,
});

/** How fast a counter grew between answers, per second; one value less than there are answers. */
export const speeds = (
  snapshots: readonly Itself[],
  counter: (of: Itself) => number,
): readonly number[] =>
  snapshots.slice(1).map((now, i) => {
    const before = snapshots[i] ?? now;
    const seconds = (now.now - before.now) / 1000;
    return seconds > 0 ? Math.max(0, counter(now) - counter(before)) / seconds : 0;
  });

export const acceptedOf = (of: Itself): number =>
  of.intakes.reduce((sum, i) => sum + i.accepted, 0);
export const refusedOf = (of: Itself): number => of.intakes.reduce((sum, i) => sum + i.refused, 0);
export function lagOf(of: Itself): number | null {
  const lags = of.streams.map((s) => s.historyLagMs);
  return lags.some((lag) => lag === null) ? null : Math.max(0, ...lags.map(Number));
}
