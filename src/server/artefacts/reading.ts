import { constants } from 'node:fs';
import { type FileHandle, open, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { releaseErrors } from '../../release/errors.ts';
import {
  listApps,
  listEntries,
  listRefusals,
  loadRelease,
  placeOfArtefact,
} from '../../release/store.ts';
import { diffTexts, maxCompared } from '../../release/text-diff.ts';
import { readRelease } from '../../rooms/releases/artefact/canonical.ts';
import type { Release, ReleaseFile } from '../../rooms/releases/artefact/release.ts';
import type {
  FileText,
  ReleaseLine,
  ReleasesApps,
  ReleasesOfApp,
  TextDiff,
} from '../api/contract-artefacts.ts';

/** Bytes of a file that are shown. */
const maxShown = 1 << 20;
const maxApps = 1_000;
const maxRefusals = 100;

/** Applications of which there are releases, by name. */
export async function tellApps(store: string): Promise<ReleasesApps> {
  const apps = (await listApps(store)).toSorted().slice(0, maxApps);
  const told = await Promise.all(
    apps.map(async (app) => {
      const entries = await listEntries(store, app);
      const [latest] = entries;
      if (!latest) return [];
      const { version, digest, commit, builtAt } = latest;
      const release = await loadRelease(store, app, version).catch(() => undefined);
      return [
        {
          app,
          releases: entries.length,
          owner: release?.delivery?.owner ?? null,
          order: release?.delivery?.promote.order ?? [],
          latest: { version, digest, commit, builtAt: Date.parse(builtAt) },
        },
      ];
    }),
  );
  return { apps: told.flat() };
}

/** The releases of an application, the last built first. Throws TERR_RELEASE_UNKNOWN. */
export async function tellReleases(
  store: string,
  app: string,
  limit: number,
): Promise<ReleasesOfApp> {
  const entries = await listEntries(store, app);
  if (entries.length === 0)
    throw releaseErrors('UNKNOWN', `there is no release of "${app}" on this server`, {
      field: 'app',
    });
  const releases = await Promise.all(
    entries
      .slice(0, limit)
      .map(async ({ version }) => loadRelease(store, app, version).catch(() => undefined)),
  );
  const refusals = await listRefusals(store, app);
  return {
    app,
    total: entries.length,
    releases: releases.flatMap((release) => (release ? [lineOf(release)] : [])),
    refusals: refusals
      .toReversed()
      .slice(0, maxRefusals)
      .map((one) => ({ ...one, at: Date.parse(one.at) })),
  };
}

function lineOf({ source, files, reversible, ...release }: Release): ReleaseLine {
  return {
    version: release.version,
    digest: release.digest,
    commit: source.commit,
    tag: source.tag,
    builtAt: Date.parse(source.builtAt),
    builtBy: source.builtBy,
    previous: source.previous,
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    migrations: release.migrations.length,
    reversible,
    warnings: release.warnings.length,
  };
}

/** The release of a version, or the first one of a digest. Throws TERR_RELEASE_UNKNOWN. */
export async function releaseOf(store: string, app: string, ref: string): Promise<Release> {
  if (!/^sha256:[0-9a-f]{64}$/.test(ref)) return loadRelease(store, app, ref);
  const file = join(placeOfArtefact(store, app, ref), 'release.json');
  const { release } = readRelease(await readFile(file, 'utf8').catch(() => ''));
  if (release?.digest === ref) return release;
  throw releaseErrors('UNKNOWN', `there is no artefact ${ref} of ${app} on this server`);
}

/** A content of an artefact, to be sent as it is. */
export interface OpenBlob {
  readonly size: number;
  /** Closed by whoever reads it to its end; the bytes themselves of a link. */
  readonly source: FileHandle | Buffer;
}

/** Opens a content; `file` is one that has it. Throws TERR_RELEASE_UNKNOWN, _ARTEFACT. */
export async function openBlob(
  store: string,
  release: Release,
  { file, sha256 }: { readonly file: ReleaseFile | undefined; readonly sha256: string },
): Promise<OpenBlob> {
  if (!file)
    throw releaseErrors(
      'UNKNOWN',
      `no file of ${release.app} ${release.version} has the hash ${sha256}`,
    );
  const place = placeIn(store, release, file.path);
  if (file.mode !== '120000') return { size: file.size, source: await openPlain(place) };
  const target = Buffer.from(await readlink(place).catch(gone));
  return { size: target.length, source: target };
}

const placeIn = (store: string, { app, digest }: Release, path: string): string =>
  join(placeOfArtefact(store, app, digest), 'files', path);

/** Never through a link: an artefact's files are those of its list. */
const openPlain = async (place: string): Promise<FileHandle> =>
  open(place, constants.O_RDONLY | constants.O_NOFOLLOW).catch(gone);

function gone(error: Error): never {
  throw releaseErrors('ARTEFACT', `a file of the artefact can not be read: ${error.message}`, {
    cause: error,
  });
}

function fileAt(release: Release, path: string): ReleaseFile {
  const file = release.files.find((one) => one.path === path);
  if (file) return file;
  throw releaseErrors('UNKNOWN', `there is no ${path} in ${release.app} ${release.version}`, {
    field: 'path',
  });
}

/** The text of a file, as far as it is one. Throws TERR_RELEASE_UNKNOWN, _ARTEFACT. */
export async function tellText(store: string, release: Release, path: string): Promise<FileText> {
  const file = fileAt(release, path);
  const told = { path, mode: file.mode, size: file.size, sha256: file.sha256 };
  const place = placeIn(store, release, path);
  if (file.mode === '120000')
    return { ...told, kind: 'link', text: await readlink(place).catch(gone), cut: false };
  const bytes = await beginningOf(place);
  if (bytes.includes(0)) return { ...told, kind: 'binary', text: '', cut: false };
  const cut = file.size > bytes.length;
  // A character that is cut in two is no fault of the file.
  const text = new TextDecoder().decode(bytes, { stream: cut });
  return { ...told, kind: 'text', text, cut };
}

async function beginningOf(place: string): Promise<Uint8Array> {
  const file = await openPlain(place);
  try {
    const buffer = new Uint8Array(maxShown);
    let read = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, read, buffer.length - read, read); // oxlint-disable-line no-await-in-loop -- in their order
      read += bytesRead;
      if (bytesRead === 0 || read === buffer.length) return buffer.subarray(0, read);
    }
  } finally {
    await file.close();
  }
}

