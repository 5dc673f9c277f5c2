import { connect } from 'node:net';
import { crc32, ivSize, packetSizes } from '../../src/intake/nagios/packet.ts';

export interface NscaLoad {
  readonly port: number;
  /** All in all. */
  readonly results: number;
  /** 1 as `send_nsca` behind a Nagios does it; many as one that sends a file. */
  readonly perConnection: number;
  /** Connections at a time. */
  readonly connections: number;
}

const hosts = 100;
const made = new Map<number, readonly Buffer[]>();

/** Packets that repeat the time of the greeting, plain (method 0), made once for each second. */
function packetsOf(timestamp: number): readonly Buffer[] {
  const known = made.get(timestamp);
  if (known) return known;
  const packets = Array.from({ length: hosts }, (_, host) => {
    const bytes = Buffer.alloc(packetSizes.now);
    bytes.writeInt16BE(3, 0);
    bytes.writeUInt32BE(timestamp, 8);
    bytes.writeInt16BE(host % 4, 12);
    bytes.write(`web-${host}`, 14);
    bytes.write('load', 78);
    bytes.write(`OK - load average: 0.0${host}, 0.10, 0.12|load1=0.0${host};5;10;0`, 206);
    bytes.writeUInt32BE(crc32(bytes, 4), 4);
    return bytes;
  });
  made.set(timestamp, packets);
  return packets;
}

/** Sends, and resolves with when it began (ms) once all connections are closed. */
export async function sendNsca(load: NscaLoad): Promise<number> {
  const from = Date.now();
  let left = load.results;
  const turn = async (): Promise<void> => {
    while (left > 0) {
      const count = Math.min(load.perConnection, left);
      left -= count;
      // oxlint-disable-next-line no-await-in-loop -- one connection after the other
      await sendOn(load.port, count);
    }
  };
  await Promise.all(Array.from({ length: load.connections }, turn));
  return from;
}

function sendOn(port: number, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let greeting = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      const whole = greeting.length > ivSize;
      greeting = Buffer.concat([greeting, chunk]);
      if (whole || greeting.length < ivSize + 4) return;
      const packets = packetsOf(greeting.readUInt32BE(ivSize));
      for (let i = 0; i < count; i++) socket.write(packets[i % hosts] ?? '');
      socket.end();
    });
    socket.once('error', reject);
    socket.once('close', () => resolve());
  });
}
