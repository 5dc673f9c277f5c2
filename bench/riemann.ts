import { send, sendRiemann } from './load/send.ts';
import { adminToken, ask, start, territory, usage } from './load/server.ts';
import { machine, ratio, show } from './report.ts';

/**
 * Claims: batches of 100 by Riemann's protocol are acknowledged durable as fast as the same events in
 * batches of 100 by HTTP (NDJSON), with the same number under way; single events, pipelined, at
 * 40,000/s. The two take turns. Closed loop: as fast as they are acknowledged.
 *
 * usage: riemann.ts [seconds] [rounds]
 */
const seconds = Number(process.argv[2] ?? 10);
const rounds = Number(process.argv[3] ?? 5);
const batch = 100;
/** Requests, or messages, that wait for their answer. */
const underWay = 32;

interface Intake {
  readonly name: string;
  readonly port: number;
}

console.log(machine());
const server = await start({
  ...territory,
  args: (port, dir) => [...territory.args(port, dir), '--rules.enabled', 'false'],
});
const intakes = await ask<readonly Intake[]>(server, '/api/v1/intakes');
const port = intakes.find(({ name }) => name === 'riemann')?.port ?? 0;
const token = adminToken(server.dir);

async function measured<T>(of: () => Promise<T>): Promise<T & { readonly cpu: number }> {
  const before = usage(server.pid).cpuSeconds;
  const from = performance.now();
  const result = await of();
  const took = (performance.now() - from) / 1000;
  return { ...result, cpu: (usage(server.pid).cpuSeconds - before) / took };
}

const byRiemann = () =>
  measured(() => sendRiemann({ port, batch, connections: underWay / 4, window: 4, seconds }));
const singly = () =>
  measured(() => sendRiemann({ port, batch: 1, connections: 4, window: 1_000, seconds }));
const byHttp = () =>
  measured(() =>
    send({
      port: server.port,
      path: '/api/v1/events',
      type: 'application/x-ndjson',
      token,
      batch,
      connections: underWay,
      seconds,
      ids: false,
    }),
  );

const riemann: number[] = [];
const http: number[] = [];
const single: number[] = [];
const latency: number[] = [];
const cpu: { readonly riemann: number[]; readonly http: number[] } = { riemann: [], http: [] };
let failed = 0;
for (let round = 0; round <= rounds; round++) {
  const batches = await byRiemann();
  const requests = await byHttp();
  const singles = await singly();
  failed += batches.failed + requests.failed + singles.failed;
  // The first round warms up.
  if (round === 0) continue;
  riemann.push(batches.events / batches.seconds);
  http.push(requests.events / requests.seconds);
  single.push(singles.events / singles.seconds);
  latency.push(singles.p99);
  cpu.riemann.push(batches.cpu);
  cpu.http.push(requests.cpu);
}
const peer = { name: 'NDJSON by HTTP', values: http };
console.log(ratio(`Riemann, batches of ${batch}, acknowledged`, riemann, peer, 'events/s'));
console.log(
  `CPU meanwhile: Riemann ${show(cpu.riemann, 'cores')}, HTTP ${show(cpu.http, 'cores')}`,
);
console.log(`Riemann, single events pipelined, acknowledged: ${show(single, 'events/s')}`);
console.log(`  p99 from sending to answer, 4,000 under way: ${show(latency, 'ms')}`);
console.log(`not acknowledged: ${failed}`);
await server.stop();
