import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lint } from '../src/checks/redirects/lint.ts';
import { type Mapping, readMap } from '../src/checks/redirects/map.ts';
import { verify } from '../src/checks/redirects/verify.ts';
import { outboundOf } from '../src/checks/run/outbound.ts';
import { machine, ratio, show } from './report.ts';

/**
 * Claims: at least 20,000 redirects verified per second on loopback, corrupt ones found exactly; a
 * map of 200,000 rows read and looked through in a few seconds. Peers, in the same run against the
 * same server (a plain node:http one in a process of its own): Node's own `fetch` and `node:http`
 * with a keep-alive agent, each with 64 requests at once, comparing the same.
 *
 * usage: redirects.ts [rows] [rounds] [FILE...]: real maps in place of the made one
 */
const rowCount = Number(process.argv[2] ?? 200_000);
const rounds = Number(process.argv[3] ?? 3);
const atOnce = 64;
/** Peers are slower: they get so many rows. */
const peerRows = 20_000;
const corruptStep = 997;

const dir = mkdtempSync(join(tmpdir(), 'territory-bench-'));

function madeMap(): string {
  const file = join(dir, 'made.csv');
  const lines = Array.from({ length: rowCount }, (_, i) => {
    const old = `http://www${i % 200}.example.org/section-${i % 37}/page-${i}${i % 7 === 0 ? `?id=${i}` : ''}`;
    return i % 3 === 2 ? `${old},,410` : `${old},https://www.example.org/new/${i % 9000},301`;
  });
  writeFileSync(file, `Old Url,New Url,Status\n${lines.join('\n')}\n`);
  return file;
}

/** µs */
function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

interface Cost {
  readonly perSecond: number;
  /** µs each. */
  readonly cpu: number;
}

/** Runs a few at a time. */
async function inLanes(rows: readonly Mapping[], one: (row: Mapping) => Promise<boolean>) {
  let next = 0;
  let wrong = 0;
  const lane = async (): Promise<void> => {
    for (let row = rows[next++]; row; row = rows[next++]) if (!(await one(row))) wrong++;
  };
  const before = process.cpuUsage();
  const started = performance.now();
  await Promise.all(Array.from({ length: atOnce }, lane));
  const perSecond = (rows.length * 1000) / (performance.now() - started);
  return { perSecond, cpu: cpuSince(before) / rows.length, wrong };
}

const partsOf = (url: string): { host: string; path: string } => {
  const { host, pathname, search } = new URL(url);
  return { host, path: pathname + search };
};

const isRight = (row: Mapping, status: number | undefined, location: string | null): boolean =>
  status === row.status && (row.to === '' || location === row.to);

async function byFetch(rows: readonly Mapping[], base: string): Promise<Cost> {
  // `fetch` sends no Host of one's own: all rows are asked for at one host, answered 404.
  return inLanes(rows, async (row) => {
    const answer = await fetch(base + partsOf(row.old).path, { redirect: 'manual' });
    await answer.arrayBuffer();
    return isRight(row, answer.status, answer.headers.get('location'));
  });
}

async function byAgent(rows: readonly Mapping[], port: number): Promise<Cost> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const cost = await inLanes(rows, async (row) => {
    const { host, path } = partsOf(row.old);
    return new Promise<boolean>((resolve, reject) => {
      const going = request(
        { port, host: '127.0.0.1', path, agent, headers: { host } },
        (answer) => {
          answer.resume();
          answer.on('end', () =>
            resolve(isRight(row, answer.statusCode, answer.headers.location ?? null)),
          );
        },
      );
      going.on('error', reject).end();
    });
  });
  agent.destroy();
  return cost;
}

const given = process.argv.slice(4);
const files = given.length > 0 ? given : [madeMap()];
const texts = files.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
const readMs: number[] = [];
const lintMs: number[] = [];
let rows: readonly Mapping[] = [];
let found = 0;
for (let i = 0; i < rounds; i++) {
  const started = performance.now();
  rows = texts.flatMap(({ file, text }) => readMap(text, file).rows);
  const read = performance.now();
  found = lint(rows).length;
  readMs.push(read - started);
  lintMs.push(performance.now() - read);
}

const server = join(import.meta.dirname, 'load', 'redirects-server.ts');
async function serve(corrupt: number) {
  const child = fork(server, [String(corrupt), ...files], { execArgv: ['--import', 'tsx'] });
  const [port] = (await once(child, 'message')) as [number];
  return { port, stop: () => child.kill() };
}

const { signal } = new AbortController();
const outbound = outboundOf(['127.0.0.1']);
const ours: Cost[] = [];
const peers = { fetch: [] as Cost[], 'node:http agent': [] as Cost[] };
const right = await serve(0);
for (let i = 0; i < rounds; i++) {
  const before = process.cpuUsage();
  const seen = await verify(rows, { base: `http://127.0.0.1:${right.port}`, outbound, signal });
  if (seen.wrong > 0) console.log(`wrong: ${seen.wrong}, ${JSON.stringify(seen.rows[0])}`);
  ours.push({ perSecond: seen.total / seen.seconds, cpu: cpuSince(before) / seen.total });
  peers.fetch.push(await byFetch(rows.slice(0, peerRows), `http://127.0.0.1:${right.port}`));
  peers['node:http agent'].push(await byAgent(rows.slice(0, peerRows), right.port));
}
right.stop();

const corrupt = await serve(corruptStep);
const base = `http://127.0.0.1:${corrupt.port}`;
const seen = await verify(rows, { base, outbound, signal, most: rows.length });
corrupt.stop();
const expected = rows.filter((_, i) => (i + 1) % corruptStep === 0);
const isExact =
  seen.rows.length === expected.length && seen.rows.every(({ row }, i) => row === expected[i]);

console.log(machine());
console.log(`${rows.length.toLocaleString('en')} rows, ${found.toLocaleString('en')} findings`);
console.log(`read: ${show(readMs, 'ms')}; looked through: ${show(lintMs, 'ms')}`);
for (const [name, costs] of Object.entries(peers))
  for (const [what, of, unit] of [
    ['verified', 'perSecond', '/s'],
    ['CPU', 'cpu', 'µs each'],
  ] as const) {
    const values = costs.map((cost) => cost[of]);
    console.log(
      ratio(
        what,
        ours.map((cost) => cost[of]),
        { name, values },
        unit,
      ),
    );
  }
console.log(`${expected.length} corrupt rows: ${isExact ? 'found exactly' : 'NOT found exactly'}`);
rmSync(dir, { recursive: true, force: true });
