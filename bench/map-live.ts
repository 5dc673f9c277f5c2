import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sizedMap } from '../src/rooms/map/sized-map.suite.ts';
import { follow } from './load/follow.ts';
import { adminToken, ask, start, territory, until } from './load/server.ts';
import { machine, ratio, show } from './report.ts';

/**
 * Claims, with a map of 500 nodes: GET /api/v1/map answers in under 100 ms; a change of health is
 * on an open page within 500 ms of the moment at which its check was sent, at 60 changes a second.
 * Beside it in the same run: the same checks on the plain live tail, which does not think; and
 * GET /api/v1/session, which is an answer of HTTP and little else.
 */
const seconds = Number(process.argv[2] ?? 20);
const perSecond = Number(process.argv[3] ?? 60);
const nodes = Number(process.argv[4] ?? 500);

interface MapShape {
  readonly nodes: readonly {
    readonly id: string;
    readonly names: { readonly service?: string; readonly environment?: string };
  }[];
}

const server = await start(territory);
const token = adminToken(server.dir);
mkdirSync(join(server.dir, 'map'), { recursive: true });
writeFileSync(join(server.dir, 'map', 'map.yaml'), sizedMap(nodes).text);
await until(async () => (await ask<MapShape>(server, '/api/v1/map')).nodes.length >= nodes);
const map = await ask<MapShape>(server, '/api/v1/map');
const named = map.nodes.filter(({ names }) => names.service !== undefined);

/** When the check that waits for its change was sent, by node and state. */
const waiting = new Map<string, number>();
const onMap: number[] = [];
const onTail: number[] = [];
const closeMap = follow(server, '/api/v1/map/live', (data) => {
  const message = JSON.parse(data) as {
    changes?: { id: string; health: { observed: string } }[];
  };
  for (const { id, health } of message.changes ?? []) {
    const key = `${id} ${health.observed}`;
    const sent = waiting.get(key);
    if (sent === undefined) continue;
    onMap.push(performance.now() - sent);
    waiting.delete(key);
  }
});
const closeTail = follow(
  server,
  `/api/v1/tail?where=${encodeURIComponent('type = "check"')}`,
  (data) => {
    const { metric } = JSON.parse(data) as { metric?: number };
    if (metric !== undefined) onTail.push(performance.now() - metric);
  },
);
await new Promise((resolve) => setTimeout(resolve, 500));

const states = ['critical', 'ok', 'warning'] as const;
const observed = { critical: 'down', ok: 'ok', warning: 'degraded' } as const;
let sent = 0;
const sending = setInterval(() => {
  const node = named[sent % named.length];
  const state = states[Math.floor(sent / named.length) % states.length] ?? 'ok';
  sent++;
  if (!node) return;
  const now = performance.now();
  waiting.set(`${node.id} ${observed[state]}`, now);
  const { service, environment } = node.names;
  void fetch(`http://127.0.0.1:${server.port}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'check', name: 'up', service, environment, state, metric: now }),
  });
}, 1_000 / perSecond);
const asked: number[] = [];
const session: number[] = [];
const end = performance.now() + seconds * 1_000;
while (performance.now() < end) {
  asked.push(await timed('/api/v1/map'));
  session.push(await timed('/api/v1/session'));
  await new Promise((resolve) => setTimeout(resolve, 100));
}
clearInterval(sending);
await new Promise((resolve) => setTimeout(resolve, 1_000));
closeMap();
closeTail();
await server.stop();

async function timed(path: string): Promise<number> {
  const begin = performance.now();
  await ask(server, path).catch(() => undefined);
  return performance.now() - begin;
}

const p99 = (values: readonly number[]): string =>
  (values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? Number.NaN).toFixed(1);

console.log(machine());
console.log(
  `${map.nodes.length} nodes, ${sent} checks sent, ${onMap.length} changes seen, ${onTail.length} on the tail`,
);
console.log(ratio('check to open map', onMap, { name: 'to open tail', values: onTail }, 'ms'));
console.log(
  `p99 ${p99(onMap)} ms on the map (wanted: under 500 ms), ${p99(onTail)} ms on the tail`,
);
console.log(
  ratio('GET /api/v1/map', asked, { name: 'GET /api/v1/session', values: session }, 'ms'),
);
console.log(`p99 ${p99(asked)} ms (wanted: under 100 ms); ${show(asked, 'ms')}`);
