import type { PlacedEvent } from '../../event/codec.ts';
import { Payload } from '../alerts/facts.ts';

/** The three architectures that get the same feed and the same chaos. */
export const architectureNames = ['one-program', 'threads', 'processes'] as const;

/** Names one architecture; the `service` of its readings. */
export type ArchitectureName = (typeof architectureNames)[number];

/** What they are called. */
export const architectureTitles: Readonly<Record<ArchitectureName, string>> = {
  'one-program': 'One big program',
  threads: 'Threads with a queue in memory',
  processes: 'Processes with a persistent queue',
};

/** `type` and `name` of the reading that tells how one architecture stands; its counts are in `data`. */
export const architectureReading = 'newsroom.architecture';

/** What is counted of each; a count that nobody can tell is not in the reading. */
export const architectureCounts = [
  'imported',
  'waiting',
  'inProgress',
  'done',
  'dead',
  'lost',
  'twice',
  'restarts',
] as const;

/** One thing that is counted. */
export type ArchitectureCount = (typeof architectureCounts)[number];

/** How one architecture stood last. */
export interface ArchitectureSeen {
  readonly name: ArchitectureName;
  /** ms since the epoch, UTC; undefined while nothing was heard of it. */
  readonly at: number | undefined;
  /** Undefined: nobody can tell. */
  readonly counts: Readonly<Partial<Record<ArchitectureCount, number>>>;
  /** What of it can be seen from outside, in words. */
  readonly sees: readonly string[];
}

/** Things that can be seen of one architecture. */
const maxSees = 20;

/** What readings say of each of the three, of several the newest. Total. */
export function architecturesIn(
  readings: readonly Pick<PlacedEvent, 'service' | 'time' | 'data'>[],
): readonly ArchitectureSeen[] {
  return architectureNames.map((name) => {
    const those = readings.filter(({ service }) => service === name);
    const [last] = those.toSorted((a, b) => b.time - a.time);
    const payload = new Payload(last?.data);
    const counts = architectureCounts.flatMap((count) => {
      const value = payload.number(count);
      return value === undefined ? [] : [[count, value] as const];
    });
    const sees = Object.values(payload.texts('sees')).slice(0, maxSees);
    return { name, at: last?.time, counts: Object.fromEntries(counts), sees };
  });
}
