import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { createServer as secure } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certified } from './certificates.suite.ts';

/** What a server of a test answers, by path. */
export type Answering = Readonly<
  Record<string, (request: IncomingMessage, response: ServerResponse) => void>
>;

export interface Web {
  /** `http://127.0.0.1:port`. */
  readonly base: string;
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** Starts a server of HTTP, or of HTTPS with a certificate; what it does not know is 404. */
export async function startWeb(answering: Answering, certified?: Certified): Promise<Web> {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const [path = ''] = (request.url ?? '').split('?');
    const known = answering[path];
    if (known) known(request, response);
    else response.writeHead(404).end('no such page');
  };
  const server: Server = certified ? secure(certified, answer) : createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    base: `${certified ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Answers with this. */
export const saying =
  (
    body: string | Buffer,
    headers: Readonly<Record<string, string | string[]>> = {},
    status = 200,
  ) =>
  (_: IncomingMessage, response: ServerResponse): void =>
    void response.writeHead(status, headers).end(body);

/** Answers with the method, headers and body that came, as JSON. */
export const echo = (request: IncomingMessage, response: ServerResponse): void => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const { method, url, headers } = request;
    const body = Buffer.concat(parts).toString('utf8');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ method, url, headers, body }));
  });
};
