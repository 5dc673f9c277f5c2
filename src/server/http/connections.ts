import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The connections of a server that have not yet asked anything. Browsers open some in advance, and
 * Node does not count them as idle, so they would keep a stopping server up.
 */
export class Connections {
  readonly #silent = new Set<Socket>();
  #server: Server | undefined;

  /** Watches a server; `event` is `secureConnection` for TLS. */
  watch(server: Server, event: 'connection' | 'secureConnection'): void {
    this.#server = server;
    server.on(event, (socket: Socket) => {
      this.#silent.add(socket);
      socket.once('close', () => this.#silent.delete(socket));
    });
  }

  /** A request came over it. */
  heard(socket: Socket): void {
    this.#silent.delete(socket);
  }

  /** Whether the server no longer takes connections. */
  get stopping(): boolean {
    return this.#server?.listening !== true;
  }

  /** Closes all over which nothing is under way. */
  closeIdle(): void {
    this.#server?.closeIdleConnections();
    for (const socket of this.#silent) socket.destroy();
  }

  closeAll(): void {
    this.#server?.closeAllConnections();
  }
}
