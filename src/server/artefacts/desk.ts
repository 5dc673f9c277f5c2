import { readFile, readdir, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { checkDraft } from '../../event/check.ts';
import { encodeDrafts } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import type { Log } from '../../log/log.ts';
import { releaseErrors } from '../../release/errors.ts';
import { differs, refuseMoved } from '../../release/keep.ts';
import { type Piece, type Received, receive, receivedOf } from '../../release/receive.ts';
import {
  type Blob,
  blobsOf,
  makeStaging,
  missingIn,
  placeOfStaging,
  putTogether,
  seed,
  sizeOf,
  stagingPrefix,
} from '../../release/staging.ts';
import {
  findEntry,
  loadRelease,
  placeOfApp,
  placeOfArtefact,
  remember,
} from '../../release/store.ts';
import { verifyArtefact } from '../../release/verify.ts';
import { makeWorkplace, removeTree } from '../../release/workplace.ts';
import { faultOfRelease } from '../../rooms/releases/artefact/acceptable.ts';
import { asRelease } from '../../rooms/releases/artefact/canonical.ts';
import type { Release } from '../../rooms/releases/artefact/release.ts';
import { artefactsSource, movedFact, publishedFact } from '../../rooms/releases/facts.ts';
import type { Taken } from '../api/contract-artefacts.ts';
import { Turns } from './turns.ts';

/** Artefacts that may be on their way here at the same time. */
export const maxUploads = 50;
/** One that nobody sends anything to for so long is forgotten, ms. */
const forgottenAfter = 24 * 3_600_000;
/** Pieces of files that are taken at the same time. */
export const maxPieces = 32;
const expectedFile = 'expected.json';
const Expected = Type.Array(Type.Tuple([Type.String(), Type.Integer()]));

interface ArtefactsDeskOptions {
  readonly log: Log;
  /** Folder of the store; its layout is that of src/release/store.ts. */
  readonly store: string;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  /** Bytes that stay free on the disk. */
  readonly reserve: number;
}

/** Takes artefacts in: whole or not at all, and each of them once. */
export class ArtefactsDesk {
  readonly store: string;
  readonly counters = { published: 0, moved: 0, bytes: 0, full: 0, forgotten: 0, pieces: 0 };
  readonly #options: ArtefactsDeskOptions;
  readonly #turns = new Turns();
  /** What is expected of an upload: content → bytes. By the place of its staging. */
  readonly #expected = new Map<string, ReadonlyMap<string, number>>();

  constructor(options: ArtefactsDeskOptions) {
    this.#options = options;
    this.store = options.store;
  }

  /**
   * Takes a release.json. Its artefact is kept when all of its files are there; else it says which
   * are missing. Said again it changes nothing. Throws TERR_RELEASE_CONTENT, _MOVED, _ARTEFACT, _STORE.
   */
  async take(value: unknown, actor: string): Promise<Taken> {
    const release = checked(value);
    const staging = placeOfStaging(this.store, release.app, release.digest);
    return this.#turns.take(staging, async () => {
      const known = await this.#known(release, actor);
      if (known) {
        // Facts of before a kill: they are on the log once, whoever says them again.
        await this.#tell(publishedFact(known, actor, this.#options.now()));
        return answer(release, { kept: true, isNew: false, missing: [] });
      }
      const missing = await this.#missing(release, staging);
      if (missing.length > 0) return answer(release, { kept: false, isNew: false, missing });
      await this.#keep(release, { staging, actor });
      return answer(release, { kept: true, isNew: true, missing: [] });
    });
  }

  /** Takes a piece of a file that was announced. Throws TERR_RELEASE_UNKNOWN, _OFFSET, _BLOB, _STORE. */
  async piece(
    { app, digest, sha256 }: { readonly app: string; readonly digest: string; sha256: string },
    piece: Piece,
  ): Promise<Received> {
    const staging = placeOfStaging(this.store, app, digest);
    const unknown = (): Error =>
      releaseErrors(
        'UNKNOWN',
        `nobody announced a file ${sha256} of ${app} ${digest}; post its release.json first`,
      );
    const size = (await this.#expectedIn(staging))?.get(sha256);
    if (size === undefined) throw unknown();
    if (this.counters.pieces >= maxPieces) {
      this.counters.full++;
      throw busy(`${maxPieces} pieces of files are being taken`);
    }
    this.counters.pieces++;
    try {
      return await this.#turns.take(`${staging}/${sha256}`, async () =>
        receive(staging, { sha256, size }, this.#counted(piece)),
      );
    } catch (error) {
      // Another has sent all of it meanwhile.
      throw (await sizeOf(staging)) === undefined ? unknown() : error;
    } finally {
      this.counters.pieces--;
    }
  }

  /** Uploads that are open now. */
  get uploads(): number {
    return this.#expected.size;
  }

  /** The version as it is in the store. Throws when its tag named another commit, or gave other bytes. */
  async #known(release: Release, actor: string): Promise<Release | undefined> {
    const { app, version, source } = release;
    const entry = await findEntry(this.store, app, version);
    if (!entry) return undefined;
    const now = this.#options.now();
    try {
      await refuseMoved(entry, { store: this.store, app, commit: source.commit, now });
    } catch (error) {
      this.counters.moved++;
      await this.#tell(movedFact(release, { was: entry.commit, actor, time: now }));
      throw error;
    }
    const known = await loadRelease(this.store, app, version);
    if (known.digest !== release.digest) throw releaseErrors('ARTEFACT', differs(known, release));
    return known;
  }

  async #missing(release: Release, staging: string): Promise<Taken['missing']> {
    // The same files were kept as another version.
    if ((await sizeOf(placeOf(this.store, release))) !== undefined) return [];
    if (!this.#expected.has(staging)) await this.#begin(release, staging);
    const missing = await missingIn(staging, release.files);
    return Promise.all(
      missing.map(async (blob) => ({ ...blob, next: await receivedOf(staging, blob) })),
    );
  }

  async #begin(release: Release, staging: string): Promise<void> {
    if ((await this.#sweep()) >= maxUploads) {
      this.counters.full++;
      throw busy(`${maxUploads} artefacts are on their way already`);
    }
    await makeStaging(staging).catch(notWritable);
    await seed(this.store, release, staging);
    await this.#refuseFull(await missingIn(staging, release.files));
    const expected = blobsOf(release.files).map(({ sha256, size }): [string, number] => [
      sha256,
      size,
    ]);
    await writeFile(join(staging, expectedFile), JSON.stringify(expected)).catch(notWritable);
    this.#expected.set(staging, new Map(expected));
  }

  async #refuseFull(missing: readonly Blob[]): Promise<void> {
    const { bavail, bsize } = await statfs(this.store);
    const needed = missing.reduce((sum, { size }) => sum + size, 0);
    if (bavail * bsize - this.#options.reserve < needed)
      throw releaseErrors('STORE', `there is no room for ${needed} bytes more on the server`);
  }

  /** As it was announced; also before the server was started again. */
  async #expectedIn(staging: string): Promise<ReadonlyMap<string, number> | undefined> {
    const known = this.#expected.get(staging);
    if (known) return known;
    const found = await readExpected(staging);
    if (found) this.#expected.set(staging, found);
    return found;
  }

  async #keep(
    release: Release,
    { staging, actor }: { readonly staging: string; readonly actor: string },
  ): Promise<void> {
    const { app, version, digest, source } = release;
    const place = placeOf(this.store, release);
    const isThere = (await sizeOf(place)) !== undefined;
    const isNew = !isThere && (await putTogether(this.store, release, staging));
    if (!isNew) await verifyArtefact(place, digest);
    const workplace = await makeWorkplace(placeOfApp(this.store, app), '.building-');
    try {
      const { commit, builtAt: at } = source;
      const entry = { version, commit, digest, repository: '', builtAt: at };
      await remember(this.store, { release, entry, workplace });
    } finally {
      await removeTree(workplace);
    }
    this.#expected.delete(staging);
    await removeTree(staging);
    // A build on this machine may have been faster.
    await this.#known(release, actor);
    await this.#tell(publishedFact(release, actor, this.#options.now()));
    this.counters.published++;
  }

  #counted({ offset, body }: Piece): Piece {
    const { counters } = this;
    return {
      offset,
      body: (async function* counting() {
        for await (const chunk of body) {
          counters.bytes += chunk.length;
          yield chunk;
        }
      })(),
    };
  }

  async #tell(fact: Draft): Promise<void> {
    const result = checkDraft(fact, defaultLimits, this.#options.now());
    if ('refusal' in result) throw releaseErrors('CONTENT', result.refusal.message);
    const { facts } = encodeDrafts([result.draft], artefactsSource);
    if (facts) await this.#options.log.append('facts', facts);
  }

  /** Throws away what nobody goes on sending; gives how many are still on their way. */
  async #sweep(): Promise<number> {
    const now = this.#options.now();
    let open = 0;
    for (const staging of await stagingsIn(this.store)) {
      const touched = await lastTouched(staging); // oxlint-disable-line no-await-in-loop -- few
      if (now - touched < forgottenAfter) open++;
      else {
        await removeTree(staging); // oxlint-disable-line no-await-in-loop -- few
        this.#expected.delete(staging);
        this.counters.forgotten++;
      }
    }
    return open;
  }
}

