/**
 * The small front of the demo, for machines without HAProxy: `node main.js CONFIG.json`. It balances
 * HTTP over the servers that are ready, checks them, and takes the commands of HAProxy's runtime API
 * that Territory's runner gives.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import type { FrontConfig } from '../haproxy-config.ts';
import { pass } from './proxy.ts';
import { answerTo } from './runtime.ts';
import {
  type Backend,
  backendsOf,
  type KeptServer,
  keptOf,
  type Server,
  takeCheck,
} from './servers.ts';

const checkEvery = 500;
const checkWithin = 2_000;
/** A command of the runtime API is a line; nobody needs more. Bytes. */
const maxCommand = 4_096;

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('usage: main.js CONFIG.json\n');
  process.exit(2);
}
const config = JSON.parse(readFileSync(file, 'utf8')) as FrontConfig; // written by the demo
const backends = backendsOf(config, readKept());
const [customers] = backends;
if (!customers) throw new Error(`${file} names no backend`);

const proxy = createServer({ keepAliveTimeout: 15_000 }, (request, response) =>
  pass(customers, request, response),
);
const runtime = createSocketServer((socket) => {
  let text = '';
  socket.setTimeout(10_000, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    if (!text.includes('\n')) {
      if (text.length > maxCommand) socket.destroy();
      return;
    }
    const [command = ''] = text.split('\n');
    const answer = answerTo(command, backends);
    if (command.startsWith('set ')) writeKept();
    socket.end(answer);
  });
});
rmSync(config.socket, { force: true });
proxy.listen(config.port, '127.0.0.1');
runtime.listen(config.socket);

const checking = setInterval(() => {
  for (const backend of backends)
    for (const server of backend.servers) if (server.admin !== 'maint') check(backend, server);
}, checkEvery);

process.once('SIGTERM', () => {
  clearInterval(checking);
  runtime.close();
  proxy.close(() => process.exit(0));
  proxy.closeIdleConnections();
});

function check(backend: Backend, server: Server): void {
  const asked = get(
    {
      host: server.address,
      port: server.port,
      path: backend.health,
      timeout: checkWithin,
      agent: false,
    },
    (answer) => {
      answer.resume();
      takeCheck(server, answer.statusCode === 200);
    },
  );
  asked.once('timeout', () => asked.destroy(new Error('no answer in time')));
  asked.once('error', () => takeCheck(server, false));
}

function readKept(): readonly KeptServer[] {
  if (!existsSync(config.state)) return [];
  try {
    return JSON.parse(readFileSync(config.state, 'utf8')) as KeptServer[]; // as written below
  } catch {
    return []; // that of an HAProxy, which is installed no more
  }
}

function writeKept(): void {
  writeFileSync(`${config.state}.new`, JSON.stringify(keptOf(backends)));
  renameSync(`${config.state}.new`, config.state);
}
