import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../../release/build.suite.ts';
import { scratchRepository } from '../../release/shop.suite.ts';
import type { Kind } from '../../rooms/deploys/deploy.ts';
import type { Order } from '../../server/api/contract-deploys.ts';
import { haproxy } from '../balancer/haproxy.ts';
import { openInstances } from '../instance/open-instances.ts';
import type { InstanceState } from '../instance/instance.ts';
import { type Front, freePorts, startFront } from '../strategy/front.suite.ts';
import { executeDeploy } from './execute.ts';
import { type Ending, putJson } from './folder.ts';

/** What the shop's manifest says unless a test says otherwise. */
interface Shaped {
  readonly kind?: 'blue-green' | 'rolling' | 'restart';
  readonly settle?: string;
  readonly keepOld?: string;
}

const manifestOf = ({ kind = 'blue-green', settle = '0s', keepOld }: Shaped = {}): string =>
  `app: shop
type: node
health: {ready: /healthcheck/ready, version: /healthcheck/ready#version}
database:
  orders-db: {migrations: migrations/}
config:
  keys: config/keys.yaml
strategy: {kind: ${kind}, settle: ${settle}, drain: 5s${keepOld === undefined ? '' : `, keep-old: ${keepOld}`}}
`;

/** The ready path answers with this status; any other path with the version. */
const server = (ready: number): string => `import { createServer } from 'node:http';
const { PORT, SERVICE_VERSION: version, PAGE_SIZE, API_KEY } = process.env;
let ready = ${ready};
process.on('SIGUSR2', () => (ready = 500));
const server = createServer((request, answer) => {
  const isReady = request.url === '/healthcheck/ready';
  answer.writeHead(isReady ? ready : 200, { 'x-release': version });
  answer.end(isReady ? JSON.stringify({ version, size: Number(PAGE_SIZE), key: API_KEY?.length }) : version);
});
server.keepAliveTimeout = 60000;
server.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  setInterval(() => server.closeIdleConnections(), 20);
});
`;

/** The shop answers with its version, so that the second one fails. */
const feature = `Feature: The shop
  Scenario: It answers
    When I visit "/"
    Then I should get a 200 status code

  Scenario: It sells
    When I visit "/"
    Then I should see "Buy now"
`;

/** Every file of the shop; `ready` is the status of its ready path. */
export const shopFiles = (
  shaped: Shaped & { readonly ready?: number } = {},
): Readonly<Record<string, string>> => ({
  'territory.yaml': manifestOf(shaped),
  'package.json': '{"scripts": {"start": "exec node server.mjs"}}\n',
  'server.mjs': server(shaped.ready ?? 200),
  'note.txt': 'one\n',
  'config/keys.yaml': 'PAGE_SIZE: {default: 20}\nAPI_KEY: {required: true, secret: true}\n',
  'migrations/0001_orders.up.sql': 'create table orders (id integer primary key);\n',
});

/**
 * Builds the versions of a small shop into a store: release_1 to release_3, release_bad, which
 * never becomes ready, release_smoked, one of whose scenarios fails, and release_watched, which is watched for 30 s. Gives their digests by version.
 */
export async function buildShop(
  store: string,
  shaped: Shaped = {},
): Promise<Readonly<Record<string, string>>> {
  const { path, commit, git } = scratchRepository();
  const digests: Record<string, string> = {};
  const release = async (
    version: string,
    files: Readonly<Record<string, string>>,
  ): Promise<void> => {
    commit(version, files);
    git('tag', version);
    digests[version] = (await build({ path, tag: version, store })).release.digest;
  };
  await release('release_1', shopFiles(shaped));
  await release('release_2', {
    'note.txt': 'two\n',
    'migrations/0002_paid.up.sql': 'alter table orders add column paid integer;\n',
  });
  await release('release_3', { 'note.txt': 'three\n' });
  await release('release_bad', { 'server.mjs': server(500) });
  await release('release_smoked', {
    'server.mjs': server(200),
    'territory.yaml': `${manifestOf(shaped)}smoke: features/*.feature\n`,
    'features/shop.feature': feature,
  });
  await release('release_watched', {
    'server.mjs': server(200),
    'territory.yaml': manifestOf({ ...shaped, settle: '30s' }),
  });
  rmSync(path, { recursive: true });
  return digests;
}

