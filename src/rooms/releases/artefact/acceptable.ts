import { appName } from '../manifest/read.ts';
import type { Release, ReleaseFile } from './release.ts';

/** An artefact goes to every server: what is larger than this was not meant to be one. */
export const maxFiles = 200_000;
export const maxBytes = 16 * 2 ** 30;

/** Bytes; Linux's PATH_MAX and NAME_MAX. */
const maxPath = 4_096;
const maxName = 255;
/** Characters of a version; it becomes the name of a folder, percent-encoded. */
const maxVersion = 80;
const object = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * What is wrong with a release that came from elsewhere, beyond its schema and digest: names that
 * would be places outside of the artefact, ids of commits that are none. Undefined: nothing. Pure.
 */
export function faultOfRelease({ app, version, source, files }: Release): string | undefined {
  if (!appName.test(app)) return `"${app}" is no name of an application`;
  if (version.length > maxVersion || /\p{Cc}/u.test(version))
    return `a version has at most ${maxVersion} characters, on one line`;
  if (!object.test(source.commit) || !object.test(source.tree))
    return 'source.commit and source.tree are whole names of git objects, in hexadecimal';
  return faultOfFiles(files);
}

/** What is wrong with a list of files, in a sentence. Undefined: nothing. Pure. */
function faultOfFiles(files: readonly ReleaseFile[]): string | undefined {
  if (files.length === 0) return 'there is no file';
  if (files.length > maxFiles) return `there are more than ${maxFiles} files`;
  return faultOfPaths(files) ?? faultOfSizes(files);
}

function faultOfPaths(files: readonly ReleaseFile[]): string | undefined {
  const paths = new Set<string>();
  const folders = new Set<string>();
  for (const { path } of files) {
    const fault = faultOfPath(path);
    if (fault !== undefined) return fault;
    if (paths.has(path)) return `${path} is there twice`;
    paths.add(path);
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
      folders.add(path.slice(0, at));
  }
  const both = files.find(({ path }) => folders.has(path));
  return both && `${both.path} is both a file and a folder`;
}

function faultOfSizes(files: readonly ReleaseFile[]): string | undefined {
  const sizes = new Map<string, number>();
  let bytes = 0;
  for (const { path, size, sha256, mode } of files) {
    if ((sizes.get(sha256) ?? size) !== size)
      return `${path} has the hash of a file of another size`;
    sizes.set(sha256, size);
    if (mode === '120000' && size >= maxPath) return `the link ${path} is too long`;
    bytes += size;
  }
  return bytes > maxBytes ? `the files have more than ${maxBytes / 2 ** 30} GiB` : undefined;
}

function faultOfPath(path: string): string | undefined {
  const parts = path.split('/');
  if (path.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..'))
    return `${JSON.stringify(path)} is no path in an artefact`;
  const long = Buffer.byteLength(path) >= maxPath;
  return long || parts.some((part) => Buffer.byteLength(part) > maxName)
    ? `the path ${path.slice(0, 100)}… is too long`
    : undefined;
}

/** Whether what a link points to lies in the artefact; `path` is that of the link. Pure. */
export function pointsInside(path: string, target: string): boolean {
  if (target === '' || target.startsWith('/') || target.includes('\0')) return false;
  const at: string[] = path.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') at.push(part);
    else if (at.pop() === undefined) return false;
  }
  return true;
}
