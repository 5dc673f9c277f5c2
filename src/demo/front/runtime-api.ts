import { createConnection } from 'node:net';

/** Asks HAProxy's runtime API one command and gives its whole answer. Rejects when it is away. */
export async function askRuntime(socket: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = createConnection(socket, () => connection.write(`${command}\n`));
    connection.setTimeout(5_000, () => connection.destroy(new Error('no answer in 5 s')));
    const pieces: Buffer[] = [];
    connection.on('data', (piece: Buffer) => pieces.push(piece));
    connection.once('error', reject);
    connection.once('close', () => resolve(Buffer.concat(pieces).toString('utf8')));
  });
}
