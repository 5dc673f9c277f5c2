import { connect } from 'node:net';

/** Whether anything accepts connections on a port of this machine. */
export async function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 });
    const is = (listening: boolean) => (): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', is(true));
    socket.once('error', is(false));
    // A full queue of connections is somebody's.
    socket.once('timeout', is(true));
  });
}
