import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Company, CompanyProcess, ProcessWish } from './company.ts';
import { demoErrors } from './errors.ts';
import { git } from './repositories/git.ts';
import { programValues } from './territory-files.ts';

type Env = Readonly<Record<string, string>>;

/** Programs of the pipeline that nobody deploys by Territory: their deploys are told. */
const pipeline = ['importer', 'queue', 'publisher'] as const;

/** A feed gives something new so often at speed 1, ms. */
const itemEvery = 3_000;

/** Starts the world around the company: feeds, the payment provider, and the two other architectures. */
export async function startOutside(company: Company, env: Env): Promise<void> {
  const { places, ports } = company;
  const outside = {
    ...env,
    STORE: places.outside,
    SEED: `${company.seed}`,
    ITEM_EVERY_MS: `${Math.round(itemEvery / company.speed)}`,
  };
  const program = (name: string): Pick<Program, 'name' | 'cwd'> => ({
    name,
    cwd: join(places.programs, name),
  });
  await Promise.all([
    startProgram(company, { ...program('feeds'), env: outside, port: ports.feeds }),
    startProgram(company, { ...program('payments'), env: outside, port: ports.payments }),
  ]);
  await startArchitectures(company, env);
}

/** The same work as one program, and as threads: they read the same feeds. */
async function startArchitectures(company: Company, env: Env): Promise<void> {
  const { places, ports } = company;
  const programs = [
    ['one-program', ports.architectures.oneProgram],
    ['threads', ports.architectures.threads],
  ] as const;
  await Promise.all(
    programs.map(async ([name, port]) =>
      startProgram(company, {
        name,
        cwd: join(places.programs, 'architectures', name),
        env: { ...env, STORE: join(places.architectures, name) },
        port,
      }),
    ),
  );
}

/** Starts importer, queue and publisher from the repository's work tree, and tells what was deployed. */
export async function startPipeline(company: Company, env: Env): Promise<void> {
  const { places, ports, territory } = company;
  const folder = join(places.repositories, 'pipeline');
  const commit = await git(folder, ['rev-parse', 'HEAD']);
  const version = commit.slice(0, 12);
  await Promise.all(
    pipeline.map(async (name) => {
      await startProgram(company, {
        name,
        cwd: join(folder, name),
        env: { ...env, SERVICE_VERSION: version, DEPLOYMENT_ENVIRONMENT: 'production' },
        port: ports[name],
      });
      await territory.ask('POST', '/api/v1/events', {
        type: 'dev.cdevents.service.deployed.0.3.0',
        id: `${name}@${version}`,
        source: 'newsroom/operations',
        service: name,
        environment: 'production',
        attributes: { 'service.version': version, 'vcs.ref.head.revision': commit },
      });
    }),
  );
}

interface Program extends Pick<ProcessWish, 'name' | 'env'> {
  readonly cwd: string;
  readonly port: number;
}

async function startProgram(
  { processes, places, ports, tools, territory }: Company,
  { name, cwd, env, port }: Program,
): Promise<CompanyProcess> {
  if (!existsSync(join(cwd, 'main.js')))
    throw demoErrors('START', `${name} is not there: ${cwd}/main.js`);
  return processes.start({
    name,
    command: process.execPath,
    args: ['main.js'],
    cwd,
    env: {
      TERRITORY_URL: territory.url,
      TERRITORY_TOKEN_FILE: territory.sendTokenFile,
      ...programValues({ places, ports, tools }, 'production'),
      ...env,
      SERVICE_NAME: name,
      PORT: `${port}`,
      NEWSROOM_PARENT: `${process.pid}`,
    },
    port,
    restart: true,
    restartAfterMs: 2_000,
  });
}
