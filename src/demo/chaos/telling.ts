import { randomUUID } from 'node:crypto';
import { type Happening, typeOf } from '../../rooms/demo/facts.ts';
import type { Company } from '../company.ts';

/** What the demo tells Territory. */
export interface Telling {
  readonly subject: string;
  readonly data: { readonly [name: string]: unknown };
}

/** The source of what the demo tells; names that begin with `territory/` are the server's own. */
export const tellerSource = 'newsroom/demo';

/** Sends one fact of the demo's room. Throws an Error unless it is durable. */
export async function tell(
  { territory, now }: Pick<Company, 'territory' | 'now'>,
  happening: Happening,
  { subject, data }: Telling,
): Promise<void> {
  await territory.ask('POST', '/api/v1/events', factOf(happening, { subject, data }, now()));
}

function factOf(happening: Happening, { subject, data }: Telling, time: number) {
  // With an id: what is sent again after an answer that got lost is no second fact.
  return { id: randomUUID(), type: typeOf(happening), source: tellerSource, time, subject, data };
}

/** Tells that the company lives, with what it was made from; whatever chaos went on is over by that. */
export async function tellStarted(company: Company): Promise<void> {
  const { seed, speed, ports, tools } = company;
  const site = `http://127.0.0.1:${ports.site.production.front}/`;
  const found = [
    { what: 'load balancer', found: tools.front === 'haproxy' ? 'HAProxy' : 'the built-in front' },
    { what: 'encoder', found: tools.encoder === 'ffmpeg' ? 'ffmpeg' : 'JavaScript, pictures only' },
    {
      what: 'migrations',
      found: tools.migrations === 'runner' ? 'the runner, by sqlite3' : 'the site, when it starts',
    },
  ];
  const data = { seed, speed, site, tools: found };
  await tell(company, 'demo.started', { subject: 'demo', data });
}

/** ms that the server may take to hear of the end. */
const farewellMs = 2_000;

/** Tells that the company ends. `signal` has aborted by then, so that `ask` asks no more. */
export async function tellStopped({ territory, now }: Company): Promise<void> {
  const fact = factOf('demo.stopped', { subject: 'demo', data: {} }, now());
  await fetch(`${territory.url}/api/v1/events`, {
    method: 'POST',
    signal: AbortSignal.timeout(farewellMs),
    headers: {
      authorization: `Bearer ${territory.token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(fact),
  });
}
