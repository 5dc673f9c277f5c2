import { type RequestListener, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Mapping } from './map.ts';

/** A real server for one test. */
export async function serving(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return { url: `http://127.0.0.1:${port}`, server };
}

/** Answers as the rows say, by the bytes of host and path; 404 for what they do not have. */
export function answering(rows: readonly Mapping[]): RequestListener {
  const known = new Map(
    rows.map((row) => [
      row.old
        .replace(/^https?:\/\//, '')
        .replace(/^([^/?]+)(\?|$)/, '$1/$2')
        .replace('ü', '%C3%BC'),
      row,
    ]),
  );
  return (request, answer) => {
    const row = known.get(`${request.headers.host ?? ''}${request.url ?? ''}`);
    if (!row) answer.writeHead(404).end('there is no such page');
    else answer.writeHead(row.status, row.to === '' ? {} : { location: row.to }).end();
  };
}

/** A map of so many rows with what real ones have: queries, escapes, dots, several hosts, gone pages. */
export function someMap(size: number): string {
  const paths = ['page', 'a/../b', 'with%20space', 'q?id=7&x=%2f', '(odd)', "it's", 'ümlaut'];
  const lines = Array.from({ length: size }, (_, i) => {
    const old = `http://www${i % 3}.example.org/${i}/${paths[i % paths.length] ?? ''}`;
    return i % 5 === 4 ? `${old},,410` : `${old},https://new.example.org/${i},301`;
  });
  return `Old Url,New Url,Status\n${lines.join('\n')}\n`;
}
