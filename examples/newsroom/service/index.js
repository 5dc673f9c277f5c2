// @ts-check
/**
 * What every process of the Newsroom has: where it listens, /healthz, /metrics, a log in JSON lines on
 * standard output, events, and an end without anything left half done.
 */
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { openEvents } from './events.js';
import { healthOf } from './health.js';
import { readEnvironment, tellHelp } from './environment.js';
import { openLog } from './log.js';
import { openMetrics } from './metrics.js';
import { routerOf } from './router.js';

/**
 * @typedef {import('./health.js').Check} Check
 * @typedef {import('./router.js').Route} Route
 * @typedef {import('./log.js').Log} Log
 * @typedef {import('./events.js').Events} Events
 * @typedef {object} Wish
 * @property {string} name of the program; SERVICE_NAME wins
 * @property {string} help what it is, and its routes
 * @property {Record<string, string>} [variables] that must be set, with what they are
 * @property {Record<string, Check>} [checks] by which /healthz decides
 * @property {Record<string, Route>} [routes] by `METHOD /path/:parameter`
 * @property {() => unknown} [drain] called once nothing new comes in; what it began is finished there
 * @typedef {object} Service
 * @property {string} name
 * @property {string} version
 * @property {string} environment
 * @property {string} instance
 * @property {number} port where it listens
 * @property {Log} log
 * @property {import('prom-client').Registry} metrics
 * @property {Events} events
 * @property {AbortSignal} signal aborts when it is to end
 * @property {(why: string) => void} stop ends it as SIGTERM does
 */

/** How long a process may take to end, ms: whoever asked for it kills it some time after this. */
const endWithinMs = 7_000;
/** How often a process looks whether the one that started it is still there, ms. */
const parentEveryMs = 2_000;

/**
 * Starts to listen on 127.0.0.1:PORT. With `--help` it writes that and exits with 0; where a variable is
 * missing it writes which, and exits with 2.
 * @param {Wish} wish
 * @returns {Promise<Service>}
 */
export async function startService(wish) {
  if (process.argv.includes('--help')) tellHelp(wish);
  const about = readEnvironment(wish);
  const ending = new AbortController();
  const log = openLog(about);
  const metrics = openMetrics();
  const events = await openEvents(about, { log, metrics });
  const health = healthOf(about, { checks: wish.checks ?? {}, ending: ending.signal });
  const answer = routerOf(
    {
      'GET /healthz': async (_, response) => {
        const { status, ...rest } = await health();
        response.writeHead(status === 'pass' ? 200 : 503, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ status, ...rest }));
      },
      'GET /metrics': async (_, response) => {
        const text = await metrics.metrics();
        response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
      },
      ...wish.routes,
    },
    { log, ending: ending.signal },
  );
  const server = createServer((request, response) => void answer(request, response));
  const port = await listen(server, about.port);
  /** @param {string} why */
  const stop = (why) => {
    if (ending.signal.aborted) return;
    log.info('ends', { why });
    ending.abort();
    void end({ server, drain: wish.drain, log, events });
  };
  endWith(stop, log);
  log.info('listens', { port, pid: process.pid });
  const { name, version, environment, instance } = about;
  return {
    name,
    version,
    environment,
    instance,
    port,
    log,
    metrics,
    events,
    signal: ending.signal,
    stop,
  };
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port
 * @returns {Promise<number>}
 */
async function listen(server, port) {
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(undefined));
  }).catch((error) => {
    process.stderr.write(`can not listen on 127.0.0.1:${port}: ${error.message}\n`);
    process.exit(2);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/**
 * No new connections; what was asked is answered; what was begun is finished; events are sent.
 * @param {{ server: import('node:http').Server, drain: Wish['drain'], log: Log, events: Events }} parts
 */
async function end({ server, drain, log, events }) {
  const deadline = setTimeout(() => {
    log.error('did not end in time', { ms: endWithinMs });
    process.exit(1);
  }, endWithinMs);
  try {
    const closed = new Promise((resolve) => server.close(() => resolve(undefined)));
    server.closeIdleConnections();
    // A connection that is kept alive would hold the end up for as long as its client likes.
    const closing = setInterval(() => server.closeIdleConnections(), 50);
    await Promise.race([closed, pause(endWithinMs / 2, undefined, { ref: false })]);
    clearInterval(closing);
    server.closeAllConnections();
    await drain?.();
    await events.close(endWithinMs / 4);
    log.info('ended');
    clearTimeout(deadline);
    process.exitCode = 0;
    process.exit();
  } catch (error) {
    log.error('ended badly', { error });
    process.exit(1);
  }
}

/**
 * @param {(why: string) => void} stop
 * @param {Log} log
 */
function endWith(stop, log) {
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  // What nobody expected: whoever watches this process starts it again from what is on disk.
  process.on('uncaughtException', (error) => {
    log.error('crashed', { error });
    process.exit(1);
  });
  if (process.env['NEWSROOM_PARENT'] === undefined) return;
  // Its parent can be killed before this process has looked for the first time.
  const parent = Number(process.env['NEWSROOM_PARENT']);
  const look = () => {
    if (process.ppid !== parent) stop('whoever started it is gone');
  };
  look();
  setInterval(look, parentEveryMs).unref();
}
