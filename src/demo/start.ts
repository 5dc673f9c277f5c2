import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { tryLocked } from '../runner/instance/slot-lock.ts';
import { environmentNames, type Company, type Part, type Places } from './company.ts';
import { demoErrors } from './errors.ts';
import { firstReleases } from './first-releases.ts';
import { type Fronts, startFronts } from './front/fronts.ts';
import { prepareMachine } from './libraries.ts';
import { parts } from './parts.ts';
import { startOutside, startPipeline } from './pipeline-processes.ts';
import { exampleFolder, placesOf } from './places.ts';
import { requireFree } from './ports.ts';
import { type OpenProcesses, openProcesses } from './processes/processes.ts';
import { requireNew, runRecording } from './recording/recording.ts';
import { replay } from './recording/replay.ts';
import { seedRepositories } from './repositories/seed.ts';
import { endDeployed, startRunner } from './runner-process.ts';
import { startServer } from './server-process.ts';
import { openState, requireOwn, resetHome } from './state.ts';
import {
  placeTerritoryFiles,
  writeReplayConfig,
  writeRunnerConfig,
  writeServerConfig,
} from './territory-files.ts';
import { findTools } from './tools.ts';

/** What `territory demo` was asked for. */
export interface DemoOptions {
  /** The folder of the company. */
  readonly home: string;
  /** Of the console; undefined: as before, or 7070. */
  readonly port: number | undefined;
  /** Undefined: as before, or 1. */
  readonly seed: number | undefined;
  readonly speed: number;
  /** Begin anew. */
  readonly reset: boolean;
  /** File that keeps every event as long as it runs. */
  readonly record: string | undefined;
  /** Such a file, whose events a server gets in place of a company's. */
  readonly replay: string | undefined;
}

/** What the process around gives. */
export interface DemoSurroundings {
  /** Command line of `territory`, without arguments. */
  readonly program: readonly string[];
  /** Folder of this installation. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A line for who started it. */
  readonly say: (text: string) => void;
  /** Ends the demo, in order. */
  readonly signal: AbortSignal;
  /** ms since the epoch. */
  readonly now: () => number;
  /** Called once the company lives. */
  readonly onReady: (ready: DemoReady) => void;
}

/** Where to look. */
export interface DemoReady {
  readonly url: string;
  readonly adminLink: string | undefined;
  /** Address of the company's site; undefined where there is only a recording of it. */
  readonly site: string | undefined;
}

/** How long a process may take to finish what it has begun, ms. */
const grace = 10_000;

/**
 * Starts the company with Territory and everything around it, lets it live until `signal` aborts, and
 * ends every process that it started. Throws TERR_DEMO_….
 */
export async function runDemo(options: DemoOptions, around: DemoSurroundings): Promise<void> {
  const places = placesOf(options.home, exampleFolder(around.root));
  requireOwn(places.home);
  mkdirSync(places.home, { recursive: true, mode: 0o700 });
  const done = await tryLocked(join(places.home, 'demo'), async () => {
    await run(options, around, places);
    return true;
  });
  if (!done) throw demoErrors('TAKEN', `a demo runs in ${places.home} already`);
}

async function run(options: DemoOptions, around: DemoSurroundings, places: Places): Promise<void> {
  const { say, now, signal } = around;
  const processes = openProcesses({ logs: places.logs, home: places.home, now, say, signal });
  const home: Home = { places, processes, fronts: undefined };
  try {
    // A demo that was killed could end nothing.
    await processes.endLeft();
    await endDeployed(places);
    if (options.reset) resetHome(places.home);
    if (options.replay === undefined) await live(options, around, home);
    else await again(options.replay, options, { around, home });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    say('ending the company');
    await endAll(home, say);
  }
}

