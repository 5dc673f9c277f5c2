import { hostname } from 'node:os';
import { BlockList, isIP } from 'node:net';
import type { Accounts } from '../accounts/accounts.ts';
import type { Config } from '../config/schema.ts';
import { startError } from '../errors.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const kind = isIP(host);
  return kind !== 0 && loopback.check(host, kind === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Refuses to be open to others without protection. Throws TERR_START_PUBLIC.
 */
export function checkExposure(config: Config, accounts: Pick<Accounts, 'book'>): void {
  if (isLoopback(config.host)) return;
  if (config.tls.cert === undefined && !config.insecure)
    throw startError(
      'PUBLIC',
      `host ${config.host} can be reached by others and there is no TLS: set tls.cert and tls.key, or listen on 127.0.0.1; behind a proxy that ends TLS set insecure: true`,
      { field: 'host' },
    );
  if (accounts.book.users.size === 0 && accounts.book.tokens.size === 0)
    throw startError(
      'PUBLIC',
      `host ${config.host} can be reached by others and there is no account: remove accounts.json, start once on 127.0.0.1 and keep the admin token`,
      { field: 'host' },
    );
}

/** Whether protocols without passwords are open to every machine that can reach this one. */
export function isOpenToAll({ intakes }: Config): boolean {
  return intakes.enabled && !isLoopback(intakes.host) && intakes.allow.length === 0;
}

/** The address for people: as set, or made of where we listen. Without a slash at the end. */
export function addressOf(config: Config, port: number): string {
  if (config.publicUrl !== undefined) return config.publicUrl.replace(/\/+$/, '');
  const scheme = config.tls.cert === undefined ? 'http' : 'https';
  const everywhere = config.host === '0.0.0.0' || config.host === '::';
  const host = everywhere ? hostname() : config.host;
  return `${scheme}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}
