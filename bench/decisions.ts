import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { send } from './load/send.ts';
import { adminToken, ask, type Running, start, territory, until, usage } from './load/server.ts';
import { machine, spread } from './report.ts';

/**
 * Claims: from the append of an event to that of what a rule decided of it p99 under 50 ms at 50,000
 * events/s; and 200,000 events/s with intake and log in front of four rules: latest and changed
 * state by (host, service), a rate by host, percentiles by service, of which only the last puts
 * what it found on the log. History runs as always. The first ten seconds, in which every key is
 * new and V8 compiles, are not counted.
 *
 * usage: decisions.ts [seconds] [events/s ...]
 */
const seconds = Number(process.argv[2] ?? 20);
const rates = process.argv.length > 3 ? process.argv.slice(3).map(Number) : [50_000, 200_000];

const rules = `
import { events, rule } from 'territory/rules';

const keyed = events.by('host', 'service');
const never = 'metric < 0';
rule('index', () => keyed.changed('environment').where(never).emit({ name: 'bench.index' }));
rule('changed', () => keyed.changed('state').where(never).emit({ name: 'bench.changed' }));
rule('rate', () => events.by('host').rate('10s').where(never).emit({ name: 'bench.rate' }));
rule('percentiles', () =>
  events
    .where('type = "metric"')
    .by('service')
    .window({ every: '10s' })
    .quantiles(0.5, 0.95, 0.99)
    .emit({ name: 'bench.percentiles' }),
);
rule('probe', () => events.where('type = "probe"').emit({ name: 'probe.decided' }));
`;

interface Seen {
  readonly type: string;
  readonly name?: string;
  readonly metric?: number;
  readonly received: number;
}

interface RuleRow {
  readonly name: string;
  readonly state: string;
  readonly nsPerEvent: number;
}

function watch(server: Running, hear: (event: Seen) => void): () => void {
  const where = encodeURIComponent('type = "probe" or name = "probe.decided"');
  const headers = { authorization: `Bearer ${adminToken(server.dir)}` };
  const path = `/api/v1/tail?where=${where}`;
  const req = request({ port: server.port, path, headers }, (response) => {
    let held = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      const lines = (held + chunk).split('\n');
      held = lines.pop() ?? '';
      for (const line of lines)
        if (line.startsWith('data:')) {
          const event = JSON.parse(line.slice(5)) as Seen;
          if (event.metric !== undefined) hear(event);
        }
    });
  });
  req.end();
  return () => req.destroy();
}

async function measure(rate: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'territory-bench-'));
  mkdirSync(join(dir, 'rules'));
  writeFileSync(join(dir, 'rules/bench.ts'), rules);
  const server = await start(territory, dir);
  const rows = async (): Promise<readonly RuleRow[]> =>
    (await ask<{ rules: readonly RuleRow[] }>(server, '/api/v1/rules')).rules;
  await until(async () => {
    const all = await rows();
    return all.length === 5 && all.every(({ state }) => state === 'running');
  });

  const load = {
    port: server.port,
    path: '/api/v1/events',
    type: 'application/x-ndjson',
    token: adminToken(dir),
    batch: 1000,
    connections: 16,
    requestsPerSecond: rate / 1000,
    ids: false,
  };
  await send({ ...load, seconds: 10 });

  const appended = new Map<number, number>();
  const latencies: number[] = [];
  const close = watch(server, (event) => {
    const number = event.metric ?? 0;
    if (event.type === 'probe') appended.set(number, event.received);
    else latencies.push(event.received - (appended.get(number) ?? Number.NaN));
  });
  let probes = 0;
  const probing = setInterval(() => {
    void fetch(`http://127.0.0.1:${server.port}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken(dir)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'probe', metric: ++probes }),
    });
  }, 50);
  const cpu = usage(server.pid).cpuSeconds;
  const sent = await send({ ...load, seconds });
  clearInterval(probing);
  const cores = (usage(server.pid).cpuSeconds - cpu) / sent.seconds;
  await until(() => Promise.resolve(latencies.length === probes)).catch(() => undefined);
  const all = await rows();
  close();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });

  const sorted = latencies.filter((ms) => !Number.isNaN(ms)).toSorted((a, b) => a - b);
  const at = (q: number): string =>
    (sorted[Math.floor(sorted.length * q)] ?? Number.NaN).toFixed(0);
  console.log(
    `${rate}/s asked: ${Math.round(sent.events / sent.seconds)} events/s acknowledged (p99 ${sent.latency.p99.toFixed(1)} ms), ${sent.failed} refused, ${cores.toFixed(2)} cores without the sender`,
  );
  console.log(
    `  append to decision: p50 ${spread(sorted).median.toFixed(0)} ms, p99 ${at(0.99)} ms, max ${sorted.at(-1)} ms; ${sorted.length} of ${probes} probes decided (wanted: p99 under 50 ms at 50,000/s)`,
  );
  console.log(
    `  ns an event: ${all.map((one) => `${one.name} ${one.nsPerEvent.toFixed(0)}`).join(', ')}`,
  );
}

console.log(machine());
for (const rate of rates) await measure(rate);
