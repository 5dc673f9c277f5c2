import { join } from 'node:path';
import type { EnvironmentConfig } from '../../runner/config/config.ts';
import { readConfig } from '../../runner/config/read.ts';
import type { InstanceState } from '../../runner/instance/instance.ts';
import { openInstances } from '../../runner/instance/open-instances.ts';
import { type KnownRelease, knownReleases } from '../../runner/migrations/known.ts';
import type { BackMigrator } from '../../runner/migrations/migrator.ts';
import { openMigrator } from '../../runner/migrations/open.ts';
import type { RunningVersion } from '../../runner/migrations/plan.ts';
import type { Where } from '../../server/api/contract-releases.ts';
import { call } from '../api.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';

/** Options of every command about migrations. */
export interface GroundOptions {
  readonly in: string;
  readonly config: string;
  /** Nothing of it runs on another machine: the server is not asked. */
  readonly onlyHere?: boolean;
}

/** The databases of one application in one environment, as the runner of this machine knows them. */
export interface Ground {
  readonly app: string;
  readonly environment: EnvironmentConfig;
  readonly known: readonly KnownRelease[];
  readonly instances: readonly InstanceState[];
  /** Throws TERR_CLI_INPUT when runner.yaml does not say where it is. */
  readonly migrator: (db: string) => BackMigrator;
  /** What runs by all that is known here and on the server; null when that can not be asked. */
  readonly running: () => Promise<readonly RunningVersion[] | null>;
}

const limitMs = 15_000;

/** Reads runner.yaml and looks at what is on this machine. */
export async function openGround(
  app: string,
  options: GroundOptions,
  context: Context,
): Promise<Ground> {
  const config = readConfig(options.config, context.env);
  const environment = config.environments.find(({ name }) => name === options.in);
  if (!environment) {
    const names = config.environments.map(({ name }) => name).join(', ');
    throw cliErrors('INPUT', `${options.config} has no ${options.in}; it has ${names}`, {
      field: '--in',
    });
  }
  const { home, server, token } = config;
  const [known, instances] = await Promise.all([
    knownReleases(join(home, 'artefacts'), app),
    openInstances({ home, now: context.now, onEvent: () => {} }).list(app, environment.name),
  ]);
  return {
    app,
    environment,
    known,
    instances,
    migrator: (db) => {
      const place = environment.databases[db];
      if (place) return openMigrator(db, place);
      throw cliErrors(
        'INPUT',
        `${options.config} does not say where ${db} of ${environment.name} is`,
      );
    },
    running: async () => {
      const own = context.env['TERRITORY_TOKEN'] ?? token;
      const asked = { server, token: own, app, environment: environment.name };
      const heard = options.onlyHere === true ? [] : await hear(asked, context);
      return heard && [...runningHere(known, instances), ...runningThere(known, instances, heard)];
    },
  };
}

/** Also those that are kept for the way back: they may be taken in again at any moment. */
function runningHere(
  known: readonly KnownRelease[],
  instances: readonly InstanceState[],
): RunningVersion[] {
  return instances.map(({ wish: { slot, version, digest, wanted } }) => ({
    instance: wanted === 'down' ? `${slot} (kept for the way back)` : slot,
    version,
    migrations: known.find(({ release }) => release.digest === digest)?.release.migrations ?? null,
  }));
}

/** Versions that only the server hears of: on other machines. */
function runningThere(
  known: readonly KnownRelease[],
  instances: readonly InstanceState[],
  heard: readonly string[],
): RunningVersion[] {
  const here = new Set(instances.map(({ wish }) => wish.version));
  return heard
    .filter((version) => !here.has(version))
    .map((version) => ({
      instance: 'an instance of another machine',
      version,
      migrations:
        known.find(({ release }) => release.version === version)?.release.migrations ?? null,
    }));
}

async function hear(
  asked: {
    readonly server: string;
    readonly token: string;
    readonly app: string;
    readonly environment: string;
  },
  { signal, terminal }: Context,
): Promise<readonly string[] | null> {
  const { server, token, app, environment } = asked;
  const query = new URLSearchParams({ app, environment }).toString();
  const connection = { url: new URL(`${server}/`), token, timeoutMs: limitMs, signal };
  try {
    // Its contract says so.
    const where = (await call(connection, {
      method: 'GET',
      path: `api/v1/releases/where?${query}`,
    })) as Where;
    return where.lanes.flatMap(({ runs }) => runs.map(({ version }) => version));
  } catch (error) {
    signal.throwIfAborted();
    terminal.say(`${server} did not say what runs: ${error instanceof Error ? error.message : ''}`);
    return null;
  }
}

/** The release that runs here, of several the one with the most migrations; undefined: none runs. */
export function newestHere({ known, instances }: Ground): KnownRelease | undefined {
  const digests = new Set(
    instances.flatMap(({ wish }) => (wish.wanted === 'up' ? [wish.digest] : [])),
  );
  return known
    .filter(({ release }) => digests.has(release.digest))
    .toSorted((a, b) => b.release.migrations.length - a.release.migrations.length)[0];
}

/** Names of its databases. */
export const databasesOf = ({ release }: KnownRelease): string[] => [
  ...new Set(release.migrations.map(({ db }) => db)),
];
