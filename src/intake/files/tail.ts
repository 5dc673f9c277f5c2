import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { refused } from '../decoded.ts';
import type { Poller, PollerContext } from '../poller.ts';
import { Followed, placesPrefix } from './followed.ts';
import { baseOf, expand, mostFiles } from './glob.ts';
import { Hints } from './hints.ts';
import type { Target } from './line-event.ts';
import { newId, type Place, placeOf, printOf } from './place.ts';
import { findMoved, isPacked, madeAt, openSame, rotatedSince } from './siblings.ts';

const targetsPrefix = 'intake/files/target/';
const defaultInterval = 1_000;

/** Follows log files, also when they are rotated: `docs/protocols/file-tail.md`. */
export const files: Poller = {
  name: 'files',
  title: 'Log files',
  wanted: (settings) => targetsOf(settings).length > 0,
  address: (settings) =>
    targetsOf(settings)
      .map(({ path }) => path)
      .join(', '),
  run: async (context) => {
    const tail = new Tail(context);
    try {
      await tail.run();
    } catch (error) {
      if (!context.signal.aborted) throw error;
    } finally {
      await tail.close();
    }
  },
};

function targetsOf({ tail }: Readonly<Record<string, unknown>>): readonly Target[] {
  return Array.isArray(tail) ? (tail as Target[]) : [];
}

class Tail {
  readonly #context: PollerContext;
  readonly #targets: readonly Target[];
  readonly #hints = new Hints();
  /** By device and inode. */
  readonly #followed = new Map<string, Followed>();
  /** Rotated away, or found as a copy: to be read to the end. */
  readonly #leaving = new Set<Followed>();
  /** When the last file of a name that is known was made, ms. */
  readonly #newest = new Map<string, number>();
  /** Paths whose trouble has been told. */
  readonly #troubled = new Set<string>();

  constructor(context: PollerContext) {
    this.#context = context;
    this.#targets = targetsOf(context.settings);
  }

  async run(): Promise<void> {
    const { signal, settings } = this.#context;
    const interval =
      typeof settings['interval'] === 'number' ? settings['interval'] : defaultInterval;
    await this.#resume();
    while (!signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await this.#look();
      // oxlint-disable-next-line no-await-in-loop -- the files take turns
      const busy = await this.#turns();
      // oxlint-disable-next-line no-await-in-loop -- until there is something
      if (!busy) await this.#hints.wait(interval, signal);
    }
  }

  async close(): Promise<void> {
    this.#hints.close();
    const all = [...this.#followed.values(), ...this.#leaving];
    await Promise.allSettled(all.map((one) => one.close()));
  }

  /** Goes on where the notes say, wherever those files are now. */
  async #resume(): Promise<void> {
    for (const [key, value] of this.#context.notes.list(placesPrefix)) {
      const place = placeOf(value);
      const target = this.#targets.find(({ path }) => path === place?.pattern);
      // oxlint-disable-next-line no-await-in-loop -- at the start, in order
      if (place && target) await this.#resumeAt(place, target);
      // A file that is no longer asked for.
      // oxlint-disable-next-line no-await-in-loop -- at the start, in order
      else await this.#context.notes.remove(key);
    }
  }