/** A machine with HAProxy in front of two servers of each colour, and the shop's versions. */
export interface Shop {
  readonly home: string;
  readonly front: Front;
  readonly secret: string;
  /** Makes the folder of a deploy, as a runner does. */
  readonly folder: (version: string, given?: Given) => string;
  /** Executes it in this process; gives how it ended. */
  readonly execute: (folder: string, recover?: boolean, stop?: AbortSignal) => Promise<Ending>;
  /** What was written to logs. */
  readonly log: () => string;
  readonly instances: () => Promise<readonly InstanceState[]>;
  /** Versions that the balancer sends people to. */
  readonly serves: () => Promise<readonly string[]>;
  readonly applied: () => string;
  readonly close: () => Promise<void>;
}

interface Given {
  readonly kind?: Kind;
  readonly previous?: string;
}

/** @param built a store with the versions of `buildShop`, and their digests */
export async function openShop(built: {
  readonly store: string;
  readonly digests: Readonly<Record<string, string>>;
}): Promise<Shop> {
  const { store, digests } = built;
  const home = mkdtempSync(join(tmpdir(), 'territory-shop-'));
  const [blue1 = 0, blue2 = 0, green1 = 0, green2 = 0] = await freePorts(4);
  const front = await startFront({ shop: { servers: { blue1, blue2, green1, green2 } } });
  const secret = 'sk_very_secret_1';
  const config = join(home, 'runner.yaml');
  writeFileSync(join(home, 'api.key'), secret);
  writeFileSync(
    config,
    `server: http://127.0.0.1:1
token: none
home: home
artefacts: ${store}
environments:
  production:
    instances: 2
    ready-within: 5s
    balancer: {socket: ${front.socket}}
    front: ${front.template}
    values: {API_KEY: {file: api.key}}
    databases: {orders-db: {sqlite: orders.db}}
`,
  );
  const log: string[] = [];
  const instances = openInstances({
    home: join(home, 'home'),
    now: Date.now,
    onEvent: () => undefined,
  });
  let ids = 0;
  const named = (version: string) => ({ version, digest: digests[version] ?? '' });
  return {
    home,
    front,
    secret,
    folder: (version, { kind = 'deploy', previous } = {}) => {
      const id = `d${++ids}`;
      const folder = join(home, 'home/jobs', id);
      mkdirSync(folder, { recursive: true });
      const order: Order = {
        id,
        token: ids,
        kind,
        app: 'shop',
        environment: 'production',
        ...named(version),
        previous: previous === undefined ? null : named(previous),
        by: 'ada',
        limits: { total: 600, silence: 180 },
      };
      putJson(folder, 'deploy.json', { format: 'territory.deploy/1', order, config });
      return folder;
    },
    execute: async (folder, recover = false, stop = new AbortController().signal) =>
      executeDeploy(folder, {
        recover,
        env: process.env,
        stop,
        now: Date.now,
        write: (line) => log.push(line),
      }),
    log: () => log.join(''),
    instances: async () => instances.list(),
    serves: async () => {
      const servers = await haproxy(front.socket).servers('shop');
      const ready = servers.filter(({ admin }) => admin === 'ready').map(({ port }) => port);
      const all = await instances.list();
      const versions = all.filter(({ wish }) => ready.includes(wish.port));
      return [...new Set(versions.map(({ wish }) => wish.version))];
    },
    applied: () =>
      execFileSync(
        'sqlite3',
        [join(home, 'orders.db'), 'select id from territory_migrations order by id'],
        { encoding: 'utf8' },
      ),
    close: async () => {
      const all = await instances.list();
      await Promise.all(all.map(async ({ wish }) => instances.stop(wish, 0)));
      await front.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
