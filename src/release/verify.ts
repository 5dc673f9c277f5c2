import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readRelease, sha256Of } from '../rooms/releases/artefact/canonical.ts';
import type { Release, ReleaseFile } from '../rooms/releases/artefact/release.ts';
import { releaseErrors } from './errors.ts';

/** What is found where an artefact should be. */
export interface Damage {
  readonly isThere: boolean;
  /** Undefined when there is none that can be used. */
  readonly release: Release | undefined;
  /** Why there is no release. */
  readonly why: string;
  /** Files that are not what they were, and how. */
  readonly files: readonly (ReleaseFile & { readonly fault: string })[];
}

/** Hashes an artefact again. Files beside the listed ones are not looked for. */
export async function damageOf(place: string, digest: string): Promise<Damage> {
  const isThere = (await lstat(place).catch(() => undefined)) !== undefined;
  const none = (why: string): Damage => ({ isThere, release: undefined, why, files: [] });
  const text = await readFile(join(place, 'release.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return none('release.json is not there');
  const { release, faults } = readRelease(text);
  if (!release) return none(`release.json: ${faults.join('; ')}`);
  if (release.digest !== digest) return none(`its digest is ${release.digest}`);
  const files: (ReleaseFile & { fault: string })[] = [];
  for (const file of release.files) {
    const fault = await faultOf(join(place, 'files', file.path), file); // oxlint-disable-line no-await-in-loop -- disks are not faster at once
    if (fault !== undefined) files.push({ ...file, fault });
  }
  return { isThere, release, why: '', files };
}

/** Throws TERR_RELEASE_ARTEFACT with the first file of an artefact that is not what it was. */
export async function verifyArtefact(place: string, digest: string): Promise<void> {
  const { release, why, files } = await damageOf(place, digest);
  const [first] = files;
  if (release && !first) return;
  const what = first ? `files/${first.path} ${first.fault}` : why;
  throw releaseErrors(
    'ARTEFACT',
    `${place} is not what was built: ${what}; move it away and build again`,
  );
}

async function faultOf(path: string, { mode, sha256 }: ReleaseFile): Promise<string | undefined> {
  const stat = await lstat(path).catch(() => undefined);
  if (!stat) return 'is not there';
  if (mode === '120000') {
    if (!stat.isSymbolicLink()) return 'is no symbolic link';
    return sha256Of(await readlink(path)) === sha256 ? undefined : 'points elsewhere';
  }
  if (!stat.isFile()) return 'is no file';
  if (((stat.mode & 0o100) !== 0) !== (mode === '100755')) return 'has another mode';
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex') === sha256 ? undefined : 'has other content';
}
