import type { AddressInfo } from 'node:net';
import type { Config } from '../config/schema.ts';
import { startError } from '../errors.ts';
import type { App } from '../http/app.ts';
import type { Connections } from '../http/connections.ts';

/** Listens and says on which port. Throws TERR_START_LISTEN. */
export async function listen(app: App, { host, port }: Config): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === undefined ? message : (reasons[code] ?? code);
    throw startError('LISTEN', `${host} port ${port}: ${why}`, { field: 'port', cause });
  }
  return (app.server.address() as AddressInfo).port;
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there; stop it or choose another --port',
  EACCES: 'this user may not listen there; choose a port above 1023',
  EADDRNOTAVAIL: 'this machine has no such address; see --host',
};

/** How often connections that have become idle are looked for, ms. */
const lookEveryMs = 20;

/** Stops taking connections and waits for the requests under way, at most `timeout` ms. */
export async function stopListening(
  app: App,
  connections: Connections,
  timeout: number,
): Promise<void> {
  const late = setTimeout(() => connections.closeAll(), timeout);
  // A connection that is kept alive becomes idle when its request has been answered.
  const idle = setInterval(() => connections.closeIdle(), lookEveryMs);
  try {
    await app.close();
  } finally {
    clearTimeout(late);
    clearInterval(idle);
  }
}
