import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { sendSyslog } from './load/send.ts';
import { ask, type Running, start, territory, usage } from './load/server.ts';
import { rsyslog, written } from './peers/rsyslog.ts';
import { machine, ratio, show } from './report.ts';

/**
 * Syslog (RFC 5424, some 180 bytes) by TCP on one connection, as fast as it is read, until each
 * message is durable on the log; and by UDP at rates, with the share that was kept. Beside it
 * Debian's rsyslog by turns, until the lines are in its file: it does not flush them to the disk.
 */
const messages = Number(process.argv[2] ?? 500_000);
const rounds = Number(process.argv[3] ?? 5);
const udpSeconds = 5;

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
  const found = all.find(({ name }) => name === 'syslog');
  if (!found) throw new Error('there is no syslog intake');
  return found;
};
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Lines of a file behind a place in it. */
async function linesIn(file: string, from: { at: number }): Promise<number> {
  if (!existsSync(file)) return 0;
  let count = 0;
  for await (const chunk of createReadStream(file, { start: from.at })) {
    const bytes = chunk as Buffer;
    from.at += bytes.length;
    for (let i = bytes.indexOf(10); i >= 0; i = bytes.indexOf(10, i + 1)) count += 1;
  }
  return count;
}

/** Who takes messages, and how many it has taken for good. */
interface Taker {
  readonly running: Running;
  readonly port: () => Promise<number>;
  readonly taken: () => Promise<number>;
}

const mine: Taker = {
  running: server,
  port: async () => (await intake()).port,
  taken: async () => (await intake()).accepted,
};

function takerOf(running: Running): Taker {
  const place = { at: 0 };
  let count = 0;
  const taken = async () => (count += await linesIn(join(running.dir, written), place));
  return { running, port: () => Promise.resolve(running.port), taken };
}

/** Messages in a second until all are taken, and CPU seconds in a second. */
async function byTcp({ running, port, taken }: Taker): Promise<{ rate: number; cpu: number }> {
  const before = await taken();
  const cpu = usage(running.pid).cpuSeconds;
  const { from } = await sendSyslog({ port: await port(), messages, rate: 0 });
  while ((await taken()) < before + messages) await wait(20);
  const seconds = (Date.now() - from) / 1000;
  return { rate: messages / seconds, cpu: (usage(running.pid).cpuSeconds - cpu) / seconds };
}

/** Percent that was kept, once nothing more comes. */
async function byUdp({ port, taken }: Taker, rate: number): Promise<number> {
  const before = await taken();
  const sent = rate * udpSeconds;
  await sendSyslog({ port: await port(), messages: sent, rate });
  let last = -1;
  for (let now = await taken(); now !== last; now = await taken()) {
    last = now;
    await wait(1_000);
  }
  return ((last - before) / sent) * 100;
}

console.log(machine());
const installed = spawnSync('rsyslogd', ['-v']).error === undefined;
const other = installed ? takerOf(await start(rsyslog)) : undefined;
if (!other) console.log('rsyslogd is not installed (Debian: rsyslog): Territory alone');

const tcp = {
  mine: [] as number[],
  peer: [] as number[],
  cpu: [] as number[],
  peerCpu: [] as number[],
};
for (let round = 0; round <= rounds; round++) {
  const own = await byTcp(mine);
  const peer = other ? await byTcp(other) : { rate: 0, cpu: 0 };
  // The first round warms both up.
  if (round === 0) continue;
  tcp.mine.push(own.rate);
  tcp.cpu.push(own.cpu);
  tcp.peer.push(peer.rate);
  tcp.peerCpu.push(peer.cpu);
}
const what = `syslog by TCP, ${messages.toLocaleString('en')} messages at a time`;
console.log(
  other
    ? ratio(what, tcp.mine, { name: 'rsyslog', values: tcp.peer }, 'messages/s')
    : `${what}: ${show(tcp.mine, 'messages/s')}`,
);
console.log(
  `CPU meanwhile: Territory ${show(tcp.cpu, 'cores')}, rsyslog ${show(tcp.peerCpu, 'cores')}`,
);
for (const rate of [10_000, 25_000, 50_000]) {
  const [own, peer]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    own.push(await byUdp(mine, rate));
    if (other) peer.push(await byUdp(other, rate));
  }
  const beside = other ? `, rsyslog ${show(peer, '% kept')}` : '';
  console.log(
    `syslog by UDP, ${rate.toLocaleString('en')}/s: Territory ${show(own, '% kept')}${beside}`,
  );
}
await server.stop();
await other?.running.stop();
