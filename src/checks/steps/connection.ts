import { type Socket, connect as plain, isIP } from 'node:net';
import { type ConnectionOptions, type TLSSocket, connect as secure } from 'node:tls';
import { Failed, Unknown, Unreached } from '../run/failed.ts';
import { lookupWithin, mustBeOpen } from '../run/outbound.ts';
import type { World } from '../run/world.ts';

/** Where a connection goes. */
export interface Where {
  readonly host: string;
  readonly port: number;
}

/** `host`, `host:port`, `::1` or `[::1]:port`. Throws Unknown. */
export function whereOf(text: string, port: number): Where {
  if (isIP(text) === 6) return { host: text, port };
  const [, six, host = six, given] =
    /^(?:\[([^\]]+)\]|([^:/\s]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const wanted = given === undefined ? port : Number(given);
  if (host === undefined || wanted > 65_535 || wanted < 1)
    throw new Unknown(`"${text}" is no host with a port`);
  return { host, port: wanted };
}

/** `mail.example.org:25`, `[::1]:25`. */
export const nameOf = ({ host, port }: Where): string =>
  `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection is refused',
  ECONNRESET: 'the connection is broken off',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to its network',
  ENOTFOUND: 'there is no such name',
  EAI_AGAIN: 'the name servers do not answer',
  ETIMEDOUT: 'it does not answer',
  EPIPE: 'the connection is broken off',
};

/** Node's code of an error, also of one that stands for those of several addresses. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** What a connection's error means: what may not be and what is known is given back as it is. */
export function brokenOff(error: unknown, where: string): Error {
  if (error instanceof Unknown || error instanceof Failed) return error;
  const code = codeOf(error);
  const what = words[code] ?? ((error instanceof Error ? error.message : '') || code || 'it broke');
  return new Unreached(`${where} can not be reached: ${what}`, { cause: error });
}

/** Opens a connection within the policy, gives it to `look`, and lets it go. Throws Unreached. */
export async function onSocket<T>(
  world: World,
  where: Where,
  look: (socket: Socket) => T | Promise<T>,
): Promise<T> {
  mustBeOpen(world.outbound, where.host, where.port);
  const lookup = lookupWithin(world.outbound, where.port);
  return opened(world, where, { socket: plain({ ...where, lookup }), event: 'connect', look });
}

/**
 * Opens TLS within the policy. Whether its certificate is right is for `look` to say
 * (`authorizationError`). Throws Unreached.
 */
export async function onTls<T>(
  world: World,
  where: Where,
  { options = {}, look }: { readonly options?: ConnectionOptions; readonly look: TlsLook<T> },
): Promise<T> {
  mustBeOpen(world.outbound, where.host, where.port);
  const socket = secure({
    ...where,
    ...trustOf(world, where.host),
    // Node hands the options of `lookup` on, though its type of TLS sockets does not say so.
    lookup: lookupWithin(world.outbound, where.port) as NonNullable<ConnectionOptions['lookup']>,
    ...options,
  });
  return opened(world, where, { socket, event: 'secureConnect', look });
}

export type TlsLook<T> = (socket: TLSSocket) => T | Promise<T>;

/** The name that is asked for, and who is trusted; what is not right is found and does not throw. */
export function trustOf(world: World, host: string): ConnectionOptions {
  const name = world.host ?? host;
  return {
    // Names are asked for; addresses can not be (RFC 6066, 3).
    ...(isIP(name) > 0 ? {} : { servername: name }),
    ...(world.authority === undefined ? {} : { ca: world.authority }),
    rejectUnauthorized: false,
  };
}

interface Opening<S, T> {
  readonly socket: S;
  readonly event: string;
  readonly look: (socket: S) => T | Promise<T>;
}

async function opened<T, S extends Socket>(
  world: World,
  where: Where,
  { socket, event, look }: Opening<S, T>,
): Promise<T> {
  const stop = (): void => void socket.destroy();
  world.signal.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once(event, resolve);
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the connection is broken off')));
    });
    // What is broken off later shows in what is read.
    socket.on('error', () => undefined);
    return await look(socket);
  } catch (error) {
    throw brokenOff(error, nameOf(where));
  } finally {
    world.signal.removeEventListener('abort', stop);
    socket.on('error', () => undefined);
    socket.destroy();
  }
}
