import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** One listening socket of TCP, as the kernel tells of it. */
export interface Listening {
  readonly port: number;
  readonly inode: string;
  /** Undefined: whose it is may not be read, it is another user's. */
  readonly pid: number | undefined;
}

/** State 0A of `/proc/net/tcp` (include/net/tcp_states.h). */
const listenState = '0A';
/** Sockets whose places are remembered, of all applications. */
const maxRemembered = 2_000;
/** Processes are looked through so long at a stretch, ms. */
const turnMs = 10;

/** Where a socket was found: its link in /proc, and the process. */
interface Found {
  readonly link: string;
  readonly pid: number;
}

/** Finds who listens, and remembers it: a look that finds all as before costs a link for each. */
export class ListenerFinder {
  readonly #root: string;
  /** By inode, where the socket was found last: the link, and the pid. */
  readonly #found = new Map<string, Found>();

  constructor(root = '/proc') {
    this.#root = root;
  }

  /**
   * Who listens on the ports, on whatever address. Throws what the file system throws where there
   * is no /proc.
   *
   * @param likely pids that are looked at first
   */
  async find(
    ports: ReadonlySet<number>,
    likely: readonly number[],
    signal: AbortSignal,
  ): Promise<Listening[]> {
    const sockets = this.#sockets(ports);
    const wanted = new Set(sockets.keys());
    const found = new Map<string, Found>();
    for (const inode of sockets.keys()) {
      const place = this.#found.get(inode);
      this.#found.delete(inode);
      if (!place || linkAt(place.link) !== `socket:[${inode}]`) continue;
      found.set(inode, place);
      wanted.delete(inode);
    }
    if (wanted.size > 0) await this.#search(wanted, { found, likely, signal });
    for (const [inode, place] of found) this.#remember(inode, place);
    return [...sockets].map(([inode, port]) => ({ inode, port, pid: found.get(inode)?.pid }));
  }

  #remember(inode: string, place: Found): void {
    this.#found.set(inode, place);
    const [oldest] = this.#found.keys();
    if (this.#found.size > maxRemembered && oldest !== undefined) this.#found.delete(oldest);
  }

  /** Port by inode of those that listen. */
  #sockets(ports: ReadonlySet<number>): Map<string, number> {
    const sockets = new Map<string, number>();
    // A system without IPv6 has no tcp6.
    const tables = [readFileSync(`${this.#root}/net/tcp`, 'utf8'), this.#table6()];
    for (const line of tables.join('\n').split('\n')) {
      const fields = line.trim().split(/\s+/);
      const [, local = '', , state, , , , , , inode] = fields;
      if (state !== listenState || inode === undefined || inode === '0') continue;
      const port = Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16);
      if (ports.has(port)) sockets.set(inode, port);
    }
    return sockets;
  }

  #table6(): string {
    try {
      return readFileSync(`${this.#root}/net/tcp6`, 'utf8');
    } catch {
      return '';
    }
  }

  async #search(
    wanted: Set<string>,
    to: {
      readonly found: Map<string, Found>;
      readonly likely: readonly number[];
      readonly signal: AbortSignal;
    },
  ): Promise<void> {
    const { found, likely, signal } = to;
    // The latest are the likeliest, behind those that are known.
    const others = readdirSync(this.#root)
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .toSorted((a, b) => b - a);
    let since = performance.now();
    for (const pid of new Set([...likely, ...others])) {
      if (wanted.size === 0) return;
      for (const [inode, link] of this.#socketsOf(pid)) {
        if (!wanted.delete(inode)) continue;
        found.set(inode, { link, pid });
      }
      if (performance.now() - since < turnMs) continue;
      await setImmediate(); // oxlint-disable-line no-await-in-loop -- others get their turn
      signal.throwIfAborted();
      since = performance.now();
    }
  }

  *#socketsOf(pid: number): Generator<readonly [inode: string, link: string]> {
    const folder = `${this.#root}/${pid}/fd`;
    let names: string[];
    try {
      names = readdirSync(folder);
    } catch {
      return; // gone, or another user's
    }
    for (const name of names) {
      const link = `${folder}/${name}`;
      const inode = /^socket:\[(\d+)\]$/.exec(linkAt(link) ?? '')?.[1];
      if (inode !== undefined) yield [inode, link];
    }
  }
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