function checked(value: unknown): Release {
  const { release, faults } = asRelease(value);
  if (!release)
    throw releaseErrors('CONTENT', `the release.json can not be used: ${faults.join('; ')}`);
  const fault = faultOfRelease(release);
  if (fault !== undefined)
    throw releaseErrors('CONTENT', `the release.json can not be used: ${fault}`);
  return release;
}

const placeOf = (store: string, { app, digest }: Release): string =>
  placeOfArtefact(store, app, digest);

function answer(
  { app, version, digest }: Release,
  {
    kept,
    isNew,
    missing,
  }: { readonly kept: boolean; readonly isNew: boolean; readonly missing: Taken['missing'] },
): Taken {
  return { app, version, digest, kept, new: isNew, missing };
}

const busy = (why: string): Error =>
  releaseErrors('BUSY', `${why}; try again in a moment`, { retryAfter: 1 });

async function stagingsIn(store: string): Promise<string[]> {
  const apps = await readdir(store).catch(() => []);
  const names = await Promise.all(
    apps.map(async (app) => readdir(join(store, app)).catch((): string[] => [])),
  );
  return apps.flatMap((app, at) =>
    (names[at] ?? [])
      .filter((name) => name.startsWith(stagingPrefix))
      .map((name) => join(store, app, name)),
  );
}

/** When something was put into it last, ms since the epoch. */
async function lastTouched(staging: string): Promise<number> {
  const times = await Promise.all(
    [staging, join(staging, 'blobs'), join(staging, 'parts')].map(async (folder) =>
      stat(folder).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return Math.max(...times);
}

/** What was announced before the server was started again. */
async function readExpected(staging: string): Promise<ReadonlyMap<string, number> | undefined> {
  const text = await readFile(join(staging, expectedFile), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Value.Check(Expected, value) ? new Map(value) : undefined;
  } catch {
    return undefined; // it was killed while it wrote this: what is missing is announced again
  }
}

function notWritable(error: NodeJS.ErrnoException): never {
  throw releaseErrors('STORE', `the store can not be written: ${error.message}`, { cause: error });
}
