import { connect, type Socket } from 'node:net';

/** One answered request: HTTP status and the answer's body. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * A keep-alive connection that has one request in flight at a time and does as little as can be
 * done, so that the sender does not become what is measured. It understands only what our server
 * and the peers answer: a Content-Length or no body.
 */
export class RawConnection {
  private held: Buffer = Buffer.alloc(0);
  private waiting:
    | { readonly resolve: (answer: Answer) => void; readonly reject: (e: Error) => void }
    | undefined;
  private readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('connection closed')));
  }

  static open(port: number, host = '127.0.0.1'): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, host, () => resolve(new RawConnection(socket)));
      socket.once('error', reject);
    });
  }

  send(head: Buffer, body: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.cork();
      this.socket.write(head);
      if (body.length > 0) this.socket.write(body);
      this.socket.uncork();
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    const end = this.held.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.held.toString('latin1', 0, end);
    const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (this.held.length < end + 4 + length) return;
    const answer = {
      status: Number(head.slice(9, 12)),
      body: this.held.toString('utf8', end + 4, end + 4 + length),
    };
    this.held = this.held.subarray(end + 4 + length);
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.resolve(answer);
  }

  private fail(error: Error): void {
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.reject(error);
  }
}

/** The head of a POST with a body of this many bytes. */
export function postHead(path: string, type: string, length: number, token?: string): Buffer {
  const lines = [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Content-Type: ${type}`,
    `Content-Length: ${length}`,
    ...(token ? [`Authorization: Bearer ${token}`] : []),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
