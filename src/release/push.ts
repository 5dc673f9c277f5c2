import { open, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { writeRelease } from '../rooms/releases/artefact/canonical.ts';
import type { Release, ReleaseFile } from '../rooms/releases/artefact/release.ts';
import { CodedError } from '../errors/coded-error.ts';
import { releaseErrors } from './errors.ts';
import { type ArtefactServer, artefactsPath, askServer, patiently } from './http.ts';
import { loadRelease, placeOfArtefact } from './store.ts';

/** Files that are sent at the same time. */
const atOnce = 4;
/** Bytes of one request: a server gives a request a minute. */
const pieceBytes = 8 * 2 ** 20;
/** Times that is asked what is missing: others may have sent something else meanwhile. */
const rounds = 4;

/** What a server says to a release.json. */
const Taken = Type.Object({
  digest: Type.String(),
  kept: Type.Boolean(),
  new: Type.Boolean(),
  missing: Type.Array(
    Type.Object({ sha256: Type.String(), size: Type.Integer(), next: Type.Integer() }),
  ),
});
type Taken = Static<typeof Taken>;
type Missing = Taken['missing'][number];

/** Which version of which store is sent. */
export interface Pushing {
  readonly store: string;
  readonly app: string;
  readonly version: string;
  /** Told while bytes go; `of` is all that is missing there. */
  readonly onProgress?: (bytes: number, of: number) => void;
}

/** A version that the server has now. */
export interface Pushed {
  readonly release: Release;
  /** False when the server had it already. */
  readonly isNew: boolean;
  /** Bytes that were sent. */
  readonly bytes: number;
}

/**
 * Sends a version to a server: its release.json, then the files that the server does not have, in
 * pieces. Sent again it costs nothing, and after a cut it goes on. Throws TERR_RELEASE_….
 */
export async function pushRelease(
  server: ArtefactServer,
  pushing: Pushing,
  signal: AbortSignal,
): Promise<Pushed> {
  const release = await loadRelease(pushing.store, pushing.app, pushing.version);
  let bytes = 0;
  for (let round = 0; round < rounds; round++) {
    const taken = await announce(server, release, signal); // oxlint-disable-line no-await-in-loop -- one round after the other
    if (taken.kept) return { release, isNew: taken.new, bytes };
    bytes += await sendAll({ server, pushing, release, signal }, taken.missing); // oxlint-disable-line no-await-in-loop -- as above
  }
  throw releaseErrors('SERVER', 'the server still misses files that were sent to it; try again');
}

async function announce(
  server: ArtefactServer,
  release: Release,
  signal: AbortSignal,
): Promise<Taken> {
  const body = writeRelease(release);
  const response = await patiently(signal, async () =>
    askServer(
      server,
      { method: 'POST', path: artefactsPath, body, type: 'application/json' },
      signal,
    ),
  );
  const answer: unknown = await response.json().catch(() => undefined);
  if (!Value.Check(Taken, answer) || answer.digest !== release.digest)
    throw releaseErrors('SERVER', `${String(server.url)} does not answer as Territory does`);
  return answer;
}

interface Sending {
  readonly server: ArtefactServer;
  readonly pushing: Pushing;
  readonly release: Release;
  readonly signal: AbortSignal;
}

async function sendAll(sending: Sending, missing: readonly Missing[]): Promise<number> {
  const of = missing.reduce((sum, { size, next }) => sum + size - next, 0);
  const files = new Map(sending.release.files.map((file) => [file.sha256, file]));
  let bytes = 0;
  const went = (more: number): void => {
    bytes += more;
    sending.pushing.onProgress?.(bytes, of);
  };
  const waiting = missing.values();
  const work = async (): Promise<void> => {
    for (const one of waiting) {
      const file = files.get(one.sha256);
      if (file) await sendFile(sending, { file, from: one.next, went }); // oxlint-disable-line no-await-in-loop -- one of several at work
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return bytes;
}

interface FileSending {
  readonly file: ReleaseFile;
  readonly from: number;
  readonly went: (bytes: number) => void;
}

async function sendFile(sending: Sending, { file, from, went }: FileSending): Promise<void> {
  const { server, release, signal } = sending;
  const base = `${artefactsPath}/${encodeURIComponent(release.app)}/${release.digest}`;
  for await (const { at, bytes } of piecesOf(sending, file, from)) {
    const path = `${base}/blobs/${file.sha256}?offset=${at}`;
    const put = { method: 'PUT', path, body: bytes, type: 'application/octet-stream' } as const;
    try {
      await patiently(signal, async () => askServer(server, put, signal));
    } catch (error) {
      // Another sends the same, or has sent all of it: what is missing then is asked again.
      if (error instanceof CodedError && othersDid.has(error.code)) return;
      throw error;
    }
    went(bytes.length);
  }
}

const othersDid = new Set(['TERR_RELEASE_OFFSET', 'TERR_RELEASE_UNKNOWN']);

interface FilePiece {
  readonly at: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

async function* piecesOf(
  { pushing, release }: Sending,
  { path, size, mode }: ReleaseFile,
  from: number,
): AsyncGenerator<FilePiece> {
  const place = join(placeOfArtefact(pushing.store, release.app, release.digest), 'files', path);
  if (mode === '120000') {
    yield { at: 0, bytes: new Uint8Array(Buffer.from(await readlink(place))) };
    return;
  }
  const file = await open(place, 'r').catch((error: NodeJS.ErrnoException) => {
    throw releaseErrors('ARTEFACT', `${place} can not be read: ${error.message}; build it again`);
  });
  try {
    for (let at = from; at < size;) {
      const buffer = new Uint8Array(Math.min(pieceBytes, size - at));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0)
        throw releaseErrors('ARTEFACT', `${place} is shorter than it was; build it again`);
      yield { at, bytes: buffer.subarray(0, bytesRead) };
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}
