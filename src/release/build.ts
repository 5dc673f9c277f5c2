import { mkdir, readFile } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import {
  type Parts,
  assemble,
  isRead,
  isTaken,
  manifestFile,
} from '../rooms/releases/artefact/assemble.ts';
import { writeRelease } from '../rooms/releases/artefact/canonical.ts';
import type { Release, ReleaseFile, Source } from '../rooms/releases/artefact/release.ts';
import type { Manifest } from '../rooms/releases/manifest/manifest.ts';
import { type Fault, readManifest } from '../rooms/releases/manifest/read.ts';
import { checkOut } from './checkout.ts';
import { collect } from './collect.ts';
import { releaseErrors } from './errors.ts';
import {
  type Repository,
  type Resolved,
  nearestAncestor,
  openRepository,
  resolveHead,
  resolveTag,
} from './repository.ts';
import { buildEnvironment, runBuild } from './run-build.ts';
import {
  type Entry,
  findEntry,
  listEntries,
  loadRelease,
  placeOfApp,
  placeOfArtefact,
  putFolder,
  recordRefusal,
  remember,
  writeFlushed,
} from './store.ts';
import { verifyArtefact } from './verify.ts';
import { makeWorkplace, removeTree, sweep } from './workplace.ts';

/** What is to be built, and with what around it. */
export interface BuildRequest {
  /** Folder of the application in its repository, or a bare repository. */
  readonly path: string;
  /** HEAD's commit when left out. */
  readonly tag: string | undefined;
  /** Folder of the store. */
  readonly store: string;
  /** Build also what is there already, and compare. */
  readonly again: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly onOutput: (text: string) => void;
}

/** A version that is in the store now. */
export interface Built {
  readonly release: Release;
  /** Folder of the artefact. */
  readonly place: string;
  /** False when this version, or the same bytes under another, were there already. */
  readonly isNew: boolean;
  readonly faults: readonly Fault[];
}

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
      ? await resolveHead(repository, signal)
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

/** A build under way. */
interface Job {
  readonly request: BuildRequest;
  readonly repository: Repository;
  readonly resolved: Resolved;
  readonly manifest: Manifest;
  /** Where the application's files are checked out. */
  readonly folder: string;
  readonly version: string;
  readonly faults: readonly Fault[];
}

const asWarning = (message: string): Fault => ({
  severity: 'warning',
  message,
  file: manifestFile,
  line: 1,
  column: 1,
});

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

function faulty(kind: 'MANIFEST' | 'CONTENT', faults: readonly Fault[]): Error {
  const errors = faults.filter(({ severity }) => severity === 'error');
  const lines = errors.map(
    ({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`,
  );
  return releaseErrors(kind, lines.join('\n       '));
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

async function refuseMoved(
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

function differs(before: Release, after: Release): string {
  const old = new Map(before.files.map(({ path, sha256 }) => [path, sha256]));
  const first = after.files.find(({ path, sha256 }) => old.get(path) !== sha256)?.path;
  const where =
    first === undefined ? 'files are missing' : `${first} is the first file that differs`;
  return `${after.app} ${after.version} was ${before.digest} and is ${after.digest} when it is built again: ${where}. Its build does not give the same bytes twice; what was built first stays`;
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

/** Makes the artefact beside its place, so that putting it there is one rename. */
async function fill(
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
  const commits = new Map(others.map((entry) => [entry.commit, entry.version]));
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

async function keep(
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
