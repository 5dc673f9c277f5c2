import { type Load, requestsOf, sendRequests, stepMs } from './load/remote-write.ts';
import { adminToken, ask, type Running, start, territory, until, usage } from './load/server.ts';
import { countedBy, prometheus, victoriaMetrics } from './peers/remote-write.ts';
import { machine, ratio, show } from './report.ts';

/**
 * Claim: samples a second by Prometheus remote-write 1.0, answered when they are on Territory's log
 * and flushed to disk, beside Prometheus and VictoriaMetrics of Debian by turns. Prometheus answers
 * when its write-ahead log has been written, without waiting for the disk; VictoriaMetrics when the
 * samples are in memory. All samples are counted by each of them afterwards.
 */
const steps = Number(process.argv[2] ?? 100);
const rounds = Number(process.argv[3] ?? 3);
const shape = { connections: 4, series: 1_250, steps };
const samples = shape.connections * shape.series * steps;

const server = await start({
  ...territory,
  args: (port, dir) => [...territory.args(port, dir), '--rules.enabled', 'false'],
});
const prom = await start(prometheus);
const victoria = await start(victoriaMetrics);

interface Side {
  readonly name: string;
  readonly running: Running;
  readonly token?: string;
  readonly count: () => Promise<number>;
  readonly rates: number[];
  readonly cpu: number[];
}

const accepted = async (): Promise<number> => {
  const all = await ask<readonly { name: string; accepted: number }[]>(server, '/api/v1/intakes');
  return all.find(({ name }) => name === 'prometheus-remote-write')?.accepted ?? Number.NaN;
};
const sides: readonly Side[] = [
  {
    name: 'Territory',
    running: server,
    token: adminToken(server.dir),
    count: accepted,
    rates: [],
    cpu: [],
  },
  {
    name: 'Prometheus 2.42',
    running: prom,
    count: () => countedBy(prom.port, 'prometheus_tsdb_head_samples_appended_total'),
    rates: [],
    cpu: [],
  },
  {
    name: 'VictoriaMetrics 1.79',
    running: victoria,
    count: () => countedBy(victoria.port, 'vm_rows_inserted_total{type="promremotewrite"}'),
    rates: [],
    cpu: [],
  },
];

async function measure(side: Side, load: Load): Promise<void> {
  const requests = requestsOf(load);
  const { running, token } = side;
  const before = await side.count();
  const cpu = usage(running.pid).cpuSeconds;
  const seconds = await sendRequests(running.port, requests, token);
  side.cpu.push(((usage(running.pid).cpuSeconds - cpu) / samples) * 1e6);
  side.rates.push(samples / seconds);
  // VictoriaMetrics shows its counts some seconds late.
  await until(async () => (await side.count()) - before === samples);
}

console.log(machine());
try {
  const first = Date.now() - (rounds + 1) * steps * stepMs;
  for (let round = 0; round < rounds; round++)
    for (const side of sides)
      await measure(side, { ...shape, start: first + round * steps * stepMs });
} finally {
  for (const { running } of sides) await running.stop();
}

const [ours, ...peers] = sides;
if (ours === undefined) throw new Error('there is nothing to compare');
for (const { name, rates } of peers)
  console.log(ratio('remote-write', ours.rates, { name, values: rates }, 'samples/s'));
for (const { name, cpu } of sides) console.log(`${name}: ${show(cpu, 'µs of CPU each')}`);
