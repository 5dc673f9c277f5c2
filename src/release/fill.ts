import { mkdir, readFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { type Parts, assemble, isRead, isTaken } from '../rooms/releases/artefact/assemble.ts';
import type { Release, ReleaseFile, Source } from '../rooms/releases/artefact/release.ts';
import type { Fault } from '../rooms/releases/manifest/read.ts';
import { collect } from './collect.ts';
import { type Job, faulty } from './job.ts';
import { nearestAncestor } from './repository.ts';
import { listEntries, loadRelease } from './store.ts';

/** Makes the artefact beside its place, so that putting it there is one rename. */
export async function fill(
  job: Job,
  workplace: string,
): Promise<{ release: Release; faults: readonly Fault[] }> {
  const { request, manifest, folder, version } = job;
  const target = join(workplace, 'artefact', 'files');
  await mkdir(target, { recursive: true });
  const files = await collect(folder, target, {
    isTaken: isTaken(manifest),
    signal: request.signal,
  });
  const source = await sourceOf(job);
  const previous =
    source.previous === null
      ? []
      : (await loadRelease(request.store, manifest.app, source.previous)).migrations;
  const texts = await textsOf(target, files, isRead(manifest));
  const { release, faults } = assemble({ manifest, version, source, files, texts, previous });
  if (!release) throw faulty('CONTENT', faults);
  const all = [...job.faults, ...faults];
  const warnings = all
    .filter(({ severity }) => severity === 'warning')
    .map(({ message }) => message);
  return { release: { ...release, warnings }, faults: all };
}

/** Bytes of a file that is looked into; a lock file may be large. */
const maxText = 64 * 2 ** 20;

async function textsOf(
  root: string,
  files: readonly ReleaseFile[],
  isWanted: (path: string) => boolean,
): Promise<Parts['texts']> {
  const wanted = files.filter(
    ({ path, mode, size }) => mode !== '120000' && size <= maxText && isWanted(path),
  );
  const texts = await Promise.all(
    wanted.map(
      async ({ path, sha256 }) =>
        [path, { text: await readFile(join(root, path), 'utf8'), sha256 }] as const,
    ),
  );
  return new Map(texts);
}

async function sourceOf({
  request,
  repository,
  resolved,
  manifest,
  version,
}: Job): Promise<Source> {
  const { signal, store } = request;
  const others = (await listEntries(store, manifest.app)).filter(
    (entry) => entry.version !== version,
  );
  // The last one built from a commit stands for it.
  const commits = new Map(others.toReversed().map((entry) => [entry.commit, entry.version]));
  const before = await nearestAncestor(
    repository,
    resolved.commit,
    new Set(commits.keys()),
    signal,
  );
  return {
    repo: repository.uri,
    path: repository.prefix.replace(/\/$/, ''),
    commit: resolved.commit,
    tree: resolved.tree,
    tag: request.tag ?? null,
    dirty: false,
    builtBy: `${userName()}@${hostname()}`,
    builtAt: new Date(request.now()).toISOString(),
    previous: (before === undefined ? undefined : commits.get(before)) ?? null,
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown'); // a container's user without a name
  }
}
