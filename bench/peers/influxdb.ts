import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bodies } from '../load/events.ts';
import { postHead, RawConnection } from '../load/raw-http.ts';
import { type Program, start } from '../load/server.ts';

export const toLineProtocolNote =
  'line protocol, 2,000 points a request, 4 connections, closed loop, WAL on, the metric events of the same stream';

const program: Program = {
  command: 'influxd',
  args: (port, dir) => {
    mkdirSync(dir, { recursive: true });
    const file = join(dir, 'influxdb.conf');
    writeFileSync(
      file,
      `reporting-disabled = true
bind-address = "127.0.0.1:0"
[meta]
dir = "${dir}/meta"
[data]
dir = "${dir}/data"
wal-dir = "${dir}/wal"
max-series-per-database = 0
max-values-per-tag = 0
[http]
bind-address = "127.0.0.1:${port}"
log-enabled = false
`,
    );
    return ['-config', file];
  },
  ready: async (port) => (await fetch(`http://127.0.0.1:${port}/ping`)).ok,
};

/** InfluxDB 1.6 from Debian: points a second that it answers as written. */
export async function influxdb(seconds: number): Promise<{ name: string; values: number[] }> {
  const server = await start(program);
  await fetch(`http://127.0.0.1:${server.port}/query?q=CREATE+DATABASE+bench`, { method: 'POST' });
  const bodies = lineProtocol();
  const connections = await Promise.all([1, 2, 3, 4].map(() => RawConnection.open(server.port)));
  const started = performance.now();
  let points = 0;
  let turn = 0;
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() - started < seconds * 1000) {
        const body = bodies[turn++ % bodies.length] as Buffer;
        const answer = await connection.send(
          postHead('/write?db=bench&precision=ms', 'text/plain', body.length),
          body,
        );
        if (answer.status !== 204)
          throw new Error(`influxdb answered ${answer.status} ${answer.body}`);
        points += 2000;
      }
    }),
  );
  const value = points / ((performance.now() - started) / 1000);
  for (const connection of connections) connection.close();
  await server.stop();
  return { name: 'InfluxDB 1.6', values: [value] };
}

/** The metric events of the same generator as line protocol. */
function lineProtocol(): Buffer[] {
  const bodies = new Bodies({ count: 50, batch: 2400, ids: false });
  return Array.from({ length: 50 }, () => {
    const lines = bodies.next(Date.now()).toString().trim().split('\n');
    const metrics = lines
      .map((l) => JSON.parse(l) as Record<string, string>)
      .filter((e) => e['metric'] !== undefined)
      .slice(0, 2000);
    while (metrics.length < 2000)
      metrics.push(metrics[metrics.length - 1] as Record<string, string>);
    return Buffer.from(
      metrics
        .map(
          (e) =>
            `${e['name']},service=${e['service']},host=${e['host']},env=production,state=${e['state']} value=${e['metric']} ${e['time']}`,
        )
        .join('\n'),
    );
  });
}
