import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { processesOf } from '../test/system/demo-processes.suite.ts';
import { freePort, until } from './load/server.ts';
import { machine, show, spread } from './report.ts';

/**
 * Claim: `territory demo` is running and lively in under 30 s after the command, and takes under one
 * core and 1.5 GB at rest, with Territory itself. Lively is: a visitor was answered by the site in
 * production, and something that the feeds gave is on it.
 *
 * Each round is a new company: the first start, its rest, the interrupt, and the second start. Memory is
 * the proportional set size of every process that names its folder, CPU what they and the children they
 * waited for used. What else runs on the machine makes the figures worse, so the load is printed.
 * Needs script/build.
 *
 * usage: demo.ts [rounds] [seconds of rest before] [seconds measured] [program]
 */
const [rounds = 3, restBefore = 60, measured = 60] = process.argv.slice(2, 5).map(Number);
const program = resolve(process.argv[5] ?? join(import.meta.dirname, '../bin/territory'));
const limits = { lively: 30, memory: 1_500, cores: 1 };

interface Started {
  readonly child: ReturnType<typeof spawn>;
  readonly url: string;
  /** s from the command until it says where it is. */
  readonly ready: number;
  /** s from the command. */
  readonly lively: number;
}

async function start(home: string, flags: readonly string[]): Promise<Started> {
  const begin = performance.now();
  const since = (): number => (performance.now() - begin) / 1000;
  // The time is the server's: the events before this start are not counted.
  const from = Date.now();
  const child = spawn(program, ['demo', '--data', home, '--no-open', '--json', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'exit').then(() => [undefined]);
  const [line] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer?];
  if (!line) throw new Error(`the demo did not start:\n${said}`);
  const ready = since();
  const { url } = JSON.parse(line.toString()) as { url: string };
  const token = readFileSync(join(home, 'territory/admin.token'), 'utf8').trim();
  const count = async (where: string): Promise<number> => {
    const answer = await fetch(`${url}/api/v1/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ where, aggregate: 'count', from, to: Date.now() + 60_000 }),
    });
    return ((await answer.json()) as { total?: number }).total ?? 0;
  };
  for (const sign of [
    'name = "http.server.request.duration" and service = "site" and environment = "production"',
    'type = "item.published"',
  ])
    await until(async () => (await count(sign)) > 0, 300);
  return { child, url, ready, lively: since() };
}

async function interrupt({ child }: Started): Promise<number> {
  const begin = performance.now();
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  await ended;
  return (performance.now() - begin) / 1000;
}

const cpuOf = (home: string): number => processesOf(home).reduce((sum, { cpu }) => sum + cpu, 0);

const of = (what: string, values: readonly number[], unit: string, limit: number): string =>
  `${what}: ${show(values, unit)} = ${(spread(values).median / limit).toFixed(2)} × the limit of ${limit} ${unit}`;

const seen = { ready: [], lively: [], again: [], memory: [], cores: [], end: [] } as Record<
  'ready' | 'lively' | 'again' | 'memory' | 'cores' | 'end',
  number[]
>;
for (let round = 0; round < rounds; round++) {
  const home = join(mkdtempSync(join(tmpdir(), 'territory-bench-')), 'news');
  const first = await start(home, ['--port', `${await freePort()}`]);
  seen.ready.push(first.ready);
  seen.lively.push(first.lively);
  await pause(restBefore * 1000);
  const before = { cpu: cpuOf(home), at: performance.now() };
  await pause(measured * 1000);
  const used = (cpuOf(home) - before.cpu) / ((performance.now() - before.at) / 1000);
  seen.cores.push(used);
  const processes = processesOf(home).toSorted((a, b) => b.memory - a.memory);
  seen.memory.push(processes.reduce((sum, { memory }) => sum + memory, 0) / 1e6);
  if (round === 0)
    for (const { memory, cpu, command } of processes)
      console.log(`${(memory / 1e6).toFixed(0)} MB, ${cpu.toFixed(1)} s: ${command.slice(0, 120)}`);
  seen.end.push(await interrupt(first));
  const second = await start(home, []);
  seen.again.push(second.lively);
  seen.end.push(await interrupt(second));
  const left = processesOf(home);
  if (left.length > 0) throw new Error(`left behind: ${left.map(({ pid }) => pid).join(', ')}`);
  rmSync(join(home, '..'), { recursive: true });
}
console.log(machine());
console.log(
  `load of the last five minutes: ${loadavg()[1]?.toFixed(1)} on ${availableParallelism()} cores`,
);
console.log(of('first start, until lively', seen.lively, 's', limits.lively));
console.log(`first start, until it says where it is: ${show(seen.ready, 's')}`);
console.log(of('second start, until lively', seen.again, 's', limits.lively));
console.log(of('memory at rest', seen.memory, 'MB', limits.memory));
console.log(of('CPU at rest', seen.cores, 'cores', limits.cores));
console.log(`interrupted, until every process is gone: ${show(seen.end, 's')}`);
