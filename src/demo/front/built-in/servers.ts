import type { FrontConfig } from '../haproxy-config.ts';

/** As people set it; the words of HAProxy. */
export type Admin = 'ready' | 'drain' | 'maint';

/** One server of a backend. */
export interface Server {
  readonly name: string;
  address: string;
  port: number;
  admin: Admin;
  /** As the checks find it. */
  up: boolean;
  /** Checks in a row that found the other. */
  against: number;
  /** Requests now. */
  sessions: number;
  /** Number of the last request that was given to it. */
  turn: number;
}

export interface Backend {
  readonly name: string;
  readonly health: string;
  readonly servers: readonly Server[];
}

/** What of a server is kept over a restart. */
export interface KeptServer {
  readonly backend: string;
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly admin: Admin;
}

/** Checks in a row that take a server out; one brings it back, as in HAProxy's `fall 3 rise 1`. */
const fall = 3;

/**
 * The backends of a configuration. As in HAProxy a server begins in maintenance unless it was kept
 * otherwise, and one that comes out of it counts as up before its first check.
 */
export function backendsOf(
  { backends }: Pick<FrontConfig, 'backends'>,
  kept: readonly KeptServer[],
): Backend[] {
  return backends.map(({ name, health, servers }) => ({
    name,
    health,
    servers: servers.map(([server, port]) => {
      const before = kept.find((one) => one.backend === name && one.name === server);
      const address = '127.0.0.1';
      const fresh: Server = {
        name: server,
        address,
        port,
        admin: 'maint',
        up: false,
        against: 0,
        sessions: 0,
        turn: 0,
      };
      return before
        ? { ...fresh, address: before.address, port: before.port, admin: before.admin, up: true }
        : fresh;
    }),
  }));
}

export const keptOf = (backends: readonly Backend[]): KeptServer[] =>
  backends.flatMap(({ name: backend, servers }) =>
    servers.map(({ name, address, port, admin }) => ({ backend, name, address, port, admin })),
  );

/** Sets what people want of a server. */
export function setAdmin(server: Server, admin: Admin): void {
  if (server.admin === 'maint' && admin !== 'maint') {
    server.up = true;
    server.against = 0;
  }
  server.admin = admin;
}

/** Takes what one check found. In maintenance checks rest. */
export function takeCheck(server: Server, good: boolean): void {
  if (server.admin === 'maint') return;
  if (good === server.up) {
    server.against = 0;
    return;
  }
  server.against += 1;
  if (good || server.against >= fall) {
    server.up = good;
    server.against = 0;
  }
}

/** Who gets the next request: of those that may, the one with the fewest now; of equals who waited longest. */
export function choose(backend: Backend, tried: ReadonlySet<Server>): Server | undefined {
  let best: Server | undefined;
  for (const server of backend.servers) {
    if (server.admin !== 'ready' || !server.up || tried.has(server)) continue;
    if (best === undefined || isBetter(server, best)) best = server;
  }
  if (best) best.turn = Math.max(...backend.servers.map(({ turn }) => turn)) + 1;
  return best;
}

const isBetter = (a: Server, b: Server): boolean =>
  a.sessions === b.sessions ? a.turn < b.turn : a.sessions < b.sessions;
