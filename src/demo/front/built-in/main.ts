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

/** As HAProxy checks here: from the end of one check to the next, and for one that is about to change. */
const checkEvery = 1_000;
const checkFast = 200;
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

for (const backend of backends) for (const server of backend.servers) keepChecking(backend, server);

process.once('SIGTERM', () => {
  runtime.close();
  proxy.close(() => process.exit(0));
  proxy.closeIdleConnections();
});

/** One check after the other: a server that is slow for a moment is asked no more often for that. */
function keepChecking(backend: Backend, server: Server): void {
  const next = (): void => {
    const wait = server.up && server.against === 0 ? checkEvery : checkFast;
    // Front and runtime API keep the process alive, as long as it is to live.
    setTimeout(() => keepChecking(backend, server), wait).unref();
  };
  if (server.admin === 'maint') return next();
  check(backend, server, (good) => {
    takeCheck(server, good);
    next();
  });
}

function check({ health: path }: Backend, server: Server, tell: (good: boolean) => void): void {
  const { address: host, port } = server;
  const asked = get({ host, port, path, agent: false }, (answer) => {
    answer.resume();
    told(answer.statusCode === 200);
  });
  const late = setTimeout(() => asked.destroy(new Error('no answer in time')), checkWithin);
  const told = (good: boolean): void => {
    clearTimeout(late);
    asked.off('error', failed).on('error', () => undefined);
    tell(good);
  };
  const failed = (): void => told(false);
  asked.once('error', failed);
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
