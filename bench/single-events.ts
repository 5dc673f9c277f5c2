import { createServer } from 'node:http';
import { send } from './load/send.ts';
import { adminToken, freePort, start, territory } from './load/server.ts';
import { machine, ratio, show } from './report.ts';

/**
 * Claim: one event in each request, acknowledged durable at 12,000/s with 256 in flight, p99 under
 * 40 ms. The limit is a bare Node HTTP server that reads the body and answers, without doing
 * anything. Both by turns, closed loop; then ours at 12,000/s, counted from when each was due.
 */
const seconds = Number(process.argv[2] ?? 8);
const rounds = Number(process.argv[3] ?? 5);

const bare = createServer((request, response) => {
  request.on('data', () => {});
  request.on('end', () => response.writeHead(200, { 'content-length': 2 }).end('ok'));
});
const barePort = await freePort();
await new Promise<void>((resolve) => bare.listen(barePort, '127.0.0.1', resolve));

const server = await start(territory);
const load = {
  path: '/api/v1/events',
  type: 'application/json',
  token: adminToken(server.dir),
  batch: 1,
  connections: 256,
  ids: true,
};
const ours: number[] = [];
const limit: number[] = [];
const p99: number[] = [];
const paced: number[] = [];
console.log(machine());
for (let round = 0; round <= rounds; round++) {
  const mine = await send({ ...load, port: server.port, seconds });
  const bareRun = await send({ ...load, port: barePort, seconds });
  if (mine.failed > 0) console.log(`refused: ${mine.failed}, first: ${mine.firstFailure}`);
  const atRate = await send({ ...load, port: server.port, seconds, requestsPerSecond: 12_000 });
  // The first round warms both up.
  if (round === 0) continue;
  ours.push(mine.events / mine.seconds);
  p99.push(mine.latency.p99);
  limit.push(bareRun.events / bareRun.seconds);
  paced.push(atRate.latency.p99);
}
console.log(
  ratio(
    'single events, acknowledged durable',
    ours,
    { name: 'bare Node HTTP server', values: limit },
    '/s',
  ),
);
console.log(`p99 of the acknowledgement as fast as it goes: ${show(p99, 'ms')}`);
console.log(`p99 of the acknowledgement at 12,000/s: ${show(paced, 'ms')} (wanted: under 40 ms)`);
await server.stop();
bare.close();
