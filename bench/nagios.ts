import { spawnSync } from 'node:child_process';
import { type NscaLoad, sendNsca } from './load/nsca-sender.ts';
import { ask, start, territory, until } from './load/server.ts';
import { nscaDaemon, writtenBy } from './peers/nsca.ts';
import { machine, ratio, show } from './report.ts';

/**
 * Passive results by NSCA, until each is durable on the log: one to a connection, as a Nagios' OCSP
 * command sends them, and a thousand to one. Beside it Debian's nsca by turns, until it has written
 * them to a file, unsynced. A result here is two events: the check, and its value.
 */
const results = Number(process.argv[2] ?? 20_000);
const rounds = Number(process.argv[3] ?? 5);
const eventsEach = 2;

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
  const found = all.find(({ name }) => name === 'nagios');
  if (!found) throw new Error('there is no nagios intake');
  return found;
};

type Way = Omit<NscaLoad, 'port'>;

async function ours(way: Way): Promise<number> {
  const { port, accepted } = await intake();
  const from = await sendNsca({ ...way, port });
  await until(async () => (await intake()).accepted >= accepted + way.results * eventsEach, 120);
  return way.results / ((Date.now() - from) / 1000);
}

console.log(machine());
const peer = spawnSync('nsca', ['-h']).error === undefined ? await start(nscaDaemon) : undefined;
if (!peer) console.log('nsca is not installed (Debian: nsca): Territory alone');

async function theirs(way: Way): Promise<number> {
  if (!peer) return 0;
  const before = writtenBy(peer.dir);
  const from = await sendNsca({ ...way, port: peer.port });
  await until(() => Promise.resolve(writtenBy(peer.dir) >= before + way.results), 120);
  return way.results / ((Date.now() - from) / 1000);
}

const ways: readonly (readonly [string, Way])[] = [
  ['one to a connection, 20 at a time', { results, perConnection: 1, connections: 20 }],
  ['1,000 to a connection, 4 at a time', { results, perConnection: 1_000, connections: 4 }],
];
for (const [what, way] of ways) {
  const mine: number[] = [];
  const peers: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const rate = await ours(way);
    const other = await theirs(way);
    // The first round warms both up.
    if (round === 0) continue;
    mine.push(rate);
    peers.push(other);
  }
  console.log(
    peer
      ? ratio(what, mine, { name: 'nsca', values: peers }, 'results/s')
      : `${what}: ${show(mine, 'results/s')}`,
  );
}
await server.stop();
await peer?.stop();
