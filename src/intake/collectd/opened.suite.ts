import type { Draft } from '../../event/event.ts';
import { type Decoded, isRefused, type Refused } from '../decoded.ts';
import { collectd } from './collectd.ts';

/** Thursday, 1 January 2026, 12:00 UTC, in ms. */
export const noon = Date.UTC(2026, 0, 1, 12);

/** The protocol with a clock of the test. */
export function open(settings: Record<string, unknown> = {}) {
  let now = noon;
  const calls: (() => void)[] = [];
  const { datagrams } = collectd.open({
    settings: { maxSeries: 1_000, securityLevel: 'none', typesDb: [], ...settings },
    now: () => now,
    host: 'here',
    take: () => undefined,
    sampled: () => undefined,
    every: (_, call) => void calls.push(call),
    latest: () => Promise.resolve([]),
  });
  const decode = (...parts: readonly Buffer[]): Decoded[] => [
    ...(datagrams?.datagram(Buffer.concat(parts), { address: '10.0.0.1', port: 4_000 }) ?? []),
  ];
  return {
    decode,
    events: (...parts: readonly Buffer[]) =>
      decode(...parts).filter((one): one is Draft => !isRefused(one)),
    refusals: (...parts: readonly Buffer[]): Refused[] =>
      decode(...parts)
        .filter(isRefused)
        .map((one) => one.refused),
    /** Time goes on, and what is done at intervals is done. */
    later: (ms: number) => {
      now += ms;
      for (const call of calls) call();
    },
  };
}
