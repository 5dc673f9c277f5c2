import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';

/** What a sender of syslog is told, as JSON in its first argument. */
export interface SyslogLoad {
  readonly port: number;
  readonly messages: number;
  /** By UDP so many in a second; 0 is by TCP with counted octets, as fast as they are read. */
  readonly rate: number;
}

export interface SyslogSent {
  /** When the first went out, ms since the epoch. */
  readonly from: number;
  readonly seconds: number;
}

const perWrite = 200;

/** A message as rsyslog forwards it: some 180 bytes, none like the other. */
function message(i: number, time: string): string {
  return `<134>1 ${time} web-${i % 20} shop ${1000 + (i % 50)} ID47 [meta sequenceId="${i}"] order ${i} of customer ${(i * 7919) % 100_003} was paid in ${i % 900} ms, basket of ${i % 17}`;
}

async function byTcp({ port, messages }: SyslogLoad): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.resume();
  for (let sent = 0; sent < messages; sent += perWrite) {
    const time = new Date().toISOString();
    let chunk = '';
    for (let i = sent; i < Math.min(messages, sent + perWrite); i++) {
      const text = message(i, time);
      chunk += `${text.length} ${text}`;
    }
    if (!socket.write(chunk)) await once(socket, 'drain');
  }
  await new Promise<void>((resolve) => socket.end(resolve));
  await new Promise<void>((resolve) => socket.once('close', resolve));
}

async function byUdp({ port, messages, rate }: SyslogLoad): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.connect(port, '127.0.0.1', resolve));
  const start = performance.now();
  for (let sent = 0; sent < messages;) {
    const due = Math.min(messages, Math.floor(((performance.now() - start) / 1000) * rate));
    const time = new Date().toISOString();
    for (; sent < due; sent++) socket.send(message(sent, time));
    await new Promise((resolve) => setImmediate(resolve));
  }
  while (socket.getSendQueueCount() > 0) await new Promise((resolve) => setImmediate(resolve));
  socket.close();
}

const load = JSON.parse(process.argv[2] ?? '{}') as SyslogLoad;
const from = Date.now();
const start = performance.now();
await (load.rate > 0 ? byUdp(load) : byTcp(load));
const sent: SyslogSent = { from, seconds: (performance.now() - start) / 1000 };
process.stdout.write(`${JSON.stringify(sent)}\n`);
