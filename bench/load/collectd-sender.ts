import { createSocket } from 'node:dgram';

/** What a sender of collectd's packets is told, as JSON in its first argument. */
export interface CollectdLoad {
  readonly port: number;
  /** Packets due in a second. */
  readonly rate: number;
  readonly seconds: number;
}

export interface CollectdSent {
  readonly packets: number;
  readonly seconds: number;
}

const hosts = 1_000;
const gauges = 16;
const counters = 4;
/** Readings in a packet: 16 gauges, and 4 times two counters. */
export const perPacket = gauges + 2 * counters;
/** What collectd counts: lists of values. */
export const listsPerPacket = gauges + counters;

function part(kind: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(kind);
  head.writeUInt16BE(4 + body.length, 2);
  return Buffer.concat([head, body]);
}
const text = (kind: number, value: string): Buffer => part(kind, Buffer.from(`${value}\0`));

function values(kind: number, count: number): Buffer {
  const body = Buffer.alloc(2 + 9 * count, 0);
  body.writeUInt16BE(count);
  for (let i = 0; i < count; i++) body.writeUInt8(kind, 2 + i);
  return part(6, body);
}

interface Packet {
  readonly bytes: Buffer;
  /** Where its time is, and its counters. */
  readonly time: number;
  readonly counters: readonly number[];
}

function packetOf(host: number): Packet {
  const named = text(0, `host-${host}`);
  const parts = [named, part(8, Buffer.alloc(8)), part(9, Buffer.from('0000000280000000', 'hex'))];
  parts.push(text(2, 'cpu'), text(4, 'percent'));
  for (let i = 0; i < gauges; i++) parts.push(text(5, `mode-${i}`), values(1, 1));
  parts.push(text(2, 'interface'), text(4, 'if_octets'), text(5, ''));
  const at: number[] = [];
  for (let i = 0; i < counters; i++) {
    parts.push(text(3, `eth${i}`));
    const before = parts.reduce((sum, { length }) => sum + length, 0);
    parts.push(values(2, 2));
    at.push(before + 8, before + 16);
  }
  return { bytes: Buffer.concat(parts), time: named.length + 4, counters: at };
}

/** Each packet has the time at which it goes out, and its counters have grown. */
function stamp({ bytes, time, counters: at }: Packet): Buffer {
  const ms = Date.now();
  const now = ms / 1000;
  bytes.writeUInt32BE(Math.floor(now / 4), time);
  bytes.writeUInt32BE(Math.floor((now % 4) * 2 ** 30), time + 4);
  for (const place of at) bytes.writeBigUInt64BE(BigInt(ms), place);
  return bytes;
}

async function run({ port, rate, seconds }: CollectdLoad): Promise<CollectdSent> {
  const packets = Array.from({ length: hosts }, (_, host) => packetOf(host));
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.connect(port, '127.0.0.1', resolve));
  const start = performance.now();
  const whole = Math.round(rate * seconds);
  let sent = 0;
  while (sent < whole) {
    const due = Math.min(whole, Math.floor(((performance.now() - start) / 1000) * rate));
    for (; sent < due; sent++) {
      const packet = packets[sent % hosts];
      // A copy: the next stamp may come before the kernel has taken it.
      if (packet) socket.send(Buffer.from(stamp(packet)));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  const took = (performance.now() - start) / 1000;
  while (socket.getSendQueueCount() > 0) await new Promise((resolve) => setImmediate(resolve));
  socket.close();
  return { packets: sent, seconds: took };
}

if (process.argv[2] !== undefined && process.argv[1]?.endsWith('collectd-sender.ts')) {
  const sent = await run(JSON.parse(process.argv[2]) as CollectdLoad);
  process.stdout.write(`${JSON.stringify(sent)}\n`);
}
