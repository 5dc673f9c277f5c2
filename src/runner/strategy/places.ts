import type { BalancerServer } from '../balancer/balancer.ts';
import { runnerErrors } from '../errors.ts';
import type { InstanceState } from '../instance/instance.ts';
import type { JournalNote } from './strategy.ts';

/** Where one instance goes: its slot, which is the name of its server where there is a balancer. */
export interface Spot {
  readonly slot: string;
  readonly port: number;
  /** An old instance was there, or something else that served. */
  readonly had: boolean;
}

/** What a strategy decided at its beginning; all that follows keeps to it, in whatever process. */
export interface Plan {
  /** Where the new instances go, in this order. */
  readonly fresh: readonly Spot[];
  /** What is to be out in the end, and serves again after a way back if it `had`. */
  readonly old: readonly Spot[];
}

/** A server, and our instance there. */
interface Seen {
  readonly server: BalancerServer;
  readonly ours: InstanceState | undefined;
  /** It can answer: as HAProxy's checks say, or because our process lives. */
  readonly alive: boolean;
  readonly serves: boolean;
}

const colours = ['blue', 'green'] as const;

function see(servers: readonly BalancerServer[], states: readonly InstanceState[]): Seen[] {
  return servers.map((server) => {
    const ours = states.find((s) => s.wish.slot === server.name && s.wish.port === server.port);
    const alive = server.check === 'up' || ours?.process !== undefined;
    return { server, ours, alive, serves: alive && server.admin === 'ready' };
  });
}

const spotOf = ({ server, serves, ours }: Seen): Spot => ({
  slot: server.name,
  port: server.port,
  // One that is in a crash loop is what was there, too.
  had: serves || (server.admin === 'ready' && ours?.wish.wanted === 'up'),
});

/**
 * The colour whose servers do not serve gets the new instances. Throws TERR_RUNNER_STRATEGY when both
 * serve, or it has too few servers.
 */
export function planColours(
  backend: string,
  count: number,
  servers: readonly BalancerServer[],
  states: readonly InstanceState[],
): Plan {
  const seen = see(servers, states);
  const [blue, green] = colours.map((colour) =>
    seen.filter((s) => s.server.name.startsWith(colour)),
  ) as [Seen[], Seen[]];
  if (blue.some((s) => s.serves) && green.some((s) => s.serves))
    throw runnerErrors(
      'STRATEGY',
      `servers of both colours serve in backend ${backend}, and which are old can not be told; take ` +
        `those out that are not wanted: set server ${backend}/NAME state maint`,
    );
  const [idle, live] = weight(blue) <= weight(green) ? [blue, green] : [green, blue];
  const colour = idle === blue ? 'blue' : 'green';
  if (idle.length < count)
    throw runnerErrors(
      'STRATEGY',
      `backend ${backend} has ${idle.length} servers named ${colour}…, and ${count} instances are ` +
        'wanted; blue-green needs as many of each colour (docs/reference/runner-strategies.md)',
    );
  return { fresh: idle.slice(0, count).map(spotOf), old: live.map(spotOf) };
}

/** How much a colour is the one in use: serving counts most, then what only lives, then a wish. */
const weight = (seen: readonly Seen[]): number =>
  Math.max(
    0,
    ...seen.map(({ serves, alive, server }) =>
      serves ? 3 : alive && server.admin === 'drain' ? 2 : server.admin === 'ready' ? 1 : 0,
    ),
  );

/**
 * The servers that serve are those that get new instances, further ones where more are wanted; what
 * serves beyond the number that is wanted ends. Those that do not serve come first: to replace them
 * takes nothing from anybody. Throws TERR_RUNNER_STRATEGY.
 */
export function planServers(
  backend: string,
  count: number,
  servers: readonly BalancerServer[],
  states: readonly InstanceState[],
): Plan {
  if (servers.length < count)
    throw runnerErrors(
      'STRATEGY',
      `backend ${backend} has ${servers.length} servers, and ${count} instances are wanted`,
    );
  const seen = see(servers, states);
  // Stable: within each kind in the order of HAProxy's configuration.
  const ordered = seen.toSorted((a, b) => rank(a) - rank(b));
  const chosen = ordered.slice(0, count);
  return {
    fresh: [...chosen.filter((s) => !s.serves), ...chosen.filter((s) => s.serves)].map(spotOf),
    old: ordered
      .slice(count)
      .filter((s) => s.serves)
      .map(spotOf),
  };
}

const rank = ({ serves, server, alive }: Seen): number =>
  serves ? 0 : server.admin === 'ready' ? 1 : alive ? 3 : 2;

/** What ports are to be found for without a balancer. */
export interface PortsWanted {
  readonly count: number;
  /** Those of this application here. */
  readonly states: readonly InstanceState[];
  /** Where it may listen, first and last. */
  readonly range: readonly [number, number] | undefined;
  /** Where its manifest says, for the first of them; the others follow. */
  readonly port: number | null;
  /** Of other applications, or something else that listens. */
  readonly taken: ReadonlySet<number>;
}

/** Slots `1` to n with ports. One that has its port keeps it. Throws TERR_RUNNER_STRATEGY. */
export function planPorts({ count, states, range, port, taken }: PortsWanted): Plan {
  const mine = new Map(states.map((s) => [s.wish.slot, s]));
  const range_ = range ?? (port === null ? undefined : ([port, port + count - 1] as const));
  if (!range_)
    throw runnerErrors(
      'STRATEGY',
      'no port is known: neither `port` in territory.yaml nor `ports` of the environment says one',
    );
  const inRange = (p: number): boolean => p >= range_[0] && p <= range_[1];
  const used = new Set([...taken, ...states.map((s) => s.wish.port)]);
  const free = function* (): Generator<number> {
    for (let p = range_[0]; p <= range_[1]; p += 1) if (!used.has(p)) yield p;
  };
  const next = free();
  const fresh = Array.from({ length: count }, (_, i): Spot => {
    const slot = `${i + 1}`;
    const before = mine.get(slot);
    if (before && inRange(before.wish.port))
      return { slot, port: before.wish.port, had: before.wish.wanted === 'up' };
    const found = next.next();
    if (!found.done) return { slot, port: found.value, had: before?.wish.wanted === 'up' };
    throw runnerErrors('STRATEGY', `no port from ${range_.join(' to ')} is free for slot ${slot}`);
  });
  const slots = new Set(fresh.map((s) => s.slot));
  const old = states
    .filter((s) => !slots.has(s.wish.slot) && s.wish.wanted === 'up')
    .map((s) => ({ slot: s.wish.slot, port: s.wish.port, had: true }));
  return { fresh, old };
}

/** As it stands in a journal, whose notes hold no lists. */
export const writePlan = (plan: Plan): NonNullable<JournalNote['data']> => ({
  fresh: plan.fresh.map(writeSpot).join(' '),
  old: plan.old.map(writeSpot).join(' '),
});
const writeSpot = ({ slot, port, had }: Spot): string => `${slot}:${port}:${had ? 'had' : 'none'}`;

export function readPlan(data: NonNullable<JournalNote['data']>): Plan {
  const spots = (text: unknown): Spot[] =>
    [...String(text).matchAll(/(\S+):(\d+):(had|none)/g)].map(([, slot = '', port, had]) => ({
      slot,
      port: Number(port),
      had: had === 'had',
    }));
  return { fresh: spots(data['fresh']), old: spots(data['old']) };
}
