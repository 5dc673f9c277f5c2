import { once } from 'node:events';
import { connect } from 'node:net';
import { riemannMessages } from './riemann-messages.ts';

/** What a sender of Riemann's messages is told, as JSON in its first argument. */
export interface RiemannLoad {
  readonly port: number;
  /** Events in one message. */
  readonly batch: number;
  readonly connections: number;
  /** Messages of one connection that may wait for their acknowledgement. */
  readonly window: number;
  readonly seconds: number;
}

/** Events that were acknowledged, which is when they are durable. */
export interface RiemannSent {
  readonly events: number;
  readonly failed: number;
  readonly seconds: number;
  /** From the sending of a message to its answer, ms. */
  readonly p50: number;
  readonly p99: number;
}

const ok = Buffer.from([0, 0, 0, 2, 0x10, 1]);

async function run(load: RiemannLoad): Promise<RiemannSent> {
  const messages = riemannMessages(load.batch, Math.max(200, Math.ceil(50_000 / load.batch)));
  const latencies: number[] = [];
  let acknowledged = 0;
  let failed = 0;
  let next = 0;
  const start = performance.now();
  const end = start + load.seconds * 1000;

  const work = async (): Promise<void> => {
    const socket = connect(load.port, '127.0.0.1').setNoDelay(true);
    await once(socket, 'connect');
    const under: number[] = [];
    let first = 0;
    let rest: Buffer = Buffer.alloc(0);
    const fill = (): void => {
      const now = performance.now();
      if (now >= end) {
        if (first === under.length) socket.end();
        return;
      }
      const chunk: Buffer[] = [];
      while (under.length - first < load.window) {
        chunk.push(messages[next++ % messages.length] ?? ok);
        under.push(now);
      }
      if (chunk.length > 0) socket.write(Buffer.concat(chunk));
    };
    socket.on('data', (bytes: Buffer) => {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      const now = performance.now();
      while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
        const answer = rest.subarray(0, 4 + rest.readUInt32BE(0));
        rest = rest.subarray(answer.length);
        if (answer.equals(ok)) acknowledged++;
        else failed++;
        latencies.push(now - (under[first++] ?? now));
      }
      fill();
    });
    fill();
    await once(socket, 'close');
  };
  await Promise.all(Array.from({ length: load.connections }, work));
  const seconds = (performance.now() - start) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (q: number) => latencies[Math.floor(latencies.length * q)] ?? 0;
  return { events: acknowledged * load.batch, failed, seconds, p50: at(0.5), p99: at(0.99) };
}

const sent = await run(JSON.parse(process.argv[2] ?? '{}') as RiemannLoad);
process.stdout.write(`${JSON.stringify(sent)}\n`);
