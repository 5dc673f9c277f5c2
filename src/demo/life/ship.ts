import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { buildRelease } from '../../release/build.ts';
import { pushRelease } from '../../release/push.ts';
import type { Deploy, NewDeploy } from '../../server/api/contract-deploys.ts';
import type { Company, EnvironmentName } from '../company.ts';

/** How often a deploy is asked how it stands, ms. */
const lookEvery = 300;
/** One that nobody carries out, ms. */
const longest = 300_000;

/** States that a deploy does not leave any more. */
const isOver = ({ state }: Deploy): boolean => !['waiting', 'queued', 'running'].includes(state);

/** Which version of what. */
export interface Version {
  readonly app: string;
  /** Its folder in its repository. */
  readonly folder: string;
  /** A tag. */
  readonly version: string;
}

/** What was built. */
export interface Artefact {
  readonly digest: string;
  readonly commit: string;
}

/** Builds a tagged version from its repository and sends it to the server. Throws TERR_RELEASE_…. */
export async function build(
  { places, territory, signal, now }: Company,
  { app, folder, version }: Version,
): Promise<Artefact> {
  const store = join(places.home, 'artefacts');
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const common = { store, signal };
  const { release } = await buildRelease({
    ...common,
    path: folder,
    tag: version,
    again: false,
    env,
    now,
    onOutput: () => undefined,
  });
  const server = { url: new URL(territory.url), token: territory.token };
  await pushRelease(server, { store, app, version }, signal);
  return { digest: release.digest, commit: release.source.commit };
}

/** Asks for a deploy and waits for its end, whichever it is. Rejects when it is refused. */
export async function deploy(company: Company, asked: NewDeploy): Promise<Deploy> {
  const { territory } = company;
  const { id } = await territory.ask<Deploy>('POST', '/api/v1/deploys', asked);
  return ended(company, id);
}

/** The deploy of that id once it is over. Rejects after five minutes. */
export async function ended({ territory, signal }: Company, id: string): Promise<Deploy> {
  const deadline = performance.now() + longest;
  for (;;) {
    const now = await territory.ask<Deploy>('GET', `/api/v1/deploys/${encodeURIComponent(id)}`);
    if (isOver(now)) return now;
    if (performance.now() > deadline) throw new Error(`deploy ${id} has not ended in five minutes`);
    await pause(lookEvery, undefined, { signal });
  }
}

/** How far a version came. */
export interface Shipped {
  /** Every deploy that was carried out, in order; the last one may have failed. */
  readonly deploys: readonly Deploy[];
  /** Whether it is in the last of the environments. */
  readonly arrived: boolean;
}

/** Builds a version and takes it through environments, as far as it goes. */
export async function ship(
  company: Company,
  version: Version,
  environments: readonly EnvironmentName[],
): Promise<Shipped> {
  await build(company, version);
  const deploys: Deploy[] = [];
  for (const environment of environments) {
    // oxlint-disable-next-line no-await-in-loop -- only what was good there goes on
    const one = await deploy(company, {
      app: version.app,
      version: version.version,
      environment,
      wait: true,
    });
    deploys.push(one);
    if (one.state !== 'succeeded') return { deploys, arrived: false };
  }
  return { deploys, arrived: true };
}
