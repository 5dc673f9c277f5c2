import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readRelease, sha256Of } from '../rooms/releases/artefact/canonical.ts';
import type { ReleaseFile } from '../rooms/releases/artefact/release.ts';
import { releaseErrors } from './errors.ts';

/**
 * Hashes an artefact again. Throws TERR_RELEASE_ARTEFACT with the first file that is not what it
 * was. Files beside the listed ones are not looked for.
 */
export async function verifyArtefact(place: string, digest: string): Promise<void> {
  const damaged = (why: string): Error =>
    releaseErrors(
      'ARTEFACT',
      `${place} is not what was built: ${why}; move it away and build again`,
    );
  const text = await readFile(join(place, 'release.json'), 'utf8').catch(() => undefined);
  if (text === undefined) throw damaged('release.json is not there');
  const { release, faults } = readRelease(text);
  if (!release) throw damaged(`release.json: ${faults.join('; ')}`);
  if (release.digest !== digest) throw damaged(`its digest is ${release.digest}`);
  for (const file of release.files) {
    const fault = await faultOf(join(place, 'files', file.path), file); // oxlint-disable-line no-await-in-loop -- disks are not faster at once
    if (fault !== undefined) throw damaged(`files/${file.path} ${fault}`);
  }
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
