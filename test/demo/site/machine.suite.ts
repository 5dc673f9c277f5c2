import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changesOf } from '../../../src/demo/repositories/changes.ts';
import { commitChange } from '../../../src/demo/repositories/commit.ts';
import { seedRepositories } from '../../../src/demo/repositories/seed.ts';
import {
  type Env,
  environment,
  example,
  placeLibraries,
  root,
  startProgram,
} from '../program.suite.ts';

/** As browsers call themselves. */
export const agents = {
  chrome:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
  safari:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
} as const;

/** A program that runs. */
export interface Running {
  readonly url: string;
  /** Fields of the lines of its log. */
  readonly said: readonly Record<string, unknown>[];
  /** Value of the metric of this name, the first where there are several. */
  readonly metric: (name: string) => Promise<number>;
  readonly stop: () => Promise<number | null>;
}

/** A machine that is prepared for the company's programs, as the demo does it, and its repositories. */
export interface Machine {
  readonly store: string;
  /** Work tree of the site. */
  readonly site: string;
  readonly payments: () => Promise<Running>;
  /** Runs the site as its work tree is, with its migrations run before. */
  readonly runSite: (env?: Readonly<Record<string, string>>) => Promise<Running>;
  /** What a developer does: the change whose id has this part. */
  readonly change: (part: string) => Promise<void>;
  /** What the pipeline would have published. */
  readonly publish: (count: number) => void;
  readonly close: () => Promise<void>;
}

export async function openMachine(): Promise<Machine> {
  const home = mkdtempSync(join(tmpdir(), 'newsroom-'));
  const store = join(home, 'store');
  const repositories = join(home, 'repositories');
  const site = join(repositories, 'site');
  const running: Running[] = [];
  placeLibraries(home);
  mkdirSync(join(store, 'public'), { recursive: true });
  cpSync(join(example, 'payments'), join(home, 'programs/payments'), { recursive: true });
  const tools = { migrations: 'site' } as const;
  await seedRepositories({ example, folder: repositories, now: Date.now, tools });
  let payments = 'http://127.0.0.1:9';
  const keep = async (made: Promise<Running>): Promise<Running> => {
    const one = await made;
    running.push(one);
    return one;
  };
  return {
    store,
    site,
    payments: async () => {
      const env = { STORE: join(home, 'outside'), DECLINES_ONE_IN: '0' };
      const provider = await keep(start(join(home, 'programs/payments'), env));
      payments = provider.url;
      return provider;
    },
    runSite: async (env = {}) => {
      const own = { STORE: store, PAYMENTS_URL: payments, SERVICE_VERSION: 'release_2', ...env };
      await finish(site, 'migrate.js', own);
      return keep(start(site, own));
    },
    change: async (part) => {
      const found = changesOf('site', example).find(({ id }) => id.includes(part));
      if (found === undefined) throw new Error(`there is no change ${part}`);
      await commitChange(site, found, { number: 10, now: Date.now });
    },
    publish: (count) => {
      const items = Array.from({ length: count }, (_, at) => itemOf(at));
      writeFileSync(join(store, 'public/items.json'), JSON.stringify({ items }));
    },
    close: async () => {
      await Promise.all(running.map(async ({ stop }) => stop()));
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function itemOf(at: number): object {
  const words = 'harbour tram snow river bridge council market storm festival drone'.split(' ');
  const word = (step: number): string => words[(at * 7 + step * 3) % words.length] ?? '';
  return {
    id: `item-${at}`,
    title: `${word(0)} and ${word(1)} at the ${word(2)}`,
    description: `A short clip of a ${word(3)} near the ${word(4)}, taken by somebody who passed by.`,
    feed: ['city', 'coast', 'sports'][at % 3],
    publishedAt: Date.UTC(2026, 10, 1) - at * 60_000,
  };
}

async function start(cwd: string, env: Env): Promise<Running> {
  const { child, url, said } = await startProgram(cwd, env);
  return {
    url,
    said,
    metric: async (name) => {
      const text = await (await fetch(`${url}/metrics`)).text();
      const line = text.split('\n').find((one) => one.startsWith(name));
      return Number(line?.slice(line.lastIndexOf(' ') + 1));
    },
    stop: async () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, 'exit') as Promise<[number | null]>;
  child.kill('SIGTERM');
  return (await ended)[0];
}

async function finish(
  cwd: string,
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(process.execPath, [file], {
    cwd,
    env: environment(env),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${file} ended with ${code}`);
}

/** Orders as the page's script does it. */
export async function order(
  url: string,
  wish: Readonly<Record<string, string>> = {},
  agent: keyof typeof agents = 'chrome',
): Promise<{ readonly status: number; readonly answer: Record<string, unknown> }> {
  const response = await fetch(`${url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': agents[agent] },
    body: JSON.stringify({ item: 'item-1', kind: 'licence', email: 'ana@example.org', ...wish }),
  });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

/** ms that each of several searches took, the shortest first. */
export async function searches(url: string, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let nth = 0; nth < count; nth++) {
    const began = performance.now();
    const response = await fetch(`${url}/search?q=snow`);
    await response.text();
    if (response.status !== 200) throw new Error(`a search answers ${response.status}`);
    times.push(performance.now() - began);
  }
  return times.toSorted((a, b) => a - b);
}

/** Runs the smoke scenarios as a deploy does, and gives the plugin's line. */
export async function smoke(machine: Machine, { url }: Running): Promise<string> {
  const main = join(root, 'src/cli/main.ts');
  const args = ['--import', 'tsx', main, 'check', join(machine.site, 'features'), '--base', url];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  await once(child, 'close');
  return text.split('\n')[0] ?? '';
}
