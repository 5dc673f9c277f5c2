import type { ServerResponse } from 'node:http';
import type { Log } from '../../log/log.ts';
import { apiError } from '../errors.ts';
import {
  type ClientLimits,
  type ClientRequest,
  type ClientWorld,
  TailClient,
  type TailCounters,
} from './client.ts';
import { Hub } from './hub.ts';
import { Gate, Turns } from './turns.ts';

export interface TailLimits extends ClientLimits {
  readonly maxClients: number;
}

/** So many clients read from the log at once; the others wait their turn. */
const catchUpsAtOnce = 4;

/** All open tails. */
export class Tail {
  readonly counters: TailCounters & { refused: number } = {
    sent: 0,
    skipped: 0,
    stalled: 0,
    fellBehind: 0,
    refused: 0,
  };
  readonly #clients = new Set<TailClient>();
  readonly #limits: TailLimits;
  readonly #world: ClientWorld;
  #closed = false;

  constructor(log: Log, limits: TailLimits) {
    this.#limits = limits;
    const turns = new Turns();
    const hubs = { facts: new Hub(log, 'facts', turns), readings: new Hub(log, 'readings', turns) };
    const catchUp = new Gate(catchUpsAtOnce);
    this.#world = { log, hubs, turns, catchUp, limits, counters: this.counters };
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Throws TERR_API_TOO_MANY_TAILS, TERR_API_STOPPING. */
  admit(): void {
    if (this.#closed)
      throw apiError('STOPPING', 'the server is stopping; connect again', { retryAfter: 2 });
    if (this.#clients.size < this.#limits.maxClients) return;
    this.counters.refused++;
    throw apiError(
      'TOO_MANY_TAILS',
      `${this.#limits.maxClients} tails are open (tail.maxClients); close one or try again later`,
      { retryAfter: 5 },
    );
  }

  /** Serves one tail on a response whose head is not yet sent; resolves when it has ended. */
  async serve(
    request: ClientRequest,
    response: ServerResponse,
    headers: Readonly<Record<string, string>>,
  ): Promise<void> {
    this.admit();
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      // nginx would collect events otherwise.
      'x-accel-buffering': 'no',
    });
    const client = new TailClient(this.#world, request, response);
    this.#clients.add(client);
    try {
      await client.run();
    } finally {
      this.#clients.delete(client);
    }
  }

  /** Ends all tails; browsers connect again by themselves and resume. */
  close(): void {
    this.#closed = true;
    for (const client of this.#clients) client.end();
  }
}
