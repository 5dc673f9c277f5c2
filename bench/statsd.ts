import { sendDatagrams } from './load/send.ts';
import { ask, type Running, start, territory, usage } from './load/server.ts';
import { totalOnLog } from './load/total.ts';
import { countedBy, npmStatsd } from './peers/statsd.ts';
import { machine, show, spread } from './report.ts';

/**
 * Claim: StatsD by UDP, 50,000 packets/s, less than 1 % lost, and the totals on the log are what was
 * taken. Beside it the statsd of npm by turns, which is spared its flush. What is lost was dropped by
 * the kernel, because nobody came for it in time. Percentages are of the packets that were sent.
 */
const seconds = Number(process.argv[2] ?? 10);
const rounds = Number(process.argv[3] ?? 3);

interface Run {
  readonly sent: number;
  readonly offered: number;
  readonly kept: number;
  /** CPU seconds in a second. */
  readonly cpu: number;
  readonly total: string;
}

const flush = 1_000;
const server = await start({
  ...territory,
  args: (port, dir) => [
    ...territory.args(port, dir),
    ...['--intakes.statsd.flushInterval', `${flush}ms`, '--rules.enabled', 'false'],
  ],
});
const peer = await start(npmStatsd);

interface Intake {
  readonly name: string;
  readonly port: number;
  readonly accepted: number;
}
const intakeOf = async (running: Running): Promise<Intake> => {
  const all = await ask<readonly Intake[]>(running, '/api/v1/intakes');
  const found = all.find(({ name }) => name === 'statsd');
  if (!found) throw new Error('there is no statsd intake');
  return found;
};
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until a count does not grow any more. */
async function settled(count: () => Promise<number>): Promise<number> {
  let before = -1;
  for (;;) {
    const now = await count();
    if (now === before) return now;
    before = now;
    await wait(1_000);
  }
}

async function ours(rate: number, perPacket: number): Promise<Run> {
  const from = Date.now();
  const before = await intakeOf(server);
  const cpu = usage(server.pid).cpuSeconds;
  const sent = await sendDatagrams({ port: before.port, rate, seconds, perPacket });
  const used = usage(server.pid).cpuSeconds - cpu;
  const accepted = (await settled(async () => (await intakeOf(server)).accepted)) - before.accepted;
  await wait(2 * flush);
  const { sum } = await totalOnLog(server, { prefix: 'bench.c', from });
  return {
    sent: sent.packets * perPacket,
    offered: sent.packets / sent.seconds,
    kept: accepted / (sent.packets * perPacket),
    cpu: used / sent.seconds,
    total: sum === accepted ? 'correct' : `WRONG: ${sum} on the log, ${accepted} taken`,
  };
}

async function theirs(rate: number, perPacket: number): Promise<Run> {
  const before = await countedBy(peer.port);
  const cpu = usage(peer.pid).cpuSeconds;
  const sent = await sendDatagrams({ port: peer.port, rate, seconds, perPacket });
  const used = usage(peer.pid).cpuSeconds - cpu;
  const counted = (await settled(() => countedBy(peer.port))) - before;
  return {
    sent: sent.packets * perPacket,
    offered: sent.packets / sent.seconds,
    kept: counted / (sent.packets * perPacket),
    cpu: used / sent.seconds,
    total: '',
  };
}

const percent = (runs: readonly Run[]) =>
  show(
    runs.map(({ kept }) => kept * 100),
    '% kept',
  );
const cores = (runs: readonly Run[]) =>
  show(
    runs.map(({ cpu }) => cpu),
    'cores',
  );

console.log(machine());
for (const perPacket of [1, 10])
  for (const rate of [20_000, 50_000, 100_000]) {
    const mine: Run[] = [];
    const peers: Run[] = [];
    for (let round = 0; round < rounds; round++) {
      mine.push(await ours(rate, perPacket));
      peers.push(await theirs(rate, perPacket));
    }
    const all = [...mine, ...peers];
    const kept = (runs: readonly Run[]) => spread(runs.map((run) => run.kept)).median;
    const totals = new Set(mine.map(({ total }) => total));
    console.log(
      [
        `${rate.toLocaleString('en')} packets/s of ${perPacket}, offered ${show(
          all.map((run) => run.offered),
          '/s',
        )}:`,
        `  Territory ${percent(mine)}, ${cores(mine)}; totals on the log ${[...totals].join('; ')}`,
        `  npm statsd ${percent(peers)}, ${cores(peers)}`,
        `  kept: ${(kept(mine) / kept(peers)).toFixed(2)} × npm statsd`,
      ].join('\n'),
    );
  }
await server.stop();
await peer.stop();
