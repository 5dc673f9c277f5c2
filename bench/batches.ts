import { influxdb, toLineProtocolNote } from './peers/influxdb.ts';
import { send } from './load/send.ts';
import { adminToken, ask, busySeconds, start, territory, until, usage } from './load/server.ts';
import { machine, show } from './report.ts';

/**
 * Claim: NDJSON batches of 1,000 events accepted, durable and queryable at 200,000/s with history
 * keeping up (lag under 2 s), ack p99 under 50 ms, anonymous memory of all processes under 1.2 GB
 * and flat. Open loop: latency counts from when a request was due.
 *
 * usage: batches.ts [seconds] [events/s] [with-ids]
 */
const seconds = Number(process.argv[2] ?? 60);
const rate = Number(process.argv[3] ?? 200_000);
const ids = process.argv[4] === 'with-ids';

interface Itself {
  readonly streams: readonly {
    readonly stream: string;
    readonly next: number;
    readonly historyLagMs: number | null;
    readonly historyLagEvents: number | null;
  }[];
}

console.log(machine());
const server = await start(territory);
const load = {
  port: server.port,
  path: '/api/v1/events',
  type: 'application/x-ndjson',
  token: adminToken(server.dir),
  batch: 1000,
  connections: 16,
  requestsPerSecond: rate / 1000,
  ids,
};
await send({ ...load, seconds: 3 });

const lagMs: number[] = [];
const memory: number[] = [];
const before = usage(server.pid).cpuSeconds;
const busyBefore = busySeconds();
const ourBefore = usage(process.pid).cpuSeconds;
/** Of the whole machine and of all our processes, as long as the sender was there to be counted. */
let counted = { at: performance.now(), busy: busyBefore, ours: ourBefore };
const began = counted.at;
const watch = setInterval(() => {
  memory.push(usage(server.pid).anonymousBytes / 2 ** 20);
  counted = {
    at: performance.now(),
    busy: busySeconds(),
    ours: usage(process.pid).cpuSeconds,
  };
  ask<Itself>(server, '/api/v1/itself')
    .then(({ streams }) =>
      lagMs.push(streams.find((s) => s.stream === 'readings')?.historyLagMs ?? Number.NaN),
    )
    .catch(() => lagMs.push(Number.NaN));
}, 1000);
const sent = await send({ ...load, seconds });
clearInterval(watch);
const cores = (usage(server.pid).cpuSeconds - before) / sent.seconds;

let behind = 0;
const drained = performance.now();
await until(async () => {
  const { streams } = await ask<Itself>(server, '/api/v1/itself');
  behind =
    streams.find((s) => s.stream === 'readings')?.historyLagEvents ?? Number.POSITIVE_INFINITY;
  return behind === 0;
}, 120).catch(() => console.log(`history is still ${behind} events behind after 120 s`));
const { total } = await ask<{ total: number }>(server, '/api/v1/query', {
  where: 'source = "/bench/agent"',
  aggregate: 'count',
  last: '1d',
});

console.log(`asked ${rate}/s for ${seconds} s${ids ? ', every event with an id' : ''}`);
console.log(
  `acknowledged ${Math.round(sent.events / sent.seconds)}/s, refused ${sent.failed} ${sent.firstFailure ?? ''}`,
);
console.log(
  `ack p50 ${sent.latency.p50.toFixed(1)} ms, p99 ${sent.latency.p99.toFixed(1)} ms, max ${sent.latency.max.toFixed(0)} ms`,
);
console.log(
  `history lag: ${show(lagMs.filter(Number.isFinite), 'ms')}; drained ${((performance.now() - drained) / 1000).toFixed(1)} s after the last`,
);
console.log(
  `anonymous memory, all processes: ${show(memory, 'MiB')}; first ${memory[2]?.toFixed(0)}, last ${memory.at(-1)?.toFixed(0)}`,
);
console.log(`p99 by minute: ${sent.minutes.map(({ p99 }) => p99.toFixed(0)).join(', ')} ms`);
const others = counted.busy - busyBefore - (counted.ours - ourBefore);
console.log(
  `CPU of all processes: ${cores.toFixed(2)} cores; of others on this machine: ${((others * 1000) / (counted.at - began)).toFixed(2)} cores`,
);
console.log(`history holds ${total} of ${sent.events + 3 * rate} events sent (with the warm-up)`);
await server.stop();

if (process.argv.includes('--peers')) {
  const peer = await influxdb(Math.min(seconds, 30));
  console.log(`${peer.name}: ${show(peer.values, 'points/s')} (${toLineProtocolNote})`);
}