  async #resumeAt(place: Place, target: Target): Promise<void> {
    const { path } = place;
    const found = await stat(path).catch(() => undefined);
    const here = found?.dev === place.dev && found.ino === place.ino;
    const handle = here ? await openSame(path, place) : undefined;
    if (handle) {
      const one = this.#followedOf(handle, place, target);
      if (place.rotated) this.#leaving.add(one);
      else this.#followed.set(keyOf(place), one);
      this.#remember(path, madeAt(await handle.stat()));
      return;
    }
    const moved = await findMoved(place);
    if (moved) {
      await this.#resumeMoved(moved.handle, place, target);
      return;
    }
    this.#tell(
      path,
      `It was read to byte ${place.offset} and is gone: whether more was written is not known.`,
    );
    await this.#context.notes.remove(placesPrefix + place.id);
  }

  async #resumeMoved(handle: FileHandle, place: Place, target: Target): Promise<void> {
    const status = await handle.stat();
    const { dev, ino } = status;
    const made = madeAt(status);
    const isCopy = dev !== place.dev || ino !== place.ino;
    const one = this.#followedOf(handle, { ...place, dev, ino }, target);
    if (isCopy) await this.#since(place, made, target);
    else this.#remember(place.path, made);
    if (isCopy && !place.rotated) await one.leave();
    // What was renamed is left by the next look, once the file that has its name now is followed.
    if (isCopy || place.rotated) this.#leaving.add(one);
    else this.#followed.set(`${dev}:${ino}`, one);
  }

  #remember(path: string, made: number): void {
    this.#newest.set(path, Math.max(made, this.#newest.get(path) ?? 0));
  }

  /** Finds what is new under the patterns, and what no longer is there. */
  async #look(): Promise<void> {
    const seen = new Set<string>();
    const directories = new Set<string>();
    for (const target of this.#targets)
      // oxlint-disable-next-line no-await-in-loop -- the first that names a file has it
      await this.#lookAt(target, seen, directories);
    for (const [key, one] of this.#followed)
      if (!seen.has(key)) {
        this.#followed.delete(key);
        this.#leaving.add(one);
        // oxlint-disable-next-line no-await-in-loop -- in order
        await one.leave();
      }
    this.#hints.watch(directories);
  }

  async #lookAt(target: Target, seen: Set<string>, directories: Set<string>): Promise<void> {
    const key = targetsPrefix + createHash('sha256').update(target.path).digest('base64url');
    const known = this.#context.notes.get(key) !== undefined;
    const paths = await this.#expand(target);
    if (paths === undefined) return;
    directories.add(baseOf(target.path));
    for (const path of paths) {
      if (isPacked(path)) continue;
      directories.add(dirname(path));
      // oxlint-disable-next-line no-await-in-loop -- in order
      await this.#found(path, target, { seen, known });
    }
    // From now on a file that was not there is a new one, and read from its start.
    if (!known)
      await this.#context.notes.set(key, { path: target.path, since: this.#context.now() });
  }

  async #expand({ path }: Target): Promise<string[] | undefined> {
    try {
      const paths = await expand(path);
      if (paths.length >= mostFiles)
        this.#tell(path, `More than ${mostFiles} files: the rest is left out.`);
      else this.#troubled.delete(path);
      return paths;
    } catch (error) {
      this.#tell(path, textOf(error));
      return undefined;
    }
  }

  async #found(
    path: string,
    target: Target,
    { seen, known }: { readonly seen: Set<string>; readonly known: boolean },
  ): Promise<void> {
    try {
      const status = await stat(path);
      if (!status.isFile()) return;
      const key = keyOf(status);
      if (seen.has(key)) return;
      const one = this.#followed.get(key);
      if (one !== undefined) one.place = { ...one.place, path };
      else if (!this.#isLeaving(key))
        await this.#begin(path, target, { fromStart: known || target.from === 'start' });
      seen.add(key);
      this.#troubled.delete(path);
    } catch (error) {
      // Between the two steps of a rotation there is no file; at the start it may be a wrong path.
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!missing || !known) this.#tell(path, textOf(error));
    }
  }

  #isLeaving(key: string): boolean {
    return [...this.#leaving].some(({ place }) => keyOf(place) === key);
  }

  #followedOf(handle: FileHandle, place: Place, target: Target): Followed {
    const since = (of: Place, made: number): Promise<void> => this.#since(of, made, target);
    return new Followed(handle, place, target, { ...this.#context, since });
  }

  /** Files that had their time under the name while nobody looked. */
  async #since(of: Pick<Place, 'path'>, made: number, target: Target): Promise<void> {
    for (const path of await rotatedSince(of.path, made)) {
      // oxlint-disable-next-line no-await-in-loop -- the oldest first
      const found = await stat(path).catch(() => undefined);
      const key = found === undefined ? '' : keyOf(found);
      if (key === '' || this.#followed.has(key) || this.#isLeaving(key) || this.#isNoted(key))
        continue;
      // oxlint-disable-next-line no-await-in-loop -- the oldest first
      await this.#begin(path, target, { fromStart: true, name: of.path });
    }
  }

  #isNoted(key: string): boolean {
    return this.#context.notes.list(placesPrefix).some(([, value]) => {
      const place = placeOf(value);
      return place !== undefined && keyOf(place) === key;
    });
  }

  /**
   * Noted before anything is read of it, so that its id is the same after a kill. `name`: which one it
   * had before it was rotated away.
   */
  async #begin(
    path: string,
    target: Target,
    { fromStart, name }: { readonly fromStart: boolean; readonly name?: string },
  ): Promise<void> {
    const handle = await open(path, 'r');
    const status = await handle.stat();
    const { dev, ino, size } = status;
    const offset = fromStart ? 0 : size;
    const print = await printOf(handle, offset);
    const last = Buffer.alloc(1);
    if (offset > 0) await handle.read(last, 0, 1, offset - 1);
    // In the middle of a line: its rest is passed over.
    const passing = offset > 0 && last[0] !== 0x0a;
    const rotated = name !== undefined;
    const file = { id: newId(), path: name ?? path, pattern: target.path, dev, ino };
    const one = this.#followedOf(handle, { ...file, offset, print, passing, rotated }, target);
    await one.note();
    if (rotated) this.#leaving.add(one);
    else this.#followed.set(keyOf(file), one);
    const before = this.#newest.get(file.path);
    this.#remember(file.path, madeAt(status));
    // Those between: they came and went under the name while nobody looked.
    if (!rotated && before !== undefined) await this.#since(file, before, target);
  }

  /** Lets each file be read for a while; whether one of them has more. */
  async #turns(): Promise<boolean> {
    let busy = false;
    // What was rotated away first: its lines are older.
    for (const one of [...this.#leaving, ...this.#followed.values()]) {
      if (this.#context.signal.aborted) return false;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      if (await this.#turn(one)) busy = true;
    }
    for (const one of this.#leaving)
      // oxlint-disable-next-line no-await-in-loop -- few
      if (one.atRest) await this.#leave(one);
    return busy;
  }

  async #turn(one: Followed): Promise<boolean> {
    try {
      return await one.turn();
    } catch (error) {
      if (this.#context.signal.aborted) throw error;
      this.#tell(one.place.path, textOf(error));
      return false;
    }
  }

  async #leave(one: Followed): Promise<void> {
    await one.finish();
    await one.forget();
    await one.close();
    this.#leaving.delete(one);
  }

  /** Once, until it is well again. */
  #tell(path: string, message: string): void {
    if (this.#troubled.has(path)) return;
    this.#troubled.add(path);
    this.#context.trouble(path, refused('TERR_INTAKE_SOURCE', `${path}: ${message}`).refused);
  }
}

/** An inode, by which a file is known while it is open. */
function keyOf({ dev, ino }: { readonly dev: number; readonly ino: number }): string {
  return `${dev}:${ino}`;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
