import type { Seen } from '../seen.ts';
import { isAddress } from './kinds.ts';

/**
 * Names of services that are only known as who wrote lines of a host's log, such as `sshd` and
 * `cron` of syslog: programs, of which a host has dozens, and not what a team runs.
 */
export function programsIn(seen: readonly Seen[]): ReadonlySet<string> {
  const programs = new Set<string>();
  const services = new Set<string>();
  for (const one of seen)
    if (one.service !== undefined) (isHostLog(one) ? programs : services).add(one.service);
  for (const service of services) programs.delete(service);
  return programs;
}

const isHostLog = ({ type, host, environment, namespace }: Seen): boolean =>
  type === 'log' && host !== undefined && environment === undefined && namespace === undefined;

/** What a program was seen to say, as said by its host. */
export function withoutService(seen: Seen): Seen {
  const rest: { -readonly [K in keyof Seen]: Seen[K] } = { ...seen };
  delete rest.service;
  return rest;
}

/** A source without the address of who sent it: `/syslog/*` of `/syslog/10.0.0.7`. */
export function familyOf(source: string): string {
  const at = source.lastIndexOf('/') + 1;
  return at > 1 && isAddress(source.slice(at)) ? `${source.slice(0, at)}*` : source;
}

/** The part of a name that says most: `shop` of `github.com/acme/shop`, `syslog` of `/syslog/*`. */
export function lastPart(name: string): string {
  const plain = name.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
  return plain.split('/').findLast((part) => part !== '' && part !== '*') ?? name;
}
