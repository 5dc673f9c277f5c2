import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A process of its own that scenarios ask: a page, a redirect, JSON, and an address that never
 * answers. Prints its port. usage: checks-target.ts
 */
const page = `<html><title>Welcome</title>${'<p>tea</p>'.repeat(400)}</html>`;
const server = createServer((request, answer) => {
  if (request.url === '/hang') return;
  if (request.url === '/old') answer.writeHead(301, { location: '/' }).end();
  else if (request.url === '/json')
    answer
      .writeHead(200, { 'content-type': 'application/json' })
      .end('{"ok":true,"items":[{"id":"a"}]}');
  else
    answer.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'max-age=60' }).end(page);
});
// On every address of this machine: each of 127.0.0.0/8 is a host of its own.
server.listen(0, '0.0.0.0', () => {
  console.log((server.address() as AddressInfo).port);
});
process.on('SIGTERM', () => process.exit(0));
