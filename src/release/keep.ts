import { join } from 'node:path';
import { writeRelease } from '../rooms/releases/artefact/canonical.ts';
import type { Release } from '../rooms/releases/artefact/release.ts';
import type { Fault } from '../rooms/releases/manifest/read.ts';
import { releaseErrors } from './errors.ts';
import { type Built, type Job, asWarning } from './job.ts';
import {
  type Entry,
  loadRelease,
  placeOfArtefact,
  putFolder,
  recordRefusal,
  remember,
  writeFlushed,
} from './store.ts';
import { verifyArtefact } from './verify.ts';

/** Throws TERR_RELEASE_MOVED, and writes it down, when a version was built from another commit. */
export async function refuseMoved(
  entry: Entry,
  {
    store,
    app,
    commit,
    now,
  }: {
    readonly store: string;
    readonly app: string;
    readonly commit: string;
    readonly now: number;
  },
): Promise<void> {
  if (entry.commit === commit) return;
  const { version } = entry;
  const at = new Date(now).toISOString();
  await recordRefusal(store, app, { version, was: entry.commit, is: commit, at });
  throw releaseErrors(
    'MOVED',
    `the tag ${version} named ${entry.commit} when ${app} ${version} was built, and names ${commit} now; a version is built from one commit for ever, so give the new commit a new tag`,
  );
}

/** Says where two builds of one version differ. */
export function differs(before: Release, after: Release): string {
  const old = new Map(before.files.map(({ path, sha256 }) => [path, sha256]));
  const first = after.files.find(({ path, sha256 }) => old.get(path) !== sha256)?.path;
  const where =
    first === undefined ? 'files are missing' : `${first} is the first file that differs`;
  return `${after.app} ${after.version} was ${before.digest} and is ${after.digest} when it is built again: ${where}. Its build does not give the same bytes twice; what was built first stays`;
}

/** Puts an artefact in its place and remembers its version; what is there already wins. */
export async function keep(
  { request, repository, manifest, resolved }: Job,
  {
    release,
    faults,
    workplace,
  }: { readonly release: Release; readonly faults: readonly Fault[]; readonly workplace: string },
): Promise<Built> {
  const { store } = request;
  const { app, digest, version } = release;
  const place = placeOfArtefact(store, app, digest);
  const made = join(workplace, 'artefact');
  await writeFlushed(join(made, 'release.json'), writeRelease(release));
  request.signal.throwIfAborted();
  const isNew = await putFolder(made, place);
  if (!isNew) await verifyArtefact(place, digest);
  const entry: Entry = {
    version,
    commit: resolved.commit,
    digest,
    repository: repository.path,
    builtAt: release.source.builtAt,
  };
  const kept = await remember(store, { release, entry, workplace });
  // Another build of the same tag was faster.
  await refuseMoved(kept, {
    store,
    app: manifest.app,
    commit: resolved.commit,
    now: request.now(),
  });
  if (kept.digest === digest)
    return { release: await loadRelease(store, app, version), place, isNew, faults };
  const first = await loadRelease(store, app, version);
  const odd = asWarning(`${differs(first, release)}.`);
  return {
    release: first,
    place: placeOfArtefact(store, app, kept.digest),
    isNew: false,
    faults: [...faults, odd],
  };
}
