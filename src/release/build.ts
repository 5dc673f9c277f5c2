import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifestFile } from '../rooms/releases/artefact/assemble.ts';
import type { Manifest } from '../rooms/releases/manifest/manifest.ts';
import { type Fault, readManifest } from '../rooms/releases/manifest/read.ts';
import { checkOut } from './checkout.ts';
import { releaseErrors } from './errors.ts';
import { fill } from './fill.ts';
import { type BuildRequest, type Built, type Job, asWarning, faulty } from './job.ts';
import { differs, keep, refuseMoved } from './keep.ts';
import {
  type Repository,
  type Resolved,
  openRepository,
  resolveHead,
  resolveTag,
} from './repository.ts';
import { buildEnvironment, runBuild } from './run-build.ts';
import { findEntry, loadRelease, placeOfApp, placeOfArtefact } from './store.ts';
import { verifyArtefact } from './verify.ts';
import { makeWorkplace, removeTree, sweep } from './workplace.ts';

const workPrefix = 'territory-build-';
const storePrefix = '.building-';

/**
 * Builds one version of an application from one commit and puts it into the store, whole or not at
 * all. Throws the errors of this folder; a moved tag is refused and written down.
 */
export async function buildRelease(request: BuildRequest): Promise<Built> {
  const { signal, tag } = request;
  const repository = await openRepository(request.path, signal);
  const resolved =
    tag === undefined
      ? await resolveHead(repository, { store: request.store, signal })
      : await resolveTag(repository, tag, signal);
  await sweep(tmpdir(), workPrefix);
  const work = await makeWorkplace(tmpdir(), workPrefix);
  try {
    const left = await checkOut(repository, resolved.commit, { to: work, signal });
    const folder = join(work, repository.prefix);
    const { manifest, faults } = await manifestIn(folder, repository, resolved);
    const job: Job = {
      request,
      repository,
      resolved,
      manifest,
      folder,
      version: tag ?? resolved.commit.slice(0, 12),
      faults: [...faults, ...left.map(asWarning)],
    };
    const there = await findThere(job);
    if (there && !request.again) return there;
    return await make(job, there);
  } finally {
    await removeTree(work);
  }
}

async function manifestIn(
  folder: string,
  { path }: Repository,
  { commit }: Resolved,
): Promise<{ manifest: Manifest; faults: readonly Fault[] }> {
  const text = await readFile(join(folder, manifestFile), 'utf8').catch(() => undefined);
  if (text === undefined)
    throw releaseErrors(
      'MANIFEST',
      `there is no ${manifestFile} in ${path} at ${commit.slice(0, 12)}; docs/formats/territory-yaml.md says what is in it`,
    );
  const { manifest, faults } = readManifest(manifestFile, text);
  if (!manifest) throw faulty('MANIFEST', faults);
  return { manifest, faults };
}

/** The version as it was built before. Throws TERR_RELEASE_MOVED when its tag named another commit. */
async function findThere({
  request,
  resolved,
  manifest,
  version,
  faults,
}: Job): Promise<Built | undefined> {
  const { store } = request;
  const entry = await findEntry(store, manifest.app, version);
  if (!entry) return undefined;
  await refuseMoved(entry, {
    store,
    app: manifest.app,
    commit: resolved.commit,
    now: request.now(),
  });
  const release = await loadRelease(store, manifest.app, version);
  const place = placeOfArtefact(store, manifest.app, release.digest);
  await verifyArtefact(place, release.digest);
  return { release, place, isNew: false, faults };
}

async function make(job: Job, there: Built | undefined): Promise<Built> {
  const { request, manifest } = job;
  await runManifest(job);
  const app = placeOfApp(request.store, manifest.app);
  await sweep(app, storePrefix);
  const workplace = await makeWorkplace(app, storePrefix).catch(notWritable);
  try {
    const { release, faults } = await fill(job, workplace);
    if (there && there.release.digest !== release.digest)
      throw releaseErrors('ARTEFACT', differs(there.release, release));
    return await keep(job, { release, faults, workplace });
  } finally {
    await removeTree(workplace);
  }
}

function notWritable(error: NodeJS.ErrnoException): never {
  throw releaseErrors('STORE', `the store can not be written: ${error.message}`, { cause: error });
}

async function runManifest({ request, manifest, folder, resolved, version }: Job): Promise<void> {
  const { run, limit } = manifest.build;
  if (run === undefined) return;
  const env = buildEnvironment(request.env, {
    SOURCE_DATE_EPOCH: String(resolved.time),
    TERRITORY_APP: manifest.app,
    TERRITORY_VERSION: version,
    TERRITORY_COMMIT: resolved.commit,
  });
  const { signal, onOutput } = request;
  await runBuild({ command: run, cwd: folder, env, limit: limit * 1000, signal, onOutput });
}
