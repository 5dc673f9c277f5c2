import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { redirectsError } from '../../rooms/redirects/errors.ts';
import type { MapFound, WrongRow } from './messages.ts';

/** The rows of maps by their SHA-256, and what was found in them: `<data>/redirects`. */
export class MapFiles {
  readonly #dir: string;
  readonly #reserve: number;

  /** @param reserve bytes of the disk that are left to others */
  constructor(dir: string, reserve: number) {
    this.#dir = dir;
    this.#reserve = reserve;
  }

  /** Writes rows under a name that is nobody's yet. Throws TERR_REDIRECTS_FULL without room. */
  async stage(bytes: Uint8Array): Promise<string> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = await statfs(this.#dir);
    if (bavail * bsize - this.#reserve < bytes.length)
      throw redirectsError('FULL', 'the disk has no room for the map');
    const path = join(this.#dir, `${randomUUID()}.new`);
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    return path;
  }

  /** Gives staged rows their name, with what was found in them. */
  async keep(staged: string, sha256: string, found: MapFound): Promise<void> {
    await this.#write(sha256, 'findings', found);
    await rename(staged, this.pathOf(sha256));
  }

  async discard(staged: string): Promise<void> {
    await rm(staged, { force: true });
  }

  pathOf(sha256: string): string {
    return join(this.#dir, `${sha256}.csv`);
  }

  /** Throws TERR_REDIRECTS_GONE where the rows are not here, as after a restore from facts alone. */
  async textOf(sha256: string): Promise<Buffer> {
    try {
      return await readFile(this.pathOf(sha256));
    } catch (cause) {
      throw gone(cause);
    }
  }

  async mustHave(sha256: string): Promise<void> {
    try {
      await (await open(this.pathOf(sha256))).close();
    } catch (cause) {
      throw gone(cause);
    }
  }

  async found(sha256: string): Promise<MapFound> {
    return this.#read(sha256, 'findings', { byRule: {}, findings: [] });
  }

  /** Of the last verification. */
  async wrong(sha256: string): Promise<readonly WrongRow[]> {
    return this.#read(sha256, 'wrong', []);
  }

  async keepWrong(sha256: string, rows: readonly WrongRow[]): Promise<void> {
    await this.#write(sha256, 'wrong', rows);
  }

  /** Removes all that is not of these maps: what was replaced, and what a kill left. */
  async only(kept: ReadonlySet<string>): Promise<void> {
    const names = await readdir(this.#dir).catch(() => []);
    const old = names.filter((name) => !kept.has(name.slice(0, name.indexOf('.'))));
    await Promise.all(old.map(async (name) => rm(join(this.#dir, name), { force: true })));
  }

  async #read<T>(sha256: string, what: 'findings' | 'wrong', none: T): Promise<T> {
    try {
      // Written by ourselves.
      return JSON.parse(await readFile(this.#nameOf(sha256, what), 'utf8')) as T;
    } catch {
      return none;
    }
  }

  async #write(sha256: string, what: 'findings' | 'wrong', told: unknown) {
    const path = this.#nameOf(sha256, what);
    await writeFile(`${path}.new`, JSON.stringify(told), { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  #nameOf(sha256: string, what: 'findings' | 'wrong'): string {
    return join(this.#dir, `${sha256}.${what}.json`);
  }
}

const gone = (cause: unknown) =>
  redirectsError('GONE', 'the rows of this map are not here; import it again', { cause });
