import { spawnSync } from 'node:child_process';
import { listsPerPacket, perPacket } from './load/collectd-sender.ts';
import { sendCollectd } from './load/send.ts';
import { ask, start, territory, usage } from './load/server.ts';
import { CollectdServer } from './peers/collectd.ts';
import { machine, show, spread } from './report.ts';

/**
 * collectd's binary protocol by UDP: packets of 24 values from 1,000 hosts at several rates; how
 * many are taken, and for how much CPU. Territory counts what is durable on the log; the peer is
 * collectd itself as a server, which counts what it has put into its cache in memory.
 *
 * usage: collectd.ts [seconds] [rounds]
 */
const seconds = Number(process.argv[2] ?? 10);
const rounds = Number(process.argv[3] ?? 3);

interface Run {
  readonly offered: number;
  readonly kept: number;
  readonly cpu: number;
}
interface Intake {
  readonly name: string;
  readonly port: number;
  readonly accepted: number;
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until a count does not grow any more. */
async function settled(count: () => Promise<number>): Promise<number> {
  for (let before = -1; ;) {
    const now = await count();
    if (now === before) return now;
    before = now;
    await wait(2_500);
  }
}

const server = await start({
  ...territory,
  args: (port, dir) => [...territory.args(port, dir), '--rules.enabled', 'false'],
});
const intake = async (): Promise<Intake> => {
  const all = await ask<readonly Intake[]>(server, '/api/v1/intakes');
  const found = all.find(({ name }) => name === 'collectd');
  if (!found) throw new Error('there is no collectd intake');
  return found;
};
const { port } = await intake();
const hasPeer = spawnSync('collectd', ['-h']).error === undefined;
const counts = hasPeer ? await CollectdServer.open() : undefined;
const peer = counts && (await start(counts.program));
if (!peer) console.log('collectd is not installed (Debian: collectd-core): Territory alone');

async function run(
  to: { readonly port: number; readonly pid: number; readonly per: number },
  rate: number,
  count: () => Promise<number>,
): Promise<Run> {
  const before = await settled(count);
  const cpu = usage(to.pid).cpuSeconds;
  const sent = await sendCollectd({ port: to.port, rate, seconds });
  const used = usage(to.pid).cpuSeconds - cpu;
  const grown = (await settled(count)) - before;
  return {
    offered: (sent.packets * perPacket) / sent.seconds,
    kept: grown / to.per / sent.packets,
    cpu: used / sent.seconds,
  };
}

const ours = (rate: number) =>
  run({ port, pid: server.pid, per: perPacket }, rate, async () => (await intake()).accepted);

console.log(machine());
// The first readings of counters become nothing; and both make room for the series.
for (const to of peer ? [port, peer.port] : [port])
  await sendCollectd({ port: to, rate: 1_000, seconds: 3 });
for (const rate of [1_000, 2_500, 5_000, 10_000]) {
  const mine: Run[] = [];
  const peers: Run[] = [];
  for (let round = 0; round < rounds; round++) {
    mine.push(await ours(rate));
    if (peer && counts)
      peers.push(
        await run(
          { port: peer.port, pid: peer.pid, per: listsPerPacket },
          rate,
          async () => counts.lists,
        ),
      );
  }
  const of = (runs: readonly Run[]): string => {
    const taken = runs.map(({ offered, kept }) => offered * kept);
    const kept = runs.map((one) => one.kept * 100);
    const cores = runs.map(({ cpu }) => cpu);
    return `${show(taken, 'values/s')}, ${show(kept, '% kept')}, ${show(cores, 'cores')}`;
  };
  const rates = [...mine, ...peers].map(({ offered }) => offered);
  console.log(`${rate.toLocaleString('en')} packets/s, offered ${show(rates, 'values/s')}:`);
  console.log(`  Territory, durable: ${of(mine)}`);
  if (peers.length > 0) {
    console.log(`  collectd, in memory: ${of(peers)}`);
    const kept = (runs: readonly Run[]) => spread(runs.map((one) => one.kept)).median;
    console.log(`  kept: ${(kept(mine) / kept(peers)).toFixed(2)} × collectd`);
  }
}
await server.stop();
await peer?.stop();
counts?.close();
