import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP connection to the server that can be pulled out and put back. */
export class Cable {
  readonly #port: number;
  readonly #open = new Set<Socket>();
  #server: Server | undefined;
  #isCut = false;

  constructor(port: number) {
    this.#port = port;
  }

  /** The port that browsers should go to. */
  async lay(): Promise<number> {
    const server = createServer((socket) => {
      if (this.#isCut) return void socket.destroy();
      const onward = connect(this.#port, '127.0.0.1');
      for (const end of [socket, onward]) {
        this.#open.add(end);
        end.on('error', () => end.destroy());
        end.on('close', () => {
          this.#open.delete(end);
          socket.destroy();
          onward.destroy();
        });
      }
      socket.pipe(onward).pipe(socket);
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP port');
    return address.port;
  }

  /** Breaks what is open and refuses what comes, until `mend`. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#open) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  remove(): void {
    this.cut();
    this.#server?.close();
  }
}
