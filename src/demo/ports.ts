import { createServer } from 'node:net';
import { environmentNames, type Ports, type SitePorts } from './company.ts';
import { demoErrors } from './errors.ts';

/** Below those that the kernel gives to connections going out. */
const first = 18_000;
const last = 31_000;

/** How many instances of the site run in each environment. */
export const siteInstances = { integration: 1, staging: 1, production: 2 } as const;

/**
 * Ports that are free now, for a company that is begun: side by side from a free range on, so that
 * two demos on a machine, begun at different times, do not take each other's.
 *
 * @param territory the port that was asked for
 */
export async function choosePorts(territory: number): Promise<Ports> {
  const next = freeFrom(first + ((process.pid * 37) % 9_000), new Set([territory]));
  const several = async (count: number): Promise<readonly number[]> => {
    const ports: number[] = [];
    while (ports.length < count) ports.push(await next());
    return ports;
  };
  const site: Partial<Record<(typeof environmentNames)[number], SitePorts>> = {};
  for (const name of environmentNames) {
    const count = siteInstances[name];
    site[name] = { front: await next(), blue: await several(count), green: await several(count) };
  }
  return {
    territory,
    feeds: await next(),
    payments: await next(),
    importer: await next(),
    queue: await next(),
    publisher: await next(),
    encoders: [await next(), await next()],
    site: site as Ports['site'], // each name was given above
    architectures: { oneProgram: await next(), threads: await next() },
  };
}

function freeFrom(start: number, taken: Set<number>): () => Promise<number> {
  let at = start;
  return async () => {
    for (;;) {
      at = at >= last ? first : at + 1;
      if (!taken.has(at) && (await isFree(at))) {
        taken.add(at);
        return at;
      }
    }
  };
}

/** Throws TERR_DEMO_PORT, naming the first of them on which somebody listens. */
export async function requireFree(ports: Ports): Promise<void> {
  const named = Object.entries(flat(ports));
  const free = await Promise.all(named.map(async ([, port]) => isFree(port)));
  const at = free.indexOf(false);
  const [name, port] = named[at] ?? [];
  if (name === undefined) return;
  const hint =
    name === 'territory'
      ? 'give another one by --port'
      : 'end what listens there, or begin anew with --reset';
  throw demoErrors('PORT', `port ${port} (${name}) is taken: ${hint}`, { field: name });
}

/** Each port by a name: `site.production.front`, `encoders.0`. */
export function flat(value: object, prefix = ''): Record<string, number> {
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, one]: [string, unknown]) =>
      typeof one === 'number'
        ? { [`${prefix}${key}`]: one }
        : flat(one as object, `${prefix}${key}.`),
    ),
  ) as Record<string, number>;
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