/** The runner first, which would start again what ends; the server last. What fails keeps no other. */
async function endAll({ places, processes, fronts }: Home, say: (text: string) => void) {
  const steps: readonly (() => Promise<unknown> | undefined)[] = [
    () => processes.named('runner')?.stop(grace),
    () => fronts?.keep(),
    () => endDeployed(places),
    () => processes.stop(grace, ['territory']),
    () => processes.stop(grace),
  ];
  for (const step of steps) {
    try {
      await step(); // oxlint-disable-line no-await-in-loop -- in this order
    } catch (error) {
      say(`not ended in order: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

interface Home {
  readonly places: Places;
  readonly processes: OpenProcesses;
  /** Once they were started. */
  fronts: Fronts | undefined;
}

/** The company, and all that goes on in it. */
async function live(options: DemoOptions, around: DemoSurroundings, home: Home): Promise<void> {
  const { record } = options;
  if (record !== undefined) await requireNew(record);
  const from = around.now();
  const company = await begin(options, around, home);
  const all = record === undefined ? parts : [...parts, runRecording(record, from)];
  await Promise.all([
    untilAborted(company.signal),
    ...all.map(async (part) => keepDoing(part, company)),
  ]);
}

/** A recording of a company, given to a server of its own. */
async function again(
  file: string,
  options: DemoOptions,
  { around, home }: { readonly around: DemoSurroundings; readonly home: Home },
): Promise<void> {
  const { program, say, now, signal } = around;
  const { places, processes } = home;
  if (existsSync(places.territory))
    throw demoErrors('HOME', `${places.home} has a company: give another --data, or --reset`, {
      field: 'data',
    });
  const { ports } = await openState({ ...options, home: places.home, now: now() });
  mkdirSync(places.logs, { recursive: true });
  placeTerritoryFiles({ places, ports }, ['map']);
  writeReplayConfig({ places, ports });
  const env = environmentOf(around.env);
  const wishes = { processes, places, ports, program, env, signal };
  const { api, adminLink } = await startServer(wishes);
  around.onReady({ url: api.url, adminLink, site: undefined });
  await replay(file, { territory: api, speed: options.speed, say, signal, now });
  await untilAborted(signal);
}

async function begin(options: DemoOptions, around: DemoSurroundings, home: Home): Promise<Company> {
  const { program, say, now, signal } = around;
  const { places, processes } = home;
  const env = environmentOf(around.env);
  const tools = findTools(env['PATH'] ?? '');
  const { seed, ports } = await openState({ ...options, home: places.home, now: now() });
  await requireFree(ports);
  for (const name of environmentNames) mkdirSync(places.store(name), { recursive: true });
  for (const folder of [places.outside, places.architectures, places.repositories])
    mkdirSync(folder, { recursive: true });
  prepareMachine(places, around.root);
  say(`the company's history is in ${places.repositories}`);
  await seedRepositories({ example: places.example, folder: places.repositories, now, tools });
  placeTerritoryFiles({ places, ports }, ['map', 'rules']);
  writeServerConfig({ places, ports });
  say(`starting Territory, and the company with ${tools.front} and ${tools.encoder}`);
  const [{ api: territory, adminLink }, fronts] = await Promise.all([
    startServer({ processes, places, ports, program, env, signal }),
    startFronts({ processes, folder: join(places.home, 'front'), ports, tools, env, signal }),
  ]);
  home.fronts = fronts;
  const { speed } = options;
  const company = { seed, speed, places, ports, tools, territory, processes, say, signal, now };
  writeRunnerConfig(company, fronts.sockets);
  await Promise.all([startOutside(company, env), startRunner(processes, places, { program, env })]);
  await startPipeline(company, env);
  await firstReleases(company);
  // Before, they could but find that there is no site, and would be held against its first release.
  placeTerritoryFiles({ places, ports }, ['checks']);
  const site = `http://127.0.0.1:${ports.site.production.front}`;
  around.onReady({ url: territory.url, adminLink, site });
  return company;
}

/** One part that fails is said and begun again; the others go on. */
async function keepDoing(part: Part, company: Company): Promise<void> {
  const { signal, say } = company;
  while (!signal.aborted) {
    try {
      await part(company);
      return;
    } catch (error) {
      if (signal.aborted) return;
      say(`${part.name}: ${error instanceof Error ? error.message : String(error)}`);
      await pause(5_000, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

/** Without settings of Territory of whoever starts it: they are of another server. */
function environmentOf(env: DemoSurroundings['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || name.startsWith('TERRITORY_') ? [] : [[name, value]],
    ),
  );
}
