import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ownModule } from '../../launch/own-module.ts';
import { askHaproxy } from '../../runner/balancer/haproxy.ts';
import {
  environmentNames,
  type EnvironmentName,
  type Ports,
  type Processes,
  type Tools,
} from '../company.ts';
import { demoErrors } from '../errors.ts';
import { type FrontConfig, haproxyConfig } from './haproxy-config.ts';

/** sun_path of unix(7) has 108 bytes, and HAProxy writes to a name with more behind it first. */
const maxSocketPath = 90;
/** How long a front may take until its socket answers, ms. */
const readyWithin = 15_000;

/** What stands in front of the site in each environment. */
export interface Fronts {
  /** Paths of their runtime APIs. */
  readonly sockets: Readonly<Record<EnvironmentName, string>>;
  /**
   * Notes which servers serve, for the next start, and removes what it had to put elsewhere: nobody can
   * ask a runtime API there any more.
   */
  readonly keep: () => Promise<void>;
}

interface FrontsOptions {
  readonly processes: Processes;
  /** Own folder for configurations and states. */
  readonly folder: string;
  readonly ports: Ports;
  readonly tools: Tools;
  readonly signal: AbortSignal;
  /** Environment of the programs. */
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a front for each environment: HAProxy where there is one, else the small one of our own. */
export async function startFronts(options: FrontsOptions): Promise<Fronts> {
  const { folder, ports } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const places = environmentNames.map((name) => ({
    name,
    config: configOf(name, { folder, ports }),
  }));
  await Promise.all(places.map(async (place) => startFront(place, options)));
  const { tools } = options;
  return {
    sockets: Object.fromEntries(
      places.map(({ name, config }) => [name, config.socket]),
    ) as Fronts['sockets'], // every environment is in it
    keep: async () => {
      // Our own notes it whenever it changes.
      if (tools.front === 'haproxy')
        await Promise.all(places.map(async ({ config }) => keepState(config)));
      rmSync(elsewhereFor(folder), { recursive: true, force: true });
    },
  };
}

interface Place {
  readonly name: EnvironmentName;
  readonly config: FrontConfig;
}

async function startFront(place: Place, options: FrontsOptions): Promise<void> {
  const { name, config } = place;
  const { processes, folder, tools, env, signal } = options;
  const file = join(folder, `${name}.${tools.front === 'haproxy' ? 'cfg' : 'json'}`);
  writeFileSync(file, tools.front === 'haproxy' ? haproxyConfig(config) : JSON.stringify(config));
  const own = ownModule(import.meta.url, './built-in/main.ts');
  const how =
    tools.front === 'haproxy'
      ? { command: 'haproxy', args: ['-db', '-f', file] }
      : { command: process.execPath, args: [...own.execArgv, own.url.pathname, file] };
  const started = await processes.start({ name: `front-${name}`, ...how, env, restart: true });
  const deadline = performance.now() + readyWithin;
  while (!(await accepts(config.socket))) {
    if (performance.now() > deadline)
      throw demoErrors('START', `the front of ${name} does not come up: ${started.said()}`);
    await pause(20, undefined, { signal });
  }
}

function configOf(
  name: EnvironmentName,
  { folder, ports }: Pick<FrontsOptions, 'folder' | 'ports'>,
): FrontConfig {
  const { front, blue, green } = ports.site[name];
  const site = [
    ...blue.map((port, i) => [`blue${i + 1}`, port] as const),
    ...green.map((port, i) => [`green${i + 1}`, port] as const),
  ];
  const encoders = ports.encoders.map((port, i) => [`encoder${i + 1}`, port] as const);
  return {
    port: front,
    socket: socketIn(folder, name),
    state: join(folder, `${name}.state`),
    backends: [
      { name: 'site', health: '/healthz', servers: site },
      // Nobody comes in to them: it is there so that a deploy takes one out after the other.
      ...(name === 'production'
        ? [{ name: 'encoder', health: '/healthz', servers: encoders }]
        : []),
    ],
  };
}

/** In the folder itself where its path is short enough. */
function socketIn(folder: string, name: string): string {
  const here = join(folder, `${name}.sock`);
  if (Buffer.byteLength(here) <= maxSocketPath) return here;
  const elsewhere = elsewhereFor(folder);
  mkdirSync(elsewhere, { recursive: true, mode: 0o700 });
  // In a folder for everybody another one may have been first.
  if (statSync(elsewhere).uid !== process.getuid?.())
    throw demoErrors(
      'START',
      `${elsewhere} is of another user; remove it, or give a shorter --data`,
    );
  return join(elsewhere, `${name}.sock`);
}

function elsewhereFor(folder: string): string {
  const short = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  return join(tmpdir(), `newsroom-${short}`);
}

async function keepState({ socket, state }: FrontConfig): Promise<void> {
  try {
    writeFileSync(`${state}.new`, await askHaproxy(socket, 'show servers state'));
    renameSync(`${state}.new`, state);
  } catch {
    // It is away: what was noted before stays.
  }
}

async function accepts(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection({ path }, () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
}
