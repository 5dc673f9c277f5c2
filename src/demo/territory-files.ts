import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import {
  environmentNames,
  type EnvironmentName,
  type Places,
  type Ports,
  type Tools,
} from './company.ts';
import { demoErrors } from './errors.ts';
import { flat, siteInstances } from './ports.ts';

/** What of the example a server finds in its data directory. */
const folders = ['map', 'rules', 'checks'];

interface Files {
  readonly places: Places;
  readonly ports: Ports;
  readonly tools: Tools;
}

/** The server's configuration file, written anew at each start. */
export const serverConfig = ({ home }: Places): string => join(home, 'territory.yaml');
/** That of the runner. */
export const runnerConfig = ({ home }: Places): string => join(home, 'runner', 'runner.yaml');
/** Token of the company's programs, which may send events and nothing else. */
export const sendToken = ({ home }: Places): string => join(home, 'send.token');
export const runnerToken = ({ home }: Places): string => join(home, 'runner', 'runner.token');

/**
 * Puts map, rules and checks of the example into the server's data directory, once: what people change
 * there stays theirs. `{{site.production.front}}` and the like in them become the ports of this company.
 */
export function placeTerritoryFiles(
  { places, ports }: Pick<Files, 'places' | 'ports'>,
  only: readonly string[] = folders,
): void {
  for (const name of only) {
    const from = join(places.example, 'territory', name);
    const to = join(places.territory, name);
    // A running server makes the folders that it looks into.
    if (!existsSync(from) || (existsSync(to) && readdirSync(to).length > 0)) continue;
    const filling = `${to}.new`;
    rmSync(filling, { recursive: true, force: true });
    cpSync(from, filling, { recursive: true, filter: (file) => !file.endsWith('.test.ts') });
    for (const file of readdirSync(filling, { recursive: true, encoding: 'utf8' }))
      if (/\.(ya?ml|feature|ts)$/.test(file)) fillIn(join(filling, file), ports);
    // It reads none that is half done.
    mkdirSync(to, { recursive: true, mode: 0o700 });
    for (const entry of readdirSync(filling)) renameSync(join(filling, entry), join(to, entry));
    rmSync(filling, { recursive: true });
  }
}

function fillIn(file: string, ports: Ports): void {
  const text = readFileSync(file, 'utf8');
  const values = flat(ports);
  const filled = text.replaceAll(/\{\{([a-zA-Z0-9.]+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw demoErrors('START', `${file} asks for a port called ${name}`);
    return `${value}`;
  });
  if (filled !== text) writeFileSync(file, filled);
}

/** Writes the configuration of the server. */
export function writeServerConfig({ places, ports }: Pick<Files, 'places' | 'ports'>): void {
  const target = (service: string, port: number, environment?: string) => ({
    url: `http://127.0.0.1:${port}/metrics`,
    service,
    ...(environment === undefined ? {} : { environment }),
    interval: '10s',
  });
  const remote = (name: string) => ({
    url: `file://${join(places.repositories, name)}`,
    interval: '5s',
  });
  const production = [
    ...['importer', 'queue', 'publisher'].map((name) =>
      target(name, ports[name as 'importer' | 'queue' | 'publisher'], 'production'),
    ),
    ...ports.encoders.map((port) => target('encoder', port, 'production')),
  ];
  const config = {
    data: places.territory,
    port: ports.territory,
    demo: { enabled: true },
    intakes: {
      git: { remotes: [remote('site'), remote('pipeline')] },
      scrape: {
        targets: [...production, target('feeds', ports.feeds), target('payments', ports.payments)],
      },
    },
  };
  writeFileSync(serverConfig(places), stringify(config));
}

/**
 * Writes the configuration of a server that shows a recording: what rules and checks said is in it, and
 * this machine is none of its.
 */
export function writeReplayConfig({ places, ports }: Pick<Files, 'places' | 'ports'>): void {
  const config = {
    data: places.territory,
    port: ports.territory,
    demo: { enabled: true, replay: true },
    intakes: { enabled: false },
    hostProbe: { enabled: false },
  };
  writeFileSync(serverConfig(places), stringify(config));
}

/** Writes that of the runner: where each environment's instances, values and databases are. */
export function writeRunnerConfig(
  { places, ports, tools }: Files,
  sockets: Readonly<Record<EnvironmentName, string>>,
): void {
  mkdirSync(join(places.home, 'runner'), { recursive: true, mode: 0o700 });
  const url = `http://127.0.0.1:${ports.territory}`;
  const environment = (name: EnvironmentName) => ({
    instances: siteInstances[name],
    'ready-within': '60s',
    balancer: { socket: sockets[name] },
    front: `http://127.0.0.1:${ports.site[name].front}`,
    values: {
      TERRITORY_URL: url,
      TERRITORY_TOKEN_FILE: sendToken(places),
      ...programValues({ places, ports, tools }, name),
    },
    databases: { 'site-db': { sqlite: join(places.store(name), 'site.db') } },
  });
  const config = {
    name: 'newsroom',
    server: url,
    token: { file: runnerToken(places) },
    home: join(places.home, 'runner', 'home'),
    'evidence-every': '5s',
    environments: Object.fromEntries(environmentNames.map((name) => [name, environment(name)])),
  };
  writeFileSync(runnerConfig(places), stringify(config));
}

/** What each program of the company finds in its environment, beside who and where it is. */
export function programValues(
  { places, ports, tools }: Files,
  environment: EnvironmentName,
): Record<string, string> {
  return {
    STORE: places.store(environment),
    FEEDS_URL: `http://127.0.0.1:${ports.feeds}`,
    PAYMENTS_URL: `http://127.0.0.1:${ports.payments}`,
    FRONT_URL: `http://127.0.0.1:${ports.site[environment].front}`,
    ENCODER: tools.encoder,
    // Small programs: without this V8 takes what it likes of a large machine.
    NODE_OPTIONS: '--max-old-space-size=96 --max-semi-space-size=1',
  };
}
