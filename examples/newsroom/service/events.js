// @ts-check
import { Counter } from 'prom-client';

/**
 * What happened, for whoever follows it. `source`, service, environment, version and instance are added.
 * @typedef {Record<string, unknown> & { type: string }} Event
 * @typedef {object} Events
 * @property {(event: Event) => void} send never waits, never throws for the network
 * @property {() => Promise<void>} flush
 * @property {(ms: number) => Promise<void>} close sends what is left, for at most so long
 */

/** How often a process tells how much memory it has, ms. */
const memoryEveryMs = 5_000;

/**
 * Where TERRITORY_URL is not set, events are counted and dropped: the company works without anybody who
 * watches it.
 * @param {import('./environment.js').About} about
 * @param {{ log: import('./log.js').Log, metrics: import('prom-client').Registry }} parts
 * @returns {Promise<Events>}
 */
export async function openEvents(about, { log, metrics }) {
  const counter = new Counter({
    name: 'newsroom_events_total',
    help: 'Events that were told, by type',
    labelNames: ['type'],
    registers: [metrics],
  });
  const sender = await openSenderOf(about, log);
  /** @param {Event} event */
  const send = (event) => {
    counter.inc({ type: event.type });
    sender?.send({ time: Date.now(), ...event });
  };
  setInterval(() => {
    send({ type: 'metric', name: 'process.memory.usage', metric: process.memoryUsage.rss() });
  }, memoryEveryMs).unref();
  return {
    send,
    flush: async () => sender?.flush(),
    close: async (ms) => sender?.close(ms),
  };
}

/**
 * @param {import('./environment.js').About} about
 * @param {import('./log.js').Log} log
 */
async function openSenderOf({ name, version, environment, instance }, log) {
  const url = process.env['TERRITORY_URL'];
  const tokenFile = process.env['TERRITORY_TOKEN_FILE'];
  if (!url || !tokenFile) return undefined;
  try {
    const { openSender } = await import('territory/client');
    return openSender({
      url,
      tokenFile,
      source: `newsroom/${name}`,
      service: name,
      environment,
      attributes: { 'service.version': version, 'service.instance.id': instance },
    });
  } catch (error) {
    log.error('events are not sent', { error });
    return undefined;
  }
}
