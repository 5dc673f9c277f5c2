import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, readlink, symlink } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { maxBytes, maxFiles, pointsInside } from '../rooms/releases/artefact/acceptable.ts';
import { inOrder, sha256Of } from '../rooms/releases/artefact/canonical.ts';
import type { ReleaseFile } from '../rooms/releases/artefact/release.ts';
import { releaseErrors } from './errors.ts';

/** Files that are copied at the same time. */
const atOnce = 8;
const chunkBytes = 1 << 20;

/**
 * Copies what `isTaken` says from one folder into another, hashing what is copied. Files become
 * read-only and are flushed. Throws TERR_RELEASE_CONTENT for what can not be in an artefact.
 */
export async function collect(
  from: string,
  to: string,
  { isTaken, signal }: { isTaken: (path: string) => boolean; signal: AbortSignal },
): Promise<ReleaseFile[]> {
  const paths = await pathsIn(from, isTaken);
  if (paths.length === 0)
    throw releaseErrors('CONTENT', 'no file is taken: build.include matches none');
  const folders = new Set(paths.map((path) => dirname(join(to, path))));
  for (const folder of folders) await mkdir(folder, { recursive: true }); // oxlint-disable-line no-await-in-loop -- parents come from their children
  const files: ReleaseFile[] = [];
  let bytes = 0;
  let next = 0;
  const work = async (): Promise<void> => {
    for (let path = paths[next++]; path !== undefined; path = paths[next++]) {
      signal.throwIfAborted();
      const file = await copy(from, to, path); // oxlint-disable-line no-await-in-loop -- one of several at work
      bytes += file.size;
      if (bytes > maxBytes)
        throw releaseErrors('CONTENT', `the files have more than ${maxBytes / 2 ** 30} GiB`);
      files.push(file);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return files.toSorted((a, b) => inOrder(a.path, b.path));
}

async function pathsIn(root: string, isTaken: (path: string) => boolean): Promise<string[]> {
  const paths: string[] = [];
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    // oxlint-disable-next-line no-await-in-loop -- folder by folder
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (entry.name === '.git') continue;
      if (entry.isDirectory()) waiting.push(path);
      else if (isTaken(path)) paths.push(path);
      if (paths.length > maxFiles)
        throw releaseErrors('CONTENT', `there are more than ${maxFiles} files`);
    }
  }
  const unreadable = paths.find((path) => path.includes('\uFFFD'));
  if (unreadable !== undefined)
    throw releaseErrors('CONTENT', `the name of ${unreadable} is no UTF-8`);
  return paths.toSorted(inOrder);
}

async function copy(from: string, to: string, path: string): Promise<ReleaseFile> {
  const [source, target] = [join(from, path), join(to, path)];
  const stat = await lstat(source);
  if (stat.isSymbolicLink()) return copyLink(source, target, path);
  if (!stat.isFile())
    throw releaseErrors('CONTENT', `${path} is neither a file nor a symbolic link`);
  const isExecutable = (stat.mode & 0o100) !== 0;
  const { size, sha256 } = await copyBytes(source, target, isExecutable ? 0o555 : 0o444);
  return { path, mode: isExecutable ? '100755' : '100644', size, sha256 };
}

async function copyLink(source: string, target: string, path: string): Promise<ReleaseFile> {
  const points = await readlink(source);
  if (!pointsInside(path, points))
    throw releaseErrors('CONTENT', `${path} links to ${points}, which is not in the artefact`);
  await symlink(points, target);
  return { path, mode: '120000', size: Buffer.byteLength(points), sha256: sha256Of(points) };
}

async function copyBytes(
  source: string,
  target: string,
  mode: number,
): Promise<{ size: number; sha256: string }> {
  const input = await open(source, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const output = await open(target, 'wx', mode);
    try {
      const copied = await pump(input, output);
      await output.chmod(mode); // whatever the umask
      await output.sync();
      return copied;
    } finally {
      await output.close();
    }
  } finally {
    await input.close();
  }
}

async function pump(
  input: FileHandle,
  output: FileHandle,
): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(chunkBytes);
  let size = 0;
  for (;;) {
    const { bytesRead } = await input.read(buffer, 0, chunkBytes); // oxlint-disable-line no-await-in-loop -- in their order
    if (bytesRead === 0) return { size, sha256: hash.digest('hex') };
    const part = buffer.subarray(0, bytesRead);
    hash.update(part);
    await output.writeFile(part); // oxlint-disable-line no-await-in-loop -- in their order
    size += bytesRead;
  }
}
