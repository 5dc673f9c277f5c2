import { once } from 'node:events';
import { connect } from 'node:net';

/** What a sender of Graphite's lines is told, as JSON in its first argument. */
export interface LinesLoad {
  readonly port: number;
  readonly lines: number;
}

export interface LinesSent {
  /** When the first went out, ms since the epoch: what starting a process costs is not counted. */
  readonly from: number;
  /** Until the other end had read all and closed. */
  readonly seconds: number;
}

/** Different names that are sent. */
const names = 1_000;
const linesPerWrite = 500;

/** Sends as fast as the other end reads, on one connection, and waits until that has ended too. */
async function run({ port, lines }: LinesLoad): Promise<LinesSent> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.resume();
  const from = Date.now();
  const start = performance.now();
  const seconds = Math.floor(Date.now() / 1000);
  for (let sent = 0; sent < lines; sent += linesPerWrite) {
    const chunk = Array.from(
      { length: Math.min(linesPerWrite, lines - sent) },
      (_, i) => `bench.line.${(sent + i) % names} 1 ${seconds}\n`,
    );
    if (!socket.write(chunk.join(''))) await once(socket, 'drain');
  }
  await new Promise<void>((resolve) => socket.end(resolve));
  await new Promise<void>((resolve) => socket.once('close', resolve));
  return { from, seconds: (performance.now() - start) / 1000 };
}

const sent = await run(JSON.parse(process.argv[2] ?? '{}') as LinesLoad);
process.stdout.write(`${JSON.stringify(sent)}\n`);
