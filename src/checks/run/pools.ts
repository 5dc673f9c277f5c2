import { createRequire } from 'node:module';
import type { Pool } from 'undici';
import { type Outbound, lookupWithin, mustBeOpen } from './outbound.ts';

// The pool alone: all of undici takes three times as long to load, and a plugin of Nagios is a process
// each time.
const require = createRequire(import.meta.url);
const HttpPool = require('undici/lib/dispatcher/pool.js') as typeof Pool;

/** What makes a connection another one. */
export interface Target {
  /** `https://host:port`. */
  readonly origin: string;
  readonly port: number;
  /** The name that is asked for, where it is not the one that is connected to. */
  readonly host: string | undefined;
  /** Certificate authorities in place of the known ones, PEM. */
  readonly authority: string | undefined;
}

/** Connections to one target at a time. */
const mostConnections = 64;
/** Targets that are remembered; the one that was asked for least recently goes. */
const mostPools = 512;

/**
 * Connections of what may go where `outbound` lets it: kept between scenarios while they are in
 * use, 4 s when they are not, and never longer than half a minute, so that a name that moved, or a
 * new certificate, is seen. An idle one does not keep the process.
 */
export class Pools {
  readonly #pools = new Map<string, Pool>();
  readonly #outbound: Outbound;

  constructor(outbound: Outbound) {
    this.#outbound = outbound;
  }

  /** Throws Unknown where it may not be gone to. */
  to(target: Target): Pool {
    const key = `${target.origin}\n${target.host ?? ''}\n${target.authority ?? ''}`;
    const pool = this.#pools.get(key) ?? this.#made(target);
    // Last asked for, last in order.
    this.#pools.delete(key);
    this.#pools.set(key, pool);
    const [oldest] = this.#pools;
    if (oldest && this.#pools.size > mostPools) {
      this.#pools.delete(oldest[0]);
      // Ends when what is under way has.
      void oldest[1].close();
    }
    return pool;
  }

  /** Breaks what is under way. */
  async close(): Promise<void> {
    const all = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(all.map(async (pool) => pool.destroy()));
  }

  #made({ origin, port, host, authority }: Target): Pool {
    // A name is looked at when it is looked up; what is an address already is looked at here, and
    // has no pool unless it is open.
    mustBeOpen(this.#outbound, new URL(origin).hostname.replaceAll(/[[\]]/g, ''), port);
    return new HttpPool(origin, {
      connections: mostConnections,
      pipelining: 1,
      keepAliveTimeout: 4000,
      keepAliveMaxTimeout: 10_000,
      clientTtl: 30_000,
      // Each step has a deadline, which is the only one.
      headersTimeout: 0,
      bodyTimeout: 0,
      // A session that is taken up again would not show a new certificate.
      maxCachedSessions: 0,
      connect: {
        timeout: 30_000,
        lookup: lookupWithin(this.#outbound, port),
        ...(host === undefined ? {} : { servername: host }),
        ...(authority === undefined ? {} : { ca: authority }),
      },
    });
  }
}

const known = new WeakMap<Outbound, Pools>();

/** The connections of all that goes by the same rules. */
export function poolsOf(outbound: Outbound): Pools {
  const pools = known.get(outbound) ?? new Pools(outbound);
  known.set(outbound, pools);
  return pools;
}
