// @ts-check
import { Gauge } from 'prom-client';
import { conservation, lookAtStage, stages } from './look.js';

/**
 * How the queue stands, as events and for /metrics.
 * @param {import('newsroom-service').Service} service
 */
export function samplingOf({ events, metrics }) {
  /** @param {string} name @param {string} help @param {string[]} [labelNames] */
  const gauge = (name, help, labelNames = []) =>
    new Gauge({ name: `newsroom_${name}`, help, labelNames, registers: [metrics] });
  const depth = gauge('queue_depth', 'Jobs that wait', ['stage']);
  const oldest = gauge('queue_oldest_seconds', 'How long the oldest one waits', ['stage']);
  const inFlight = gauge('queue_in_flight', 'Jobs that are worked on', ['stage']);
  const dead = gauge('queue_dead', 'Jobs that were given up', ['stage']);
  const items = gauge('items', 'What became of all that came in', ['state']);

  /** @param {string} name @param {number} metric @param {Record<string, string>} [attributes] */
  const reading = (name, metric, attributes) =>
    events.send({ type: 'metric', name, metric, ...(attributes && { attributes }) });

  /** @param {import('#jobs/table.js').Table} table */
  return (table) => {
    const looks = stages.map((stage) => lookAtStage(table, stage));
    const kept = conservation(table);
    for (const look of looks) {
      const { stage } = look;
      depth.set({ stage }, look.waiting);
      oldest.set({ stage }, look.oldestWaitingS);
      inFlight.set({ stage }, look.inProgress);
      dead.set({ stage }, look.dead);
      tellStage(reading, look);
    }
    for (const [state, count] of Object.entries(kept)) items.set({ state }, count);
    const whole = {
      depth: sumOf(looks.map(({ waiting }) => waiting)),
      oldest: Math.max(...looks.map(({ oldestWaitingS }) => oldestWaitingS)),
      inflight: sumOf(looks.map(({ inProgress }) => inProgress)),
      dead: sumOf(looks.map((look) => look.dead)),
      lost: kept.lost,
    };
    for (const [name, value] of Object.entries(whole)) reading(`newsroom.queue.${name}`, value);
    events.send({
      type: 'queue.sampled',
      subject: 'queue',
      metric: whole.depth,
      data: { ...whole, items: kept, stages: looks },
    });
    return whole;
  };
}

/**
 * @param {(name: string, metric: number, attributes: Record<string, string>) => void} reading
 * @param {import('./look.js').StageLook} look
 */
function tellStage(reading, look) {
  const { stage, waitS, serviceS, drainS } = look;
  /** @param {string} name @param {number} value */
  const tell = (name, value) => reading(`newsroom.stage.${name}`, value, { stage });
  tell('depth', look.waiting);
  tell('oldest', look.oldestWaitingS);
  tell('inflight', look.inProgress);
  tell('inflight.oldest', look.oldestInProgressS);
  tell('arrivals', look.arrivalsPerMin);
  tell('completions', look.completionsPerMin);
  tell('workers', look.workers);
  if (look.workersNeeded !== null) tell('workers.needed', look.workersNeeded);
  // While it grows there is no time to tell.
  if (drainS !== 'growing') tell('drain', drainS);
  if (waitS !== null) tell('wait.p95', waitS.p95);
  if (serviceS !== null) tell('service.p95', serviceS.p95);
}

/** @param {readonly number[]} values */
const sumOf = (values) => values.reduce((sum, value) => sum + value, 0);
