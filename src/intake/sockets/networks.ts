import { BlockList, isIP } from 'node:net';

/** Tells which addresses are in a list of networks (CIDR) and addresses. */
export class Networks {
  readonly #list = new BlockList();
  readonly #all: boolean;

  /** Throws a TypeError that names what is no network. */
  constructor(networks: readonly string[]) {
    this.#all = networks.length === 0;
    for (const network of networks) this.#add(network);
  }

  /** An empty list has everybody. `address` as `addressOf` gives it. */
  has(address: string): boolean {
    if (this.#all) return true;
    const kind = isIP(address);
    // A unix socket is guarded by the permissions of its file.
    return kind === 0 || this.#list.check(address, kind === 6 ? 'ipv6' : 'ipv4');
  }

  #add(network: string): void {
    const [address = '', prefix, ...more] = network.trim().split('/');
    const kind = isIP(address);
    const most = kind === 6 ? 128 : 32;
    const length = prefix === undefined ? most : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
    if (kind === 0 || more.length > 0 || length < 0 || length > most)
      throw new TypeError(`${JSON.stringify(network)} is no network such as 10.0.0.0/8`);
    this.#list.addSubnet(address, length, kind === 6 ? 'ipv6' : 'ipv4');
  }
}

/** An address as people write it: an IPv4 one without the prefix by which IPv6 sockets show it. */
export function addressOf(remote: string | undefined): string {
  if (remote === undefined || remote === '') return 'local';
  return remote.startsWith('::ffff:') ? remote.slice(7) : remote;
}
