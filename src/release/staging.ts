import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import {
  chmod,
  copyFile,
  link,
  lstat,
  mkdir,
  open,
  readFile,
  readdir,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pointsInside } from '../rooms/releases/artefact/acceptable.ts';
import { readRelease, sha256Of, writeRelease } from '../rooms/releases/artefact/canonical.ts';
import type { Release, ReleaseFile } from '../rooms/releases/artefact/release.ts';
import { releaseErrors } from './errors.ts';
import { placeOfApp, placeOfArtefact, putFolder, writeFlushed } from './store.ts';
import { makeWorkplace, removeTree } from './workplace.ts';

/** Files that are worked on at the same time. */
const atOnce = 8;
/** Artefacts of the same application in which files are looked for that need not be sent. */
const maxSeeds = 3;
export const stagingPrefix = '.incoming-';
const buildingPrefix = '.building-';

/**
 * Where the files of an artefact gather until all are there, by their hash. It outlives the process,
 * so that what was sent before a cut is not sent again.
 */
export const placeOfStaging = (store: string, app: string, digest: string): string =>
  join(placeOfApp(store, app), `${stagingPrefix}${digest.replace(':', '-')}`);

export const blobIn = (staging: string, sha256: string): string => join(staging, 'blobs', sha256);
export const partIn = (staging: string, name: string): string => join(staging, 'parts', name);

export async function makeStaging(staging: string): Promise<void> {
  await mkdir(join(staging, 'blobs'), { recursive: true, mode: 0o700 });
  await mkdir(join(staging, 'parts'), { recursive: true, mode: 0o700 });
}

/** Bytes of a file; undefined when it is not there. */
export async function sizeOf(file: string): Promise<number | undefined> {
  return lstat(file).then(
    ({ size }) => size,
    () => undefined,
  );
}

/** Lowercase hexadecimal SHA-256 of a file's bytes. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** A content that files have; empty files need none. */
export type Blob = Pick<ReleaseFile, 'sha256' | 'size'>;

/** Every content of a list of files, once. */
export function blobsOf(files: readonly ReleaseFile[]): Blob[] {
  const found = new Map(files.map(({ sha256, size }) => [sha256, { sha256, size }]));
  return [...found.values()].filter(({ size }) => size > 0);
}

/** Contents that have not gathered yet, in the order of the files. */
export async function missingIn(staging: string, files: readonly ReleaseFile[]): Promise<Blob[]> {
  const there = new Set(await readdir(join(staging, 'blobs')).catch(() => []));
  return blobsOf(files).filter(({ sha256 }) => !there.has(sha256));
}

/** Copies in what other artefacts of the application on this machine have; their bytes are checked. */
export async function seed(
  store: string,
  { app, digest, files }: Release,
  staging: string,
): Promise<void> {
  const missing = new Map((await missingIn(staging, files)).map((blob) => [blob.sha256, blob]));
  for (const place of await lastPlaces(store, app, digest)) {
    if (missing.size === 0) return;
    // oxlint-disable-next-line no-await-in-loop -- one artefact after the other
    const text = await readFile(join(place, 'release.json'), 'utf8').catch(() => '');
    for (const { path, sha256, mode } of readRelease(text).release?.files ?? []) {
      if (mode === '120000' || !missing.has(sha256)) continue;
      // oxlint-disable-next-line no-await-in-loop -- disks are not faster at once
      if (await copyChecked(join(place, 'files', path), staging, sha256)) missing.delete(sha256);
    }
  }
}

async function lastPlaces(store: string, app: string, but: string): Promise<string[]> {
  const folder = placeOfApp(store, app);
  const names = (await readdir(folder).catch(() => [])).filter(
    (name) => name.startsWith('sha256-') && name !== but.replace(':', '-'),
  );
  const times = await Promise.all(
    names.map(async (name) =>
      lstat(join(folder, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return names
    .map((name, at) => ({ place: join(folder, name), time: times[at] ?? 0 }))
    .toSorted((a, b) => b.time - a.time)
    .slice(0, maxSeeds)
    .map(({ place }) => place);
}

async function copyChecked(from: string, staging: string, sha256: string): Promise<boolean> {
  const part = partIn(staging, `${sha256}.seed.${process.pid}`);
  try {
    await copyFile(from, part, constants.COPYFILE_FICLONE);
    if ((await hashFile(part)) !== sha256) return false;
    await chmod(part, 0o600);
    await link(part, blobIn(staging, sha256)).catch(unlessThere);
    return true;
  } catch {
    return false; // it comes from where the others come
  } finally {
    await rm(part, { force: true });
  }
}

export function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/**
 * Makes the artefact of what has gathered, hashes each file once more, and puts it in its place by
 * one rename. False when there already is one. Throws TERR_RELEASE_BLOB when a content is not what
 * its name says; it is thrown away then, and has to come again.
 */
export async function putTogether(
  store: string,
  release: Release,
  staging: string,
): Promise<boolean> {
  const workplace = await makeWorkplace(placeOfApp(store, release.app), buildingPrefix);
  try {
    const made = join(workplace, 'artefact');
    const uses = new Map<string, number>();
    for (const { sha256 } of release.files) uses.set(sha256, (uses.get(sha256) ?? 0) + 1);
    for (const folder of new Set(release.files.map(({ path }) => dirname(path))))
      await mkdir(join(made, 'files', folder), { recursive: true }); // oxlint-disable-line no-await-in-loop -- parents come from their children
    const waiting = release.files.values();
    const work = async (): Promise<void> => {
      for (const file of waiting)
        await put(file, {
          staging,
          files: join(made, 'files'),
          alone: uses.get(file.sha256) === 1,
        }); // oxlint-disable-line no-await-in-loop -- one of several at work
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    await writeFlushed(join(made, 'release.json'), writeRelease(release));
    return await putFolder(made, placeOfArtefact(store, release.app, release.digest));
  } finally {
    await removeTree(workplace);
  }
}

interface Putting {
  readonly staging: string;
  readonly files: string;
  /** No other file has the same content. */
  readonly alone: boolean;
}

async function put(file: ReleaseFile, { staging, files, alone }: Putting): Promise<void> {
  const target = join(files, file.path);
  const blob = blobIn(staging, file.sha256);
  const wrong = async (): Promise<never> => {
    await rm(blob, { force: true });
    throw releaseErrors('BLOB', `what came for ${file.path} is not what its hash says`);
  };
  if (file.mode === '120000') {
    const points = await readFile(blob, 'utf8');
    if (sha256Of(points) !== file.sha256) return wrong();
    if (!pointsInside(file.path, points))
      throw releaseErrors(
        'CONTENT',
        `${file.path} links to ${points}, which is not in the artefact`,
      );
    return symlink(points, target);
  }
  if (file.size === 0) await writeFile(target, '', { flag: 'wx' });
  else if (alone) await link(blob, target);
  else await copyFile(blob, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  if ((await hashFile(target)) !== file.sha256) return wrong();
  await settleFile(target, file);
}

/** Read-only, and there when the power goes. */
async function settleFile(target: string, { mode }: ReleaseFile): Promise<void> {
  await chmod(target, mode === '100755' ? 0o555 : 0o444);
  const handle = await open(target, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
