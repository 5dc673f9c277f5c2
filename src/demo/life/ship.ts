import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { buildRelease } from '../../release/build.ts';
import { pushRelease } from '../../release/push.ts';
import type { Deploy, NewDeploy, NewRollback } from '../../server/api/contract-deploys.ts';
import type { Company } from '../company.ts';

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
interface Artefact {
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
async function ended({ territory, signal }: Company, id: string): Promise<Deploy> {
  const deadline = performance.now() + longest;
  for (;;) {
    const now = await territory.ask<Deploy>('GET', `/api/v1/deploys/${encodeURIComponent(id)}`);
    if (isOver(now)) return now;
    if (performance.now() > deadline) throw new Error(`deploy ${id} has not ended in five minutes`);
    await pause(lookEvery, undefined, { signal });
  }
}

/** How long evidence is waited for, ms. */
const evidenceWithin = 20_000;

/**
 * The deploy once what really runs bears it out, which is what makes its version one to go back to; as
 * it is when that takes too long.
 */
export async function verified(company: Company, { id }: Deploy): Promise<Deploy> {
  const { territory, signal } = company;
  const deadline = performance.now() + evidenceWithin;
  for (;;) {
    const now = await territory.ask<Deploy>('GET', `/api/v1/deploys/${encodeURIComponent(id)}`);
    if (now.verified !== null || performance.now() > deadline) return now;
    await pause(lookEvery, undefined, { signal });
  }
}

/** Takes an application back to the version that was good there before, and waits for the end. */
export async function rollBack(company: Company, asked: NewRollback): Promise<Deploy> {
  const { territory } = company;
  const { id } = await territory.ask<Deploy>('POST', '/api/v1/deploys/rollback', asked);
  return ended(company, id);
}
