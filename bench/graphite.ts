import { spawnSync } from 'node:child_process';
import { sendLines } from './load/send.ts';
import { ask, start, territory, usage } from './load/server.ts';
import { carbonCache } from './peers/carbon.ts';
import { machine, ratio, show } from './report.ts';

/**
 * Lines of Graphite by TCP on one connection, as fast as they are read, until each is durable on the
 * log. Beside it Debian's carbon-cache by turns, until it has read them all: it holds them in memory
 * and writes them at leisure.
 */
const lines = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 5);

interface Intake {
  readonly name: string;
  readonly port: number;
  readonly accepted: number;
}

const server = await start({
  ...territory,
  args: (port, dir) => [...territory.args(port, dir), '--rules.enabled', 'false'],
});
const intake = async (): Promise<Intake> => {
  const all = await ask<readonly Intake[]>(server, '/api/v1/intakes');
  const found = all.find(({ name }) => name === 'graphite');
  if (!found) throw new Error('there is no graphite intake');
  return found;
};

async function ours(): Promise<number> {
  const { port, accepted } = await intake();
  const { from } = await sendLines({ port, lines });
  // Counted when they are durable.
  while ((await intake()).accepted < accepted + lines)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return lines / ((Date.now() - from) / 1000);
}

async function theirs(port: number): Promise<number> {
  return lines / (await sendLines({ port, lines })).seconds;
}

console.log(machine());
const hasCarbon = spawnSync('carbon-cache', ['--help']).error === undefined;
const peer = hasCarbon ? await start(carbonCache) : undefined;
if (!peer) console.log('carbon-cache is not installed (Debian: graphite-carbon): Territory alone');
const mine: number[] = [];
const peers: number[] = [];
const cores: number[] = [];
for (let round = 0; round <= rounds; round++) {
  const cpu = usage(server.pid).cpuSeconds;
  const rate = await ours();
  const used = (usage(server.pid).cpuSeconds - cpu) / (lines / rate);
  const other = peer ? await theirs(peer.port) : 0;
  // The first round warms both up.
  if (round === 0) continue;
  mine.push(rate);
  cores.push(used);
  peers.push(other);
}
const what = `lines by TCP, ${lines.toLocaleString('en')} at a time`;
console.log(
  peer
    ? ratio(what, mine, { name: 'carbon-cache', values: peers }, 'lines/s')
    : `${what}: ${show(mine, 'lines/s')}`,
);
console.log(`CPU of Territory meanwhile: ${show(cores, 'cores')}`);
await server.stop();
await peer?.stop();
