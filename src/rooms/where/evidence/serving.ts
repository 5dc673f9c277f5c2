import type { Instance } from '../instances.ts';
import type { BalancerSeen, OsSeen, SelfSeen } from './evidence.ts';
import { type Watched, freshOf } from './looks.ts';

/** One port, with all that was seen of it. */
export interface Entry {
  readonly slot: string;
  readonly port: number;
  /** S before O; null: neither tells one. */
  readonly version: string | null;
  /** When that was seen, ms since the epoch, UTC. */
  readonly time: number;
  readonly self: SelfSeen | undefined;
  readonly os: readonly OsSeen[];
  readonly server: BalancerSeen | undefined;
  /** Customers are sent there, as far as is known. */
  readonly serves: boolean;
}

/** The ports of one view at which somebody was looked for; null where neither S nor O could look. */
export function entriesOf({ channels, every }: Watched, now: number): readonly Entry[] | null {
  const self = freshOf(channels.self, every, now);
  const os = freshOf(channels.os, every, now);
  if (self === null && os === null) return null;
  const servers = freshOf(channels.balancer, every, now) ?? [];
  const ports = new Set([...(self ?? []), ...(os ?? [])].map(({ port }) => port));
  const someReady = servers.some(({ admin }) => admin === 'ready');
  return [...ports].map((port): Entry => {
    const said = self?.find((one) => one.port === port);
    const listeners = (os ?? []).filter((one) => one.port === port);
    const server = servers.find((one) => one.port === port);
    const serves = someReady ? server?.admin === 'ready' : isWanted(said, listeners);
    const slot = slotOf(said, listeners) ?? server?.server ?? `:${port}`;
    const version = versionOf(said, listeners);
    const time = said && said.version === version ? channels.self.time : channels.os.time;
    return { slot, port, version, time, self: said, os: listeners, server, serves };
  });
}

const slotOf = (said: SelfSeen | undefined, listeners: readonly OsSeen[]): string | null =>
  said?.slot ?? listeners[0]?.slot ?? null;

function versionOf(said: SelfSeen | undefined, listeners: readonly OsSeen[]): string | null {
  return said?.version ?? listeners.find((one) => one.version !== null)?.version ?? null;
}

/** What is down by wish is not missed; without O, whoever S asked is wanted. */
const isWanted = (said: SelfSeen | undefined, listeners: readonly OsSeen[]): boolean =>
  listeners.length === 0 ? said !== undefined : listeners.some(({ wanted }) => wanted === 'up');

/** The entries as instances: what telemetry says of an instance is said here by looking at it. */
export function instancesOf(watched: Watched, entries: readonly Entry[]): Instance[] {
  const { app, environment, offset, places } = watched;
  return entries.flatMap(({ slot, version, time }) => {
    if (version === null) return [];
    const place = places.get(slot);
    const same = place?.version === version;
    return [
      {
        app,
        environment,
        instance: slot,
        version,
        time,
        offset,
        since: same ? place.since : time,
        before: same ? place.before : undefined,
      },
    ];
  });
}

/** Nobody is there, and that is known. */
export const isDown = ({ self, os }: Entry): boolean =>
  os.length > 0
    ? os.every(({ listening }) => listening === false)
    : self?.error === 'nobody listens';
