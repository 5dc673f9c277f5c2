import { type RemoteInfo, type Socket, createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { type Refused, isRefused } from '../decoded.ts';
import type { Courier, Party } from './courier.ts';
import { type Networks, addressOf } from './networks.ts';
import type { DatagramDecoder } from './protocol.ts';
import { notAllowed } from './stream-listener.ts';

export interface DatagramListenerOptions {
  readonly intake: string;
  readonly decoder: DatagramDecoder;
  readonly courier: Courier;
  readonly networks: Networks;
  readonly maxSenders: number;
  readonly refuse: (party: Party, refused: Refused) => void;
  readonly decoding: (party: Party) => void;
}

/** What the kernel may hold for us; it gives less where net.core.rmem_max is less. */
const receiveBuffer = 8 << 20;

/** Takes the datagrams of one protocol. */
export class DatagramListener {
  readonly #options: DatagramListenerOptions;
  /** One party for each address, so that its counters are found again. */
  readonly #parties = new Map<string, Party>();
  #socket: Socket | undefined;

  constructor(options: DatagramListenerOptions) {
    this.#options = options;
  }

  /** Resolves with the port; rejects with what the system says. */
  listen(at: {
    readonly host: string;
    readonly port: number;
    readonly multicast?: string;
  }): Promise<number> {
    const type = isIPv6(at.host) ? 'udp6' : 'udp4';
    const reuseAddr = at.multicast !== undefined;
    const socket = createSocket({ type, reuseAddr });
    this.#socket = socket;
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ address: at.host, port: at.port }, () => {
        socket.off('error', reject);
        socket.on('error', () => undefined);
        try {
          if (at.multicast !== undefined) socket.addMembership(at.multicast);
        } catch (error) {
          reject(error as Error);
          return;
        }
        grow(socket);
        socket.on('message', (bytes, from) => this.#message(bytes, from));
        resolve(socket.address().port);
      });
    });
  }

  close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return Promise.resolve();
    return new Promise((resolve) => void socket.close(() => resolve()));
  }

  #message(bytes: Buffer, from: RemoteInfo): void {
    const { decoder, courier, networks, refuse, decoding } = this.#options;
    const party = this.#partyOf(from.address);
    if (!networks.has(party.sender)) {
      refuse(party, notAllowed(party.sender));
      return;
    }
    if (courier.full) {
      refuse(party, busy);
      return;
    }
    decoding(party);
    for (const one of decoder.datagram(bytes, { address: party.sender, port: from.port })) {
      if (isRefused(one)) refuse(party, one.refused);
      else courier.take(one, party);
    }
  }

  #partyOf(address: string): Party {
    const known = this.#parties.get(address);
    if (known) return known;
    const { intake, maxSenders } = this.#options;
    const sender = addressOf(address);
    const party: Party = { intake, sender, source: `/${intake}/${sender}`, unsettled: 0, settled };
    // Forged addresses must not fill the memory; to begin anew costs nothing but this map.
    if (this.#parties.size >= maxSenders) this.#parties.clear();
    this.#parties.set(address, party);
    return party;
  }
}

const busy: Refused = {
  code: 'TERR_INTAKE_BUSY',
  message:
    'As many events wait for the log as may wait (intakes.maxPending): datagrams are dropped.',
};

function settled(): void {}

function grow(socket: Socket): void {
  try {
    socket.setRecvBufferSize(receiveBuffer);
  } catch {
    // The system has its own idea of it; what is lost is counted by the kernel.
  }
}
