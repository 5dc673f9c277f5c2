import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminToken, ask, start, territory, usage } from './load/server.ts';
import { machine, show } from './report.ts';

/** Claim: start-up with a million facts in the log takes under 3 s, until it answers and takes events. */
const facts = Number(process.argv[2] ?? 1_000_000);
const dir = mkdtempSync(join(tmpdir(), 'territory-bench-'));

const first = await start(territory, dir);
for (let at = 0; at < facts; at += 5000) {
  const body = Array.from({ length: 5000 }, (_, i) =>
    JSON.stringify({
      id: `commit/${at + i}`,
      type: 'dev.cdeventsx.territory-commit.created.0.1.0',
      source: 'https://example.org/shop.git',
      subject: `commit/${at + i}`,
      time: Date.now() - 1000 * (facts - at - i),
      data: { title: `Change ${at + i}`, author: 'A. Developer' },
    }),
  ).join('\n');
  const response = await fetch(`http://127.0.0.1:${first.port}/api/v1/events`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${adminToken(dir)}`,
      'content-type': 'application/x-ndjson',
    },
    body,
  });
  if (response.status !== 200) throw new Error(await response.text());
}
await first.stop();

const ready: number[] = [];
const queryable: number[] = [];
for (let round = 0; round < 5; round++) {
  const begin = performance.now();
  const server = await start(territory, dir);
  ready.push(performance.now() - begin);
  for (;;) {
    const answer = await ask<{ total: number }>(server, '/api/v1/query', {
      where: 'type =~ "dev.cdeventsx.%"',
      aggregate: 'count',
      last: '365d',
    }).catch(() => undefined);
    if (answer && answer.total >= facts) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  queryable.push(performance.now() - begin);
  if (round === 4)
    console.log(`anonymous memory: ${(usage(server.pid).anonymousBytes / 2 ** 20).toFixed(0)} MiB`);
  await server.stop();
}
rmSync(dir, { recursive: true });
console.log(machine());
console.log(
  `start with ${facts} facts, until /healthz answers: ${show(ready, 'ms')} (wanted: under 3,000 ms)`,
);
console.log(`until history counts them all: ${show(queryable, 'ms')}`);
