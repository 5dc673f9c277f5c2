import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { removeTree } from '../release/workplace.ts';
import type { RunnerConfig } from './config/config.ts';
import { storeOf } from './execute/artefacts.ts';
import { readDeploy, readEnding } from './execute/folder.ts';
import type { Instances } from './instance/instance.ts';
import { jobsOf } from './runner.ts';

/** What is kept of what is over: deploys in all, and artefacts of each application. */
export const kept = { deploys: 100, artefacts: 10 } as const;

/** ms after which an artefact counts as old at the earliest: a deploy may be about to need it. */
const young = 24 * 3_600_000;

/**
 * Removes folders of deploys that are over and told, and artefacts that nothing runs from or may go
 * back to, each but the newest. Gives the folders that it removed.
 */
export async function tidy(
  config: Pick<RunnerConfig, 'home'>,
  instances: Pick<Instances, 'list' | 'kept'>,
  now: number,
): Promise<readonly string[]> {
  const deploys = newestFirst(jobsOf(config)).filter(isOver).slice(kept.deploys);
  const needed = await neededDigests(config, instances);
  const store = storeOf(config);
  const artefacts = namesIn(store).flatMap((app) =>
    newestFirst(join(store, app))
      .filter((path) => nameOf(path).startsWith('sha256-'))
      .slice(kept.artefacts)
      .filter((path) => !needed.has(nameOf(path)) && now - timeOf(path) > young),
  );
  const removed = [...deploys, ...artefacts];
  for (const path of removed) await removeTree(path); // oxlint-disable-line no-await-in-loop -- disks are not faster at once
  return removed;
}

/** One that was taken away unfinished stays: the next deploy in its lane ends it. */
const isOver = (folder: string): boolean =>
  existsSync(join(folder, 'told')) && readEnding(folder) !== undefined;

async function neededDigests(
  config: Pick<RunnerConfig, 'home'>,
  instances: Pick<Instances, 'list' | 'kept'>,
): Promise<ReadonlySet<string>> {
  const all = await instances.list();
  const before = await Promise.all(all.map(async ({ wish }) => instances.kept(wish)));
  const orders = newestFirst(jobsOf(config)).filter((folder) => !isOver(folder));
  const digests = [
    ...all.map(({ wish }) => wish.digest),
    ...before.flatMap((wish) => (wish ? [wish.digest] : [])),
    ...orders.flatMap(digestsOf),
  ];
  return new Set(digests.map((digest) => digest.replace(':', '-')));
}

function digestsOf(folder: string): readonly string[] {
  try {
    const { digest, previous } = readDeploy(folder).order;
    return [digest, previous?.digest ?? digest];
  } catch {
    return [];
  }
}

function newestFirst(folder: string): readonly string[] {
  return namesIn(folder)
    .map((name) => join(folder, name))
    .map((path) => ({ path, time: timeOf(path) }))
    .toSorted((a, b) => b.time - a.time)
    .map(({ path }) => path);
}

const timeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
