import { lookup } from 'node:dns';
import { BlockList, type LookupFunction, isIP } from 'node:net';
import { Unknown } from './failed.ts';

/**
 * Where steps may connect to. Everything public; of what is not public (this machine, private
 * networks, addresses of the link with the clouds' metadata), only what is allowed by name.
 */
export interface Outbound {
  /** Why there may be no connection to an address; undefined: there may. */
  readonly refuses: (address: string, port: number) => string | undefined;
}

/** Networks that are nobody's in public. */
const notPublic: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
  // Among them this machine, and IPv4 in the old way of writing it in IPv6.
  ['::', 96],
  // IPv4 behind a translator: by SIIT, by NAT64, by Teredo, by 6to4. Written as `::ffff:127.0.0.1`
  // it is held against the networks of IPv4.
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['100::', 64],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/**
 * @param allowed addresses (`127.0.0.1`), with a port (`127.0.0.1:8080`, `[::1]:8080`) or a
 *   network (`10.1.0.0/16`)
 */
export function outboundOf(allowed: readonly string[]): Outbound {
  const closed = new BlockList();
  for (const [network, bits] of notPublic) closed.addSubnet(network, bits, familyOf(network));
  const open = new BlockList();
  const ports = new Set<string>();
  for (const one of allowed) {
    const [, bare = one, bits] = /^(.*)\/(\d+)$/.exec(one) ?? [];
    if (bits !== undefined) open.addSubnet(bare, Number(bits), familyOf(bare));
    else if (isIP(one) > 0) open.addAddress(one, familyOf(one));
    else ports.add(one.replaceAll(/[[\]]/g, ''));
  }
  return {
    refuses: (address, port) => {
      const family = familyOf(address);
      if (!closed.check(address, family) || open.check(address, family)) return undefined;
      if (ports.has(`${address}:${port}`)) return undefined;
      return `${address} port ${port} is not public, and is not allowed here`;
    },
  };
}

/**
 * Looks a name up and gives only addresses that may be gone to: what was looked at is what is
 * connected to. For `lookup` of sockets.
 */
export function lookupWithin(outbound: Outbound, port: number): LookupFunction {
  return (host, options, give) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      const [first] = found ?? [];
      if (error || first === undefined)
        return give(error ?? new Error(`${host} has no address`), []);
      const reasons = found.map(({ address }) => outbound.refuses(address, port));
      const open = found.filter((_, i) => reasons[i] === undefined);
      const [to] = open;
      if (to === undefined) return give(new Unknown(reasons[0]), []);
      if (options.all === true) return give(null, open);
      return give(null, to.address, to.family);
    });
  };
}

/** For a host that may be an address already. Throws Unknown. */
export function mustBeOpen(outbound: Outbound, host: string, port: number): void {
  const refused = isIP(host) > 0 ? outbound.refuses(host, port) : undefined;
  if (refused !== undefined) throw new Unknown(refused);
}
