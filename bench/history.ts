import { send } from './load/send.ts';
import { adminToken, ask, type Running, start, territory, until, usage } from './load/server.ts';
import { duckdb } from './peers/duckdb.ts';
import { machine, ratio } from './report.ts';

/**
 * Claim: ten million events held in history, with the five queries answered in under 500 ms (p95),
 * also while 100,000 events/s are inserted. The peer is DuckDB with the same events, loaded from
 * the same lines, and the same five questions in its SQL.
 */
const events = Number(process.argv[2] ?? 10_000_000);
const rounds = Number(process.argv[3] ?? 15);

const where = 'source = "/bench/agent"';
/** The five kinds of question of the query API. */
const questions: Record<string, object> = {
  'count by type per minute, one service': {
    where: `${where} and service = "service-7"`,
    aggregate: 'count',
    by: ['type'],
    every: '1m',
    last: '1h',
  },
  'p99 per minute, top 10 hosts': {
    where: `${where} and name = "http.server.latency.1"`,
    aggregate: 'p99',
    by: ['host'],
    top: 10,
    every: '1m',
    last: '1h',
  },
  'last 1,000 events with a text': {
    where: `${where} and data =~ "%worker 13"`,
    limit: 1000,
    last: '1h',
  },
  'last 1,000 events by attribute': {
    where: `${where} and label.customer.id = "c4711"`,
    limit: 1000,
    last: '1h',
  },
  'ratio per minute, compared with yesterday': {
    where: `${where} and state = "critical"`,
    ratio: where,
    aggregate: 'count',
    every: '1m',
    last: '1h',
    compare: 'yesterday',
  },
};

const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ??
  Number.NaN;

async function measure(server: Running): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = {};
  for (let round = -1; round < rounds; round++)
    for (const [name, question] of Object.entries(questions)) {
      const begin = performance.now();
      await ask(server, '/api/v1/query', question);
      if (round >= 0) (times[name] ??= []).push(performance.now() - begin);
    }
  return times;
}

console.log(machine());
const server = await start(territory);
const load = {
  port: server.port,
  path: '/api/v1/events',
  type: 'application/x-ndjson',
  token: adminToken(server.dir),
  batch: 1000,
  connections: 8,
  ids: false,
};
const begin = performance.now();
await send({ ...load, requestsPerSecond: 200, seconds: events / 200_000 });
await until(async () => {
  const { total } = await ask<{ total: number }>(server, '/api/v1/query', {
    where,
    aggregate: 'count',
    last: '1d',
  });
  return total >= events * 0.999;
}, 300);
console.log(
  `${events} events in history after ${((performance.now() - begin) / 1000).toFixed(1)} s, sent at 200,000/s`,
);

const quiet = await measure(server);
const busyLoad = send({ ...load, requestsPerSecond: 100, seconds: 60 });
const busy = await measure(server);
const underLoad = await busyLoad;
console.log(
  `while ${Math.round(underLoad.events / underLoad.seconds)} events/s were acknowledged (p99 ${underLoad.latency.p99.toFixed(1)} ms)`,
);
console.log(
  `anonymous memory, all processes: ${(usage(server.pid).anonymousBytes / 2 ** 20).toFixed(0)} MiB`,
);
await server.stop();

const peer = await duckdb(events, rounds);
for (const name of Object.keys(questions)) {
  const mine = quiet[name] ?? [];
  console.log(
    `${name}: p95 ${quantile(mine, 0.95).toFixed(0)} ms quiet, ${quantile(busy[name] ?? [], 0.95).toFixed(0)} ms while inserting (wanted: under 500 ms)`,
  );
  console.log(
    `  ${ratio('median', mine, { name: 'DuckDB', values: peer.times[name] ?? [] }, 'ms')}`,
  );
}
console.log(
  `DuckDB inserted ${Math.round(peer.eventsPerSecond)} events/s from NDJSON files, without a log before it; ours took what the sender offered`,
);
