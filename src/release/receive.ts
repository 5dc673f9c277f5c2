import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { releaseErrors } from './errors.ts';
import { type Blob, blobIn, hashFile, partIn, sizeOf } from './staging.ts';

/** A piece of a file as it comes. */
export interface Piece {
  /** Bytes of the file that come before it. */
  readonly offset: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/** How far a file is. */
export interface Received {
  /** Bytes that are there: the next piece begins here. */
  readonly next: number;
  /** All of it is there, and is what its hash says. */
  readonly whole: boolean;
}

/** Bytes of a file that are there. */
export async function receivedOf(staging: string, { sha256 }: Blob): Promise<number> {
  return (await sizeOf(partIn(staging, sha256))) ?? 0;
}

/**
 * Takes a piece of a file, hashing it while it is read; what came before a cut stays. One at a time
 * for each file. Throws TERR_RELEASE_OFFSET, TERR_RELEASE_BLOB, TERR_RELEASE_STORE.
 */
export async function receive(
  staging: string,
  blob: Blob,
  { offset, body }: Piece,
): Promise<Received> {
  const { sha256, size } = blob;
  if ((await sizeOf(blobIn(staging, sha256))) !== undefined) {
    await drain(body);
    return { next: size, whole: true };
  }
  const part = partIn(staging, sha256);
  const there = await receivedOf(staging, blob);
  if (offset > there) {
    await drain(body);
    throw releaseErrors('OFFSET', `of ${sha256} there are ${there} bytes, not ${offset}`);
  }
  const hash = createHash('sha256');
  const next = await write(part, { offset, body }, { size, hash });
  if (next < size) return { next, whole: false };
  // Of a file in pieces the ones before are read again.
  const found = offset === 0 ? hash.digest('hex') : await hashFile(part);
  if (found !== sha256) {
    await rm(part, { force: true });
    throw releaseErrors('BLOB', `the bytes that came have the hash ${found}, not ${sha256}`);
  }
  await rename(part, blobIn(staging, sha256));
  return { next, whole: true };
}

interface Expected {
  readonly size: number;
  readonly hash: ReturnType<typeof createHash>;
}

async function write(part: string, { offset, body }: Piece, expected: Expected): Promise<number> {
  const file = await open(part, offset === 0 ? 'w' : 'r+', 0o600).catch(notWritable);
  let at = offset;
  try {
    for await (const chunk of body) {
      if (at + chunk.length > expected.size) {
        await rm(part, { force: true });
        throw releaseErrors(
          'BLOB',
          `more than the ${expected.size} bytes came that were announced`,
        );
      }
      expected.hash.update(chunk);
      await writeAt(file, chunk, at);
      at += chunk.length;
    }
    return at;
  } finally {
    // What was there behind this piece may be from another sender.
    await file.truncate(at).catch(() => undefined);
    await file.close();
  }
}

async function writeAt(file: FileHandle, chunk: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    // oxlint-disable-next-line no-await-in-loop -- in their order
    const { bytesWritten } = await file
      .write(chunk, done, chunk.length - done, at + done)
      .catch(notWritable);
    done += bytesWritten;
  }
}

/** So that the sender hears the answer: who is still sending may not listen. */
async function drain(body: AsyncIterable<Uint8Array>): Promise<void> {
  let bytes = 0;
  for await (const chunk of body) if ((bytes += chunk.length) > maxDrained) return;
}

const maxDrained = 64 * 2 ** 20;

function notWritable(error: NodeJS.ErrnoException): never {
  throw releaseErrors('STORE', `the store can not be written: ${error.message}`, { cause: error });
}
