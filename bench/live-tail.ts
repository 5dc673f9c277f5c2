import { follow } from './load/follow.ts';
import { send } from './load/send.ts';
import { adminToken, start, territory } from './load/server.ts';
import { machine, spread } from './report.ts';

/**
 * Claim: an event is on an open tail within 200 ms (p99) while 50,000 events/s arrive. Two tails
 * are open: one with a `where` that lets the probes through, one on everything, sampled as the
 * console does. A probe is sent 20 times a second; its latency is from before its POST.
 */
const seconds = Number(process.argv[2] ?? 20);
const rate = Number(process.argv[3] ?? 50_000);

const server = await start(territory);
const token = adminToken(server.dir);
const latencies: number[] = [];
let sampled = 0;

const tail = (query: string, hear: (data: string) => void): (() => void) =>
  follow(server, `/api/v1/tail?${query}`, hear);

const closeProbes = tail(`where=${encodeURIComponent('type = "probe"')}`, (data) => {
  const event = JSON.parse(data) as { metric?: number };
  if (event.metric !== undefined) latencies.push(performance.now() - event.metric);
});
const closeAll = tail('sample=100', () => sampled++);
await new Promise((resolve) => setTimeout(resolve, 500));

let probes = 0;
const probing = setInterval(() => {
  probes++;
  void fetch(`http://127.0.0.1:${server.port}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'probe', metric: performance.now() }),
  });
}, 50);
const sent = await send({
  port: server.port,
  path: '/api/v1/events',
  type: 'application/x-ndjson',
  token,
  batch: 500,
  connections: 16,
  requestsPerSecond: rate / 500,
  seconds,
  ids: false,
});
clearInterval(probing);
await new Promise((resolve) => setTimeout(resolve, 1000));
closeProbes();
closeAll();
await server.stop();

latencies.sort((a, b) => a - b);
console.log(machine());
console.log(
  `${Math.round(sent.events / sent.seconds)} events/s acknowledged (p99 ${sent.latency.p99.toFixed(1)} ms); ${latencies.length} of ${probes} probes seen, ${sampled} sampled events beside them`,
);
console.log(
  `event to open tail: p50 ${spread(latencies).median.toFixed(1)} ms, p99 ${latencies[Math.floor(latencies.length * 0.99)]?.toFixed(1)} ms, max ${latencies.at(-1)?.toFixed(1)} ms (wanted: p99 under 200 ms)`,
);
