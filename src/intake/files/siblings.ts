import type { Stats } from 'node:fs';
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, parse } from 'node:path';
import { isSame, type Place } from './place.ts';

/** Files of a directory that are looked through. */
const most = 2_000;
/** What rotation packs is left: it was read before. */
const packed = /\.(?:gz|bz2|xz|zst|lz4|lzma|Z|zip)$/;

/** Whether a name is that of a packed file. */
export function isPacked(path: string): boolean {
  return packed.test(path);
}

/** A file that is open, and where it was found. */
export interface Found {
  readonly path: string;
  readonly handle: FileHandle;
}

/**
 * Where a file is now that is no longer at its path: beside it under another name (the same inode), or
 * as a copy that begins with the same bytes and has what was not read yet (`copytruncate`).
 * Undefined when it is nowhere.
 */
export async function findMoved(place: Place): Promise<Found | undefined> {
  const directory = dirname(place.path);
  const names = await readdir(directory).catch(() => []);
  const moved: string[] = [];
  const copies: string[] = [];
  for (const name of names.slice(0, most)) {
    const path = join(directory, name);
    // oxlint-disable-next-line no-await-in-loop -- few
    const found = isPacked(name) ? undefined : await stat(path).catch(() => undefined);
    if (found?.isFile() !== true || found.size < place.offset) continue;
    const same = found.dev === place.dev && found.ino === place.ino;
    (same ? moved : copies).push(path);
  }
  return firstSame([...moved, ...(place.print.length > 0 ? copies : [])], place);
}

async function firstSame(paths: readonly string[], place: Place): Promise<Found | undefined> {
  for (const path of paths) {
    // oxlint-disable-next-line no-await-in-loop -- one is enough
    const handle = await openSame(path, place);
    if (handle) return { path, handle };
  }
  return undefined;
}

/** Opens a file if it still holds what was read of it. */
export async function openSame(path: string, place: Place): Promise<FileHandle | undefined> {
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) return undefined;
  const same = await isSame(handle, place.print).catch(() => false);
  const { size } = await handle.stat();
  if (same && size >= place.offset) return handle;
  await handle.close();
  return undefined;
}

/** Names that rotation gives: `shop.log.1`, `shop.log-20260601`, `shop-20260601.log`. */
function isRotationOf(path: string): (name: string) => boolean {
  const name = basename(path);
  const { name: stem, ext } = parse(path);
  const number = /^[.-]\d[\d.-]*$/;
  return (one) => {
    if (one.startsWith(name) && number.test(one.slice(name.length))) return true;
    const inner =
      one.startsWith(stem) && one.endsWith(ext)
        ? one.slice(stem.length, one.length - ext.length)
        : '';
    return ext !== '' && number.test(inner);
  };
}

/**
 * What was rotated away since: the files beside a path that are named as rotation names them and were
 * made after `since` (ms, as `madeAt`), the oldest first.
 */
export async function rotatedSince(path: string, since: number): Promise<string[]> {
  const directory = dirname(path);
  const names = (await readdir(directory).catch(() => [])).filter(isRotationOf(path));
  const found: { path: string; made: number }[] = [];
  for (const name of names.filter((one) => !isPacked(one)).slice(0, most)) {
    const sibling = join(directory, name);
    // oxlint-disable-next-line no-await-in-loop -- few
    const status = await stat(sibling).catch(() => undefined);
    if (status?.isFile() === true && madeAt(status) > since)
      found.push({ path: sibling, made: madeAt(status) });
  }
  return found.toSorted((a, b) => a.made - b.made).map((one) => one.path);
}

/** When a file was made, ms; where the file system does not know, when it was last written. */
export function madeAt({ birthtimeMs, mtimeMs }: Stats): number {
  return birthtimeMs > 0 ? birthtimeMs : mtimeMs;
}