/** Which file of which two releases is compared. */
export interface TextAsked {
  readonly path: string;
  /** Lines around each change. */
  readonly lines: number;
  readonly signal: AbortSignal;
}

/** A file as it changes between two releases. Throws TERR_RELEASE_UNKNOWN when neither has it. */
export async function tellTextDiff(
  store: string,
  [from, to]: readonly [Release, Release],
  { path, lines, signal }: TextAsked,
): Promise<TextDiff> {
  const at = (release: Release): ReleaseFile | undefined =>
    release.files.find((one) => one.path === path);
  const [before, after] = [at(from), at(to)];
  if (!before && !after)
    throw releaseErrors('UNKNOWN', `neither ${from.version} nor ${to.version} has ${path}`, {
      field: 'path',
    });
  const told = { path, before: sideOf(before), after: sideOf(after) };
  const none = { ...told, text: '', added: 0, deleted: 0, cut: false };
  if (before?.sha256 === after?.sha256) return { ...none, kind: 'same' };
  if ([before, after].some((file) => file !== undefined && file.size > maxCompared))
    return { ...none, kind: 'too-large' };
  const place = (release: Release, file: ReleaseFile | undefined): string | undefined =>
    file && placeIn(store, release, path);
  const found = await diffTexts(place(from, before), place(to, after), { lines, signal });
  return { ...told, ...found };
}

function sideOf(file: ReleaseFile | undefined): TextDiff['before'] {
  return file ? { mode: file.mode, size: file.size, sha256: file.sha256 } : null;
}
