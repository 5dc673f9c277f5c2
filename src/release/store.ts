import { appendFile, mkdir, open, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { readRelease, writeRelease } from '../rooms/releases/artefact/canonical.ts';
import type { Release } from '../rooms/releases/artefact/release.ts';
import { releaseErrors } from './errors.ts';

/** What the store remembers of a version beside its release. */
const Entry = Type.Object({
  version: Type.String(),
  commit: Type.String(),
  digest: Type.String(),
  /** Folder of the repository on this machine that it was built from, to ask it for commits. */
  repository: Type.String(),
  /** RFC 3339, UTC. */
  builtAt: Type.String(),
});
export type Entry = Static<typeof Entry>;

/** A tag that named another commit before, and was refused. */
export interface Refusal {
  readonly version: string;
  readonly was: string;
  readonly is: string;
  /** RFC 3339, UTC. */
  readonly at: string;
}

/** Where the artefacts of an application are: `DIR/<app>`. */
export const placeOfApp = (store: string, app: string): string => join(store, fileName(app));

/** `DIR/<app>/sha256-<hash>`, with `release.json` and `files/`. A colon in paths troubles PATH and scp. */
export const placeOfArtefact = (store: string, app: string, digest: string): string =>
  join(placeOfApp(store, app), digest.replace(':', '-'));

const versionsOf = (store: string, app: string): string => join(placeOfApp(store, app), 'versions');
const placeOfVersion = (store: string, app: string, version: string): string =>
  join(versionsOf(store, app), fileName(version));

/** Tags may have slashes in them; a name of dots would be another folder. */
const fileName = (name: string): string => encodeURIComponent(name).replace(/^\./, '%2E');

/** What is remembered of a version; undefined when it was never built. */
export async function findEntry(
  store: string,
  app: string,
  version: string,
): Promise<Entry | undefined> {
  const text = await readIfThere(join(placeOfVersion(store, app, version), 'entry.json'));
  return text === undefined ? undefined : entryOf(text);
}

/** Every version of an application, the last built first. */
export async function listEntries(store: string, app: string): Promise<Entry[]> {
  const names = await readdir(versionsOf(store, app)).catch(orEmpty);
  const texts = await Promise.all(
    names.map(async (name) => readIfThere(join(versionsOf(store, app), name, 'entry.json'))),
  );
  const entries = texts.flatMap((text) => (text === undefined ? [] : (entryOf(text) ?? [])));
  return entries.toSorted((a, b) => Date.parse(b.builtAt) - Date.parse(a.builtAt));
}

/** Names of the applications of which there are releases. */
export async function listApps(store: string): Promise<string[]> {
  const names = await readdir(store).catch(orEmpty);
  const known = await Promise.all(
    names.map(async (name) => readdir(join(store, name, 'versions')).catch(() => [])),
  );
  return names.filter((_, i) => (known[i]?.length ?? 0) > 0).map(decodeURIComponent);
}

/** The release of a version. Throws TERR_RELEASE_UNKNOWN, or TERR_RELEASE_ARTEFACT when it is damaged. */
export async function loadRelease(store: string, app: string, version: string): Promise<Release> {
  const file = join(placeOfVersion(store, app, version), 'release.json');
  const text = await readIfThere(file);
  if (text === undefined) throw await unknown(store, app, version);
  const { release, faults } = readRelease(text);
  if (!release) throw releaseErrors('ARTEFACT', `${file} can not be used: ${faults.join('; ')}`);
  return release;
}

async function unknown(store: string, app: string, version: string): Promise<Error> {
  const known = (await listEntries(store, app)).map((entry) => entry.version);
  const hint =
    known.length > 0
      ? `there are ${known.slice(0, 5).join(', ')}${known.length > 5 ? ' and others' : ''}`
      : `build it first: territory release build PATH --tag ${version}`;
  return releaseErrors('UNKNOWN', `there is no ${app} ${version} in ${store}; ${hint}`);
}

/** A version as it is about to be remembered. */
export interface Remembered {
  readonly release: Release;
  readonly entry: Entry;
  /** A folder on the same file system, in which it is made. */
  readonly workplace: string;
}

/** Puts a finished folder in its place; false when there already is one, which then stays as it is. */
export async function putFolder(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    await flush(join(to, '..'));
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** Remembers a version; what is there already wins, and is given back. */
export async function remember(
  store: string,
  { release, entry, workplace }: Remembered,
): Promise<Entry> {
  const made = join(workplace, 'version');
  await mkdir(made);
  await writeFlushed(join(made, 'release.json'), writeRelease(release));
  await writeFlushed(join(made, 'entry.json'), `${JSON.stringify(entry, undefined, 2)}\n`);
  await mkdir(versionsOf(store, release.app), { recursive: true });
  if (await putFolder(made, placeOfVersion(store, release.app, release.version))) return entry;
  return (await findEntry(store, release.app, release.version)) ?? entry;
}

/** Writes a read-only file that is still there when the power goes. */
export async function writeFlushed(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx', mode: 0o444, flush: true });
}

/** So that a name that was just given survives too. */
async function flush(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const refusalsOf = (store: string, app: string): string =>
  join(placeOfApp(store, app), 'refusals.ndjson');

export async function recordRefusal(store: string, app: string, refusal: Refusal): Promise<void> {
  await appendFile(refusalsOf(store, app), `${JSON.stringify(refusal)}\n`);
}

/** Tags that were refused, the first one first. */
export async function listRefusals(store: string, app: string): Promise<Refusal[]> {
  const text = (await readIfThere(refusalsOf(store, app))) ?? '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Refusal); // written by `recordRefusal` alone
}

function entryOf(text: string): Entry | undefined {
  const value: unknown = JSON.parse(text);
  return Value.Check(Entry, value) ? value : undefined;
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
}

function orEmpty(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
  throw error;
}
