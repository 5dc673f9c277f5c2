import { createSocket } from 'node:dgram';

/** What a sender of datagrams is told, as JSON in its first argument. */
export interface DatagramLoad {
  readonly port: number;
  /** Packets due in a second. */
  readonly rate: number;
  readonly seconds: number;
  /** Counters in a packet, each grown by 1. */
  readonly perPacket: number;
}

/** Packets that the kernel took from it. */
export interface DatagramsSent {
  readonly packets: number;
  readonly seconds: number;
}

/** Different counters that are sent. */
const names = 1_000;

function packetsOf(perPacket: number): Buffer[] {
  return Array.from({ length: names }, (_, i) =>
    Buffer.from(
      Array.from({ length: perPacket }, (__, j) => `bench.c${(i + j * 97) % names}:1|c`).join('\n'),
    ),
  );
}

async function run({ port, rate, seconds, perPacket }: DatagramLoad): Promise<DatagramsSent> {
  const packets = packetsOf(perPacket);
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.connect(port, '127.0.0.1', resolve));
  const start = performance.now();
  const whole = Math.round(rate * seconds);
  let sent = 0;
  while (sent < whole) {
    const due = Math.min(whole, Math.floor(((performance.now() - start) / 1000) * rate));
    for (; sent < due; sent++) socket.send(packets[sent % names] ?? '');
    // Sends that the kernel could not take at once are finished here.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const took = (performance.now() - start) / 1000;
  while (socket.getSendQueueCount() > 0) await new Promise((resolve) => setImmediate(resolve));
  socket.close();
  return { packets: sent, seconds: took };
}

const sent = await run(JSON.parse(process.argv[2] ?? '{}') as DatagramLoad);
process.stdout.write(`${JSON.stringify(sent)}\n`);
