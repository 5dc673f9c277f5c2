import { statSync, unlinkSync } from 'node:fs';
import { type Server, type Socket, connect, createServer } from 'node:net';
import { type TlsOptions, createServer as createTlsServer } from 'node:tls';
import type { Refused } from '../decoded.ts';
import { Connection } from './connection.ts';
import type { Courier, Party } from './courier.ts';
import { type Networks, addressOf } from './networks.ts';
import type { Peer, StreamDecoder } from './protocol.ts';

export interface StreamListenerOptions {
  readonly intake: string;
  readonly decoderFor: (peer: Peer) => StreamDecoder;
  readonly courier: Courier;
  readonly networks: Networks;
  readonly maxConnections: number;
  readonly maxPerAddress: number;
  /** ms */
  readonly idle: number;
  readonly tls?: TlsOptions;
  readonly refuse: (party: Party, refused: Refused) => void;
  readonly decoding: (party: Party) => void;
}

/** A TLS handshake must be done within this, ms. */
const handshakeTimeout = 10_000;

/** Connections that are in a handshake, or being turned away. */
const handshakes = 100;

/** Takes connections of one protocol, on a port or a unix socket. */
export class StreamListener {
  readonly #options: StreamListenerOptions;
  readonly #server: Server;
  readonly #connections = new Map<Socket, Connection>();
  readonly #byAddress = new Map<string, number>();

  constructor(options: StreamListenerOptions) {
    this.#options = options;
    const { tls } = options;
    const base = { allowHalfOpen: true, noDelay: true, keepAlive: true };
    this.#server = tls
      ? createTlsServer({ ...base, ...tls, handshakeTimeout })
      : createServer(base);
    // Those in a TLS handshake are counted here only.
    this.#server.maxConnections = options.maxConnections + handshakes;
    this.#server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) =>
      this.#connected(socket),
    );
    if (tls)
      this.#server.on('tlsClientError', (error: Error, socket: Socket) =>
        this.#turnAway(addressOf(socket.remoteAddress), {
          code: 'TERR_INTAKE_DECODE',
          message: `TLS: ${error.message}`,
        }),
      );
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Resolves with the port; rejects with what the system says. */
  listen(at: { readonly host: string; readonly port: number }): Promise<number> {
    return this.#listen({ host: at.host, port: at.port });
  }

  /** Listens on a unix socket; one that is left over from a crash gives way. */
  async listenAt(path: string): Promise<void> {
    try {
      await this.#listen({ path });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Never a file of somebody's that is no socket.
      const isLeft = code === 'EADDRINUSE' && statSync(path).isSocket() && !(await answers(path));
      if (!isLeft) throw error;
      unlinkSync(path);
      await this.#listen({ path });
    }
  }

  /** Looks which connections may read on. */
  flow(): void {
    for (const connection of this.#connections.values()) connection.flow();
  }

  /** Takes no more; ends what is open. */
  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => void this.#server.close(() => resolve()));
    for (const socket of this.#connections.keys()) socket.destroy();
    return closed;
  }

  #listen(at: { host: string; port: number } | { path: string }): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(at, () => {
        this.#server.off('error', reject);
        this.#server.on('error', () => undefined);
        const bound = this.#server.address();
        resolve(typeof bound === 'object' && bound ? bound.port : 0);
      });
    });
  }

  #connected(socket: Socket): void {
    const { intake, networks, courier, idle, decoderFor, refuse, decoding } = this.#options;
    // A reset is nothing that anybody could do anything about; `close` follows.
    socket.on('error', () => undefined);
    const address = addressOf(socket.remoteAddress);
    const wrong = networks.has(address) ? this.#tooMany(address) : notAllowed(address);
    if (wrong) {
      this.#turnAway(address, wrong);
      socket.destroy();
      return;
    }
    const decoder = decoderFor({ address, port: socket.remotePort ?? 0 });
    const source = `/${intake}/${address}`;
    const options = { socket, decoder, courier, intake, address, source, refuse, decoding };
    this.#connections.set(socket, new Connection(options));
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1);
    socket.setTimeout(idle, () => socket.destroy());
    socket.once('close', () => {
      this.#connections.delete(socket);
      const left = (this.#byAddress.get(address) ?? 1) - 1;
      if (left > 0) this.#byAddress.set(address, left);
      else this.#byAddress.delete(address);
    });
  }

  #tooMany(address: string): Refused | undefined {
    const { maxConnections, maxPerAddress } = this.#options;
    const code = 'TERR_INTAKE_CONNECTIONS';
    if (this.#connections.size >= maxConnections)
      return { code, message: `There are ${maxConnections} connections (intakes.maxConnections).` };
    if ((this.#byAddress.get(address) ?? 0) >= maxPerAddress)
      return {
        code,
        message: `${address} has ${maxPerAddress} connections (intakes.maxPerAddress).`,
      };
    return undefined;
  }

  #turnAway(address: string, refused: Refused): void {
    const { intake, refuse } = this.#options;
    const settled = (): void => undefined;
    refuse({ intake, sender: address, source: '', unsettled: 0, settled }, refused);
  }
}

export function notAllowed(address: string): Refused {
  const message = `${address} is in no network of intakes.allow: add it there, or send from another.`;
  return { code: 'TERR_INTAKE_NETWORK', message };
}

/** Whether somebody listens on a unix socket. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    const tell = (there: boolean): void => {
      probe.destroy();
      resolve(there);
    };
    probe.once('connect', () => tell(true)).once('error', () => tell(false));
  });
}
