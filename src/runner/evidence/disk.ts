import { createHash } from 'node:crypto';
import { type BigIntStats, createReadStream, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pipeline } from 'node:stream/promises';
import { sha256Of } from '../../rooms/releases/artefact/canonical.ts';
import type { Release, ReleaseFile } from '../../rooms/releases/artefact/release.ts';
import type { DiskSeen } from '../../rooms/where/evidence/evidence.ts';

/** What one look takes: files whose marks it compares, bytes that it hashes, ms; the next goes on behind. */
const defaultBounds = { files: 20_000, bytes: 128 * 1024 * 1024, time: 5_000 };
/** Folders that are remembered. */
const maxFolders = 32;
/** Of each kind that are named. */
const maxNamed = 20;
const turnMs = 10;

/** What is remembered of a file: while its mark is the same, so is its content. */
interface Checked {
  readonly mark: string;
  readonly good: boolean;
}

interface Remembered {
  readonly digest: string;
  readonly files: Map<string, Checked | 'missing'>;
  /** By folder: its mark and what is in it that the release has not. */
  readonly folders: Map<string, { readonly mark: string; readonly added: readonly string[] }>;
  /** Where the next look begins when one does not come round. */
  next: number;
}

/**
 * D: hashes the files that a release runs from again. A file is read again only when its inode, size
 * or one of its times is another: `ctime` can not be set back by who edits it in place.
 */
export class DiskLooker {
  readonly #bounds: typeof defaultBounds;
  readonly #remembered = new Map<string, Remembered>();
  /** Bytes hashed in all. */
  hashed = 0;

  constructor(bounds: Partial<typeof defaultBounds> = {}) {
    this.#bounds = { ...defaultBounds, ...bounds };
  }

  /** How the folder of a release's files differs from it. Throws what the file system throws. */
  async look(folder: string, release: Release, signal: AbortSignal): Promise<DiskSeen> {
    const base = { version: release.version, folder };
    if (markOf(folder) === undefined) {
      this.#remembered.delete(folder);
      return { ...base, changed: [], missing: [], added: [], gone: true };
    }
    const known = this.#recall(folder, release.digest);
    await this.#lookAtFiles(folder, release.files, { known, signal });
    const added = await this.#lookForOthers(folder, release.files, { known, signal });
    const of = (isIt: (state: Checked | 'missing') => boolean): string[] =>
      [...known.files].flatMap(([path, state]) => (isIt(state) ? [path] : [])).slice(0, maxNamed);
    return {
      ...base,
      changed: of((state) => state !== 'missing' && !state.good),
      missing: of((state) => state === 'missing'),
      added,
      gone: false,
      left: release.files.length - known.files.size,
    };
  }

  #recall(folder: string, digest: string): Remembered {
    const known = this.#remembered.get(folder);
    this.#remembered.delete(folder);
    const now =
      known?.digest === digest ? known : { digest, files: new Map(), folders: new Map(), next: 0 };
    this.#remembered.set(folder, now);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > maxFolders && oldest !== undefined) this.#remembered.delete(oldest);
    return now;
  }

  async #lookAtFiles(
    folder: string,
    files: readonly ReleaseFile[],
    { known, signal }: { readonly known: Remembered; readonly signal: AbortSignal },
  ): Promise<void> {
    let bytes = 0;
    const begun = performance.now();
    let since = begun;
    const most = Math.min(files.length, this.#bounds.files);
    for (let looked = 0; looked < most; looked++) {
      const file = files[known.next % files.length];
      if (!file || bytes > this.#bounds.bytes) return;
      bytes += await this.#lookAt(folder, file, known); // oxlint-disable-line no-await-in-loop -- disks are not faster at once
      known.next = (known.next + 1) % files.length;
      const now = performance.now();
      if (now - since < turnMs) continue;
      if (now - begun > this.#bounds.time) return;
      await setImmediate(); // oxlint-disable-line no-await-in-loop -- others get their turn
      signal.throwIfAborted();
      since = performance.now();
    }
  }

  /** Gives the bytes that it read. */
  async #lookAt(folder: string, file: ReleaseFile, { files }: Remembered): Promise<number> {
    const path = join(folder, file.path);
    const mark = markOf(path);
    if (mark === undefined) {
      files.set(file.path, 'missing');
      return 0;
    }
    const known = files.get(file.path);
    if (known !== undefined && known !== 'missing' && known.mark === mark) return 0;
    const { good, bytes } = await checkFile(path, file);
    files.set(file.path, { mark, good });
    this.hashed += bytes;
    return bytes;
  }

  async #lookForOthers(
    folder: string,
    files: readonly ReleaseFile[],
    { known, signal }: { readonly known: Remembered; readonly signal: AbortSignal },
  ): Promise<string[]> {
    const listed = new Set(files.map(({ path }) => path));
    const folders = new Set(['.']);
    for (const { path } of files)
      for (let at = dirname(path); !folders.has(at); at = dirname(at)) folders.add(at);
    const added: string[] = [];
    let since = performance.now();
    for (const name of folders) {
      added.push(...othersIn(folder, name, { known, listed, folders }));
      if (performance.now() - since < turnMs) continue;
      await setImmediate(); // oxlint-disable-line no-await-in-loop -- others get their turn
      signal.throwIfAborted();
      since = performance.now();
    }
    return added.slice(0, maxNamed);
  }
}

/** Entries of one folder that the release has not; a folder of them stands with a slash. */
function othersIn(
  root: string,
  name: string,
  of: {
    readonly known: Remembered;
    readonly listed: ReadonlySet<string>;
    readonly folders: ReadonlySet<string>;
  },
): readonly string[] {
  const { known, listed, folders } = of;
  const place = join(root, name);
  const mark = markOf(place);
  const before = known.folders.get(name);
  if (mark === undefined) return [];
  if (before?.mark === mark) return before.added;
  const added = readdirSync(place, { withFileTypes: true })
    .map((entry) => ({ path: name === '.' ? entry.name : `${name}/${entry.name}`, entry }))
    .filter(({ path, entry }) => !(entry.isDirectory() ? folders : listed).has(path))
    .map(({ path, entry }) => (entry.isDirectory() ? `${path}/` : path))
    .slice(0, maxNamed);
  known.folders.set(name, { mark, added });
  return added;
}

/** What changes whenever content or mode does; undefined where nothing is. */
function markOf(path: string): string | undefined {
  const stat = statOf(path);
  return stat && [stat.ino, stat.size, stat.mode, stat.mtimeNs, stat.ctimeNs].map(String).join(' ');
}

function statOf(path: string): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

async function checkFile(
  path: string,
  { mode, sha256, size }: ReleaseFile,
): Promise<{ readonly good: boolean; readonly bytes: number }> {
  const stat = statOf(path);
  if (mode === '120000') {
    const good = stat?.isSymbolicLink() === true && sha256Of(readlinkSync(path)) === sha256;
    return { good, bytes: 0 };
  }
  if (stat?.isFile() !== true) return { good: false, bytes: 0 };
  const executable = (stat.mode & 0o100n) !== 0n;
  // Another size is another content: it need not be read.
  if (executable !== (mode === '100755') || Number(stat.size) !== size)
    return { good: false, bytes: 0 };
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { good: hash.digest('hex') === sha256, bytes: size };
}
