import type { Draft } from '../../event/event.ts';
import { type Decoded, isRefused, type Refused } from '../decoded.ts';
import type { Peer, Reply } from '../sockets/protocol.ts';
import { statsd } from './statsd.ts';

const peer: Peer = { address: '127.0.0.1', port: 40_000 };

/** Thursday, 1 January 2026, 12:00 UTC, in ms. */
export const noon = Date.UTC(2026, 0, 1, 12);

/** The protocol with a clock and timers of the test. */
export function open(settings: Record<string, unknown> = {}) {
  let now = noon;
  let samples = 0;
  const taken: Decoded[] = [];
  const calls: (() => void)[] = [];
  const opened = statsd.open({
    settings: { flushInterval: 10_000, maxKeys: 1_000, signedGauges: 'auto', ...settings },
    now: () => now,
    host: 'here',
    take: (decoded) => void taken.push(...decoded),
    sampled: (count) => void (samples += count),
    every: (_, call) => void calls.push(call),
    latest: () => Promise.resolve([]),
  });
  const result = () => ({
    drafts: taken.splice(0).filter((one): one is Draft => !isRefused(one)),
  });
  return {
    /** What comes of a datagram at once. */
    datagram: (bytes: string | Buffer): Decoded[] => [
      ...(opened.datagrams?.datagram(Buffer.from(bytes), peer) ?? []),
    ],
    connect: () => {
      const decoder = opened.connection?.(peer);
      return {
        data: (chunk: string | Buffer): (Decoded | Reply)[] => [
          ...(decoder?.data(Buffer.from(chunk)) ?? []),
        ],
        end: (): (Decoded | Reply)[] => [...(decoder?.end?.() ?? [])],
      };
    },
    /** The readings of the interval that ends now, 10 s later. */
    flush: () => {
      now += 10_000;
      for (const call of calls) call();
      return result().drafts;
    },
    /** The same, without the last call that a closing listener makes. */
    tick: () => {
      now += 10_000;
      calls[0]?.();
      return result().drafts;
    },
    taken: () => result().drafts,
    later: (ms: number) => void (now += ms),
    samples: () => samples,
  };
}

/** Name and value of each reading. */
export function values(drafts: readonly Draft[]): Record<string, number | undefined> {
  return Object.fromEntries(drafts.map(({ name = '', metric }) => [name, metric]));
}

/** Those of them that are refusals. */
export function refusals(decoded: readonly object[]): Refused[] {
  return decoded.filter(isRefused).map((one) => one.refused);
}
