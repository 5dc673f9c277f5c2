import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Mapping, readMap } from '../../src/checks/redirects/map.ts';

/**
 * Serves the maps of files on a free port of 127.0.0.1, by the bytes of host and path; each
 * `corrupt`-th row is served as leading elsewhere. Tells its parent the port.
 *
 * usage: redirects-server.ts CORRUPT FILE...
 */
const [corrupt = '0', ...files] = process.argv.slice(2);
const step = Number(corrupt);
const known = new Map<string, Mapping>();
let rows = 0;
for (const file of files)
  for (const row of readMap(readFileSync(file, 'utf8'), file).rows) {
    const key = row.old.replace(/^https?:\/\//, '').replace(/^([^/?]+)(\?|$)/, '$1/$2');
    const isCorrupt = step > 0 && ++rows % step === 0;
    known.set(key, isCorrupt ? { ...row, status: 302, to: 'http://corrupt.example/' } : row);
  }

const server = createServer((request, answer) => {
  const row = known.get(`${request.headers.host ?? ''}${request.url ?? ''}`);
  if (!row) answer.writeHead(404, { 'content-length': 0 });
  else if (row.to === '') answer.writeHead(row.status, { 'content-length': 0 });
  else answer.writeHead(row.status, { 'content-length': 0, location: row.to });
  answer.end();
});
server.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port); // it listens on TCP
});
