import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, type IncomingMessage, get } from 'node:http';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What tests of deploying need around them: a real HAProxy with a front, a small application that
 * tells its version, and customers who count what they get.
 */

/** Whether Debian's haproxy is installed; `test.skipIf(!hasHaproxy)`, with its reason on stderr. */
export const hasHaproxy = ((): boolean => {
  try {
    execFileSync('haproxy', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write('skipped: haproxy is not installed (apt-get install haproxy)\n');
    return false;
  }
})();

/** One application behind the front. */
export interface FrontBackend {
  /** Names of servers with their ports, as HAProxy is to be configured; all are `disabled` at first
   * unless `ready` names them. */
  readonly servers: Readonly<Record<string, number>>;
  readonly ready?: readonly string[];
  /** For `option httpchk`; /healthcheck/ready unless told. */
  readonly path?: string;
}

/** A running HAProxy. */
export interface Front {
  /** Its runtime API. */
  readonly socket: string;
  /** Where customers of an application come in: http://127.0.0.1:PORT/APP; what follows is the
   * application's own path. */
  readonly url: (app: string) => string;
  /** The same for `front` of runner.yaml, with `{app}` in it. */
  readonly template: string;
  /** What HAProxy said of its servers lately, for the message of a test that fails. */
  readonly said: () => string;
  readonly stop: () => Promise<void>;
}

/**
 * Ports that were free a moment ago, all different. Below 32768: above that the kernel takes those for
 * connections going out, and customers make thousands, before an application listens.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = 12_000 + Math.floor(Math.random() * 20_000);
    if (!ports.includes(port) && (await isFree(port))) ports.push(port);
  }
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * Starts HAProxy with one backend for each application, called as it. It never tries a request
 * again (`retries 0`): what it would hide from customers is what these tests look for.
 */
export async function startFront(apps: Readonly<Record<string, FrontBackend>>): Promise<Front> {
  const folder = mkdtempSync(join(tmpdir(), 'front-'));
  const socket = join(folder, 'admin.sock');
  const [port = 0] = await freePorts(1);
  writeFileSync(join(folder, 'haproxy.cfg'), configOf(apps, socket, port));
  // Without -D and with -db it stays our child.
  const child = spawn('haproxy', ['-db', '-f', join(folder, 'haproxy.cfg')], { stdio: 'pipe' });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on(
      'data',
      (text: Buffer) => (said = (said + new Date().toISOString() + text.toString()).slice(-4000)),
    );
  await until(`haproxy to listen: ${said}`, async () => {
    if (child.exitCode !== null) throw new Error(`haproxy ended: ${said}`);
    return (await accepts(port)) && accepts(socket);
  });
  return {
    socket,
    url: (app) => `http://127.0.0.1:${port}/${app}`,
    template: `http://127.0.0.1:${port}/{app}`,
    said: () => said,
    stop: async () => {
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** HAProxy binds its sockets some time before it listens to them. */
async function accepts(where: number | string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = typeof where === 'number' ? { port: where } : { path: where };
    const connection = createConnection(options, () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

function configOf(
  apps: Readonly<Record<string, FrontBackend>>,
  socket: string,
  port: number,
): string {
  const backends = Object.entries(apps).map(([app, { servers, ready = [], path }]) => [
    `backend ${app}`,
    '  http-request replace-path /[^/]*/?(.*) /\\1',
    '  option httpchk',
    `  http-check send meth GET uri ${path ?? '/healthcheck/ready'}`,
    '  default-server check inter 100ms fastinter 50ms fall 2 rise 1',
    ...Object.entries(servers).map(
      ([name, at]) => `  server ${name} 127.0.0.1:${at}${ready.includes(name) ? '' : ' disabled'}`,
    ),
  ]);
  return [
    'global',
    '  nbthread 1',
    `  stats socket ${socket} mode 600 level admin`,
    'defaults',
    '  mode http',
    '  retries 0',
    // Without it a check may take `inter` only, and a busy machine takes servers out.
    '  timeout check 10s',
    '  timeout connect 5s',
    '  timeout client 30s',
    '  timeout server 30s',
    'frontend front',
    `  bind 127.0.0.1:${port}`,
    ...Object.keys(apps).map((app) => `  use_backend ${app} if { path_beg /${app}/ /${app} }`),
    ...backends.flat(),
    '',
  ].join('\n');
}

/**
 * The `start` line of the application that `writeApplication` writes. It listens on PORT, answers
 * /healthcheck/ready with 200 and `{"version": SERVICE_VERSION}`, everything else with 200, its
 * version as text and as header x-release; it finishes what it has begun when it is told to end.
 * Its manners by environment: `READY=no` (503 at the ready path), `SLOW=ms` (time of an answer),
 * `DIES=ms` (exits with 7 after that long), `STUBBORN=yes` (ignores TERM).
 */
export const startLine = `exec '${process.execPath}' server.mjs`;

/** Writes the application into a folder of its own and gives that. */
export function writeApplication(folder: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'server.mjs'), application);
  return folder;
}

const application = `import { createServer } from 'node:http';
const { PORT, SERVICE_VERSION, READY, SLOW, DIES, STUBBORN } = process.env;
if (DIES !== undefined) setTimeout(() => process.exit(7), Number(DIES));
const server = createServer((request, answer) => {
  const ready = request.url === '/healthcheck/ready';
  const end = () => {
    answer.writeHead(ready && READY === 'no' ? 503 : 200, { 'x-release': SERVICE_VERSION });
    answer.end(ready ? JSON.stringify({ version: SERVICE_VERSION, slot: process.env.TERRITORY_SLOT }) : SERVICE_VERSION);
  };
  if (ready || SLOW === undefined) end();
  else setTimeout(end, Number(SLOW));
});
server.keepAliveTimeout = 60000;
server.listen(Number(PORT), '127.0.0.1', () => console.log(SERVICE_VERSION + ' listens on ' + PORT));
process.on('SIGTERM', () => {
  if (STUBBORN === 'yes') return;
  console.log(SERVICE_VERSION + ' ends');
  server.close(() => process.exit(0));
  setInterval(() => server.closeIdleConnections(), 20);
});
`;

/** What customers got so far. */
export interface Tally {
  requests: number;
  /** Answers by status: `200`, `503`; what got none by its error: `ECONNRESET`. */
  readonly statuses: Record<string, number>;
  /** Good answers by the version that gave them, as header x-release says. */
  readonly versions: Record<string, number>;
  /** When the first request failed, and how: for the message of a test. */
  firstFailure?: string;
}

/** Customers that ask again and again, each as soon as it has its answer. */
export interface Load {
  readonly tally: Tally;
  /** Requests that failed: no answer, or any other than 200. */
  readonly failed: () => number;
  /** Resolves when so many were answered in all. */
  readonly reached: (requests: number) => Promise<void>;
  /** Lets those under way end. */
  readonly stop: () => Promise<Tally>;
}

/**
 * Sends `clients` (8) customers with kept connections to an address, until `stop`. Each asks again
 * `pauseMs` after its answer: at once, unless a machine is wanted that has something else to do.
 */
export function startLoad(url: string, clients = 8, pauseMs = 0): Load {
  const tally: Tally = { requests: 0, statuses: {}, versions: {} };
  let going = true;
  const failed = (): number => tally.requests - (tally.statuses['200'] ?? 0);
  const customer = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    // One after the other is what a customer does.
    while (going) {
      await ask(url, agent, tally);
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    agent.destroy();
  };
  const all = Promise.all(Array.from({ length: clients }, customer));
  return {
    tally,
    failed,
    reached: async (requests) =>
      until(`${requests} requests`, () => Promise.resolve(tally.requests >= requests)),
    stop: async () => {
      going = false;
      await all;
      return tally;
    },
  };
}

async function ask(url: string, agent: Agent, tally: Tally): Promise<void> {
  const answer = await new Promise<IncomingMessage | string>((resolve) => {
    const request = get(url, { agent, timeout: 10_000 }, (response) => {
      response.resume();
      response.once('end', () => resolve(response));
      response.once('error', (error) => resolve(codeOf(error)));
    });
    request.once('timeout', () => request.destroy(new Error('no answer in 10 s')));
    request.once('error', (error) => resolve(codeOf(error)));
  });
  tally.requests += 1;
  const status = typeof answer === 'string' ? answer : `${answer.statusCode}`;
  tally.statuses[status] = (tally.statuses[status] ?? 0) + 1;
  if (status !== '200') tally.firstFailure ??= `${new Date().toISOString()} ${status}`;
  if (typeof answer === 'string' || status !== '200') return;
  const version = String(answer.headers['x-release'] ?? 'none');
  tally.versions[version] = (tally.versions[version] ?? 0) + 1;
}

const codeOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? error.message;

/** Looks until it is so. Throws after 30 s with what was waited for. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited 30 s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
