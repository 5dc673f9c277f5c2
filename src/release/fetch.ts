import { createHash, randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { faultOfRelease } from '../rooms/releases/artefact/acceptable.ts';
import { readRelease } from '../rooms/releases/artefact/canonical.ts';
import type { Release, ReleaseFile } from '../rooms/releases/artefact/release.ts';
import { releaseErrors } from './errors.ts';
import { type ArtefactServer, artefactsPath, askServer, patiently, unreachable } from './http.ts';
import {
  type Blob,
  blobIn,
  blobsOf,
  makeStaging,
  missingIn,
  partIn,
  placeOfStaging,
  putTogether,
  seed,
  unlessThere,
} from './staging.ts';
import { placeOfArtefact } from './store.ts';
import { damageOf } from './verify.ts';
import { removeTree } from './workplace.ts';

/** Files that are fetched at the same time. */
const atOnce = 4;
/** Times that what another process does to the same artefact is waited out. */
const turns = 3;

/** Which artefact is wanted. */
export interface WantedArtefact {
  readonly app: string;
  /** `sha256:…` */
  readonly digest: string;
  /** Told now and then while bytes come; `of` is all of them. */
  readonly onProgress?: (bytes: number, of: number) => void;
}

/** An artefact that is in the store of this machine now, whole. */
export interface FetchedArtefact {
  readonly release: Release;
  /** Its folder, with `release.json` and `files/`. */
  readonly place: string;
  /** False when it was there already. */
  readonly isNew: boolean;
  /** Files that were there, were not what they should be, and were put right. Worth telling people. */
  readonly repaired: readonly string[];
}

/**
 * Brings an artefact into a store, whole or not at all, and checks every file of it by its hash, also
 * when it was there before. What came before a cut is not fetched again; several may do it at once.
 * A server that is away is waited for, at most a minute. Throws TERR_RELEASE_….
 */
export async function fetchArtefact(
  server: ArtefactServer,
  wanted: WantedArtefact,
  store: string,
  signal: AbortSignal,
): Promise<FetchedArtefact> {
  const { app, digest } = wanted;
  const place = placeOfArtefact(store, app, digest);
  const here = await damageOf(place, digest);
  if (here.release && here.files.length === 0)
    return { release: here.release, place, isNew: false, repaired: [] };
  const fetching: Fetching = { server, wanted, store, signal, place };
  const release = await releaseFrom(fetching);
  if (here.release) return repair(fetching, release, here.files);
  if (here.isThere)
    throw releaseErrors('ARTEFACT', `${place} has no release.json that can be used; move it away`);
  return bring(fetching, release);
}

interface Fetching {
  readonly server: ArtefactServer;
  readonly wanted: WantedArtefact;
  readonly store: string;
  readonly signal: AbortSignal;
  readonly place: string;
}

const pathOf = ({ app, digest }: WantedArtefact): string =>
  `${artefactsPath}/${encodeURIComponent(app)}/${digest}`;

async function releaseFrom({ server, wanted, signal }: Fetching): Promise<Release> {
  const text = await patiently(signal, async () => {
    const response = await askServer(server, { method: 'GET', path: pathOf(wanted) }, signal);
    return response.text().catch((error: unknown) => {
      signal.throwIfAborted();
      throw unreachable(String(server.url), error);
    });
  });
  const { release, faults } = readRelease(text);
  const fault = release ? faultOfRelease(release) : faults.join('; ');
  const other = release?.app !== wanted.app || release.digest !== wanted.digest;
  if (!release || fault !== undefined || other)
    throw releaseErrors(
      'SERVER',
      `the server gives a release.json that is not that of ${wanted.app} ${wanted.digest}${fault === undefined ? '' : `: ${fault}`}`,
    );
  return release;
}

async function bring(fetching: Fetching, release: Release): Promise<FetchedArtefact> {
  const { store, place, wanted, signal } = fetching;
  const staging = placeOfStaging(store, release.app, release.digest);
  for (let turn = 1; ; turn++) {
    try {
      await gather(fetching, release, staging); // oxlint-disable-line no-await-in-loop -- one turn after the other
      const isNew = await putTogether(store, release, staging); // oxlint-disable-line no-await-in-loop -- as above
      await removeTree(staging); // oxlint-disable-line no-await-in-loop -- as above
      return { release, place, isNew, repaired: [] };
    } catch (error) {
      signal.throwIfAborted();
      // Another process may have been faster and taken the contents away, or one was damaged here.
      const here = await damageOf(place, wanted.digest); // oxlint-disable-line no-await-in-loop -- as above
      if (here.release && here.files.length === 0)
        return { release: here.release, place, isNew: false, repaired: [] };
      if (turn >= turns || !mayHelpAgain(error)) throw error;
    }
  }
}

const mayHelpAgain = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ENOENT' || error.code === 'TERR_RELEASE_BLOB');

async function gather(fetching: Fetching, release: Release, staging: string): Promise<void> {
  const { store, wanted } = fetching;
  await makeStaging(staging).catch(notWritable);
  await seed(store, release, staging);
  const missing = await missingIn(staging, release.files);
  const of = missing.reduce((sum, { size }) => sum + size, 0);
  let bytes = 0;
  const come = (more: number): void => {
    bytes += more;
    wanted.onProgress?.(bytes, of);
  };
  const waiting = missing.values();
  const work = async (): Promise<void> => {
    for (const blob of waiting) await fetchBlob(fetching, { blob, staging, come }); // oxlint-disable-line no-await-in-loop -- one of several at work
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

interface Coming {
  readonly blob: Blob;
  readonly staging: string;
  readonly come: (bytes: number) => void;
}

async function fetchBlob(fetching: Fetching, { blob, staging, come }: Coming): Promise<void> {
  const part = partIn(staging, `${blob.sha256}.${process.pid}.${randomBytes(4).toString('hex')}`);
  try {
    await patiently(fetching.signal, async () => download(fetching, blob, { to: part, come }));
    await link(part, blobIn(staging, blob.sha256)).catch(unlessThere);
  } finally {
    await rm(part, { force: true });
  }
}

async function download(
  { server, wanted, signal }: Fetching,
  { sha256, size }: Blob,
  { to, come }: { readonly to: string; readonly come: (bytes: number) => void },
): Promise<void> {
  const path = `${pathOf(wanted)}/blobs/${sha256}`;
  const response = await askServer(server, { method: 'GET', path }, signal);
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(to, 'w', 0o600).catch(notWritable);
  try {
    for await (const chunk of chunksOf(response, server, signal)) {
      bytes += chunk.length;
      if (bytes > size) break;
      hash.update(chunk);
      await file.writeFile(chunk).catch(notWritable);
      come(chunk.length);
    }
  } finally {
    await file.close();
  }
  if (bytes !== size || hash.digest('hex') !== sha256)
    throw releaseErrors(
      'SERVER',
      `the server gives other bytes than those of ${sha256}: is its store damaged?`,
    );
}

async function* chunksOf(
  response: Response,
  server: ArtefactServer,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response.body ?? []) yield chunk as Uint8Array; // bytes, by the Fetch standard
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(String(server.url), error);
  }
}

/** Puts files right in their places, each by one rename: what runs from there is not disturbed. */
async function repair(
  fetching: Fetching,
  release: Release,
  damaged: readonly ReleaseFile[],
): Promise<FetchedArtefact> {
  const { place, store, signal } = fetching;
  const staging = placeOfStaging(store, release.app, release.digest);
  await makeStaging(staging).catch(notWritable);
  const links = damaged.filter(({ mode }) => mode === '120000');
  if (links.length > 0)
    throw releaseErrors('ARTEFACT', `${place}: ${links[0]?.path} is no longer the link it was`);
  for (const file of damaged) {
    const target = join(place, 'files', file.path);
    await mkdir(dirname(target), { recursive: true }); // oxlint-disable-line no-await-in-loop -- few
    await putRight(fetching, { file, target, staging }); // oxlint-disable-line no-await-in-loop -- few
  }
  signal.throwIfAborted();
  await removeTree(staging);
  const after = await damageOf(place, release.digest);
  if (!after.release || after.files.length > 0)
    throw releaseErrors('ARTEFACT', `${place} was damaged and can not be put right; move it away`);
  const repaired = damaged.map(({ path }) => path);
  return { release: after.release, place, isNew: false, repaired };
}

async function putRight(
  fetching: Fetching,
  { file, target, staging }: { file: ReleaseFile; target: string; staging: string },
): Promise<void> {
  const made = partIn(staging, `${file.sha256}.${process.pid}.right`);
  const nothing = (): void => undefined;
  if (blobsOf([file]).length > 0)
    await patiently(fetching.signal, async () =>
      download(fetching, file, { to: made, come: nothing }),
    );
  else await (await open(made, 'w')).close();
  await chmod(made, file.mode === '100755' ? 0o555 : 0o444);
  await rename(made, target);
}

function notWritable(error: NodeJS.ErrnoException): never {
  throw releaseErrors('STORE', `the store can not be written: ${error.message}`, { cause: error });
}
