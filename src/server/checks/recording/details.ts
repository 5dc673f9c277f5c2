import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Excerpt, StepResult } from '../../../checks/run/result.ts';

/** Runs of one check whose details are kept, the newest, and of those beside that did not pass. */
const mostRuns = 20;
const mostFailures = 20;
/** Bytes of one screenshot. */
const mostPicture = 2 * 1024 * 1024;

/** What is kept of a run beside what stands on the log. */
export interface Detail {
  readonly steps: readonly StepResult[];
  readonly excerpt?: Excerpt;
}

interface Kept {
  readonly check: string;
  readonly slot: number;
  readonly bytes: number;
  readonly isFailure: boolean;
  readonly hasPicture: boolean;
}

interface DetailsOptions {
  readonly dir: string;
  /** Bytes of all of them together. */
  readonly mostBytes: () => number;
  readonly onProblem: (error: unknown) => void;
}

/** The steps of runs, what was answered and what it looked like: files, so that the log stays small. */
export class Details {
  /** `removed`: for want of room, before their time. */
  readonly counters = { written: 0, removed: 0, failed: 0 };
  readonly #options: DetailsOptions;
  /** By folder, the oldest first. */
  readonly #kept = new Map<string, Kept[]>();
  #bytes = 0;
  #work: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(options: DetailsOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Reads what is there. */
  open(): Promise<void> {
    return this.#then(async () => {
      const { dir } = this.#options;
      await mkdir(dir, { recursive: true, mode: 0o700 });
      for (const folder of await readdir(dir)) {
        // oxlint-disable-next-line no-await-in-loop -- thousands at once would take all handles
        const files = await readdir(join(dir, folder)).catch(() => []);
        // oxlint-disable-next-line no-await-in-loop -- the same
        const found = await Promise.all(files.map((file) => this.#found(folder, file, files)));
        const kept = found.flatMap((one) => one ?? []).toSorted((a, b) => a.slot - b.slot);
        if (kept.length > 0) this.#kept.set(folder, kept);
        this.#bytes += kept.reduce((sum, { bytes }) => sum + bytes, 0);
      }
    });
  }

  /** Keeps the details of a run, and lets go of the oldest. */
  keep(
    check: string,
    slot: number,
    { isFailure, screenshot, ...detail }: Detail & { isFailure: boolean; screenshot?: Uint8Array },
  ): void {
    // Where the disk does not keep up with it, that is what is left out.
    if (this.#waiting > 1_000) return void this.counters.failed++;
    void this.#then(async () => {
      const folder = folderOf(check);
      const path = join(this.#options.dir, folder);
      await mkdir(path, { recursive: true, mode: 0o700 });
      const text = JSON.stringify({ ...detail, isFailure });
      await writeFile(join(path, `${slot}.json`), text, { mode: 0o600 });
      const picture = screenshot && screenshot.length <= mostPicture ? screenshot : undefined;
      if (picture) await writeFile(join(path, `${slot}.png`), picture, { mode: 0o600 });
      const bytes = Buffer.byteLength(text) + (picture?.length ?? 0);
      const one = { check, slot, bytes, isFailure, hasPicture: picture !== undefined };
      this.#kept.set(folder, [...(this.#kept.get(folder) ?? []), one]);
      this.#bytes += bytes;
      this.counters.written++;
      await this.#tidy(folder);
    });
  }

  has(check: string, slot: number): { readonly hasPicture: boolean } | undefined {
    return this.#kept.get(folderOf(check))?.find((one) => one.slot === slot);
  }

  async read(check: string, slot: number): Promise<Detail | undefined> {
    if (!this.has(check, slot)) return undefined;
    const path = join(this.#options.dir, folderOf(check), `${slot}.json`);
    return JSON.parse(await readFile(path, 'utf8')) as Detail; // we wrote it
  }

  async picture(check: string, slot: number): Promise<Buffer | undefined> {
    if (this.has(check, slot)?.hasPicture !== true) return undefined;
    return readFile(join(this.#options.dir, folderOf(check), `${slot}.png`));
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    await this.#work;
  }

  async #found(folder: string, file: string, files: readonly string[]): Promise<Kept | undefined> {
    const [, name] = /^(\d+)\.json$/.exec(file) ?? [];
    if (name === undefined) return undefined;
    const path = join(this.#options.dir, folder, file);
    const text = await readFile(path, 'utf8');
    const picture = files.includes(`${name}.png`)
      ? await stat(path.replace(/json$/, 'png'))
      : undefined;
    return {
      check: folder,
      slot: Number(name),
      bytes: Buffer.byteLength(text) + (picture?.size ?? 0),
      isFailure: text.endsWith('"isFailure":true}'),
      hasPicture: picture !== undefined,
    };
  }

  async #tidy(folder: string): Promise<void> {
    const all = this.#kept.get(folder) ?? [];
    const older = all.slice(0, Math.max(0, all.length - mostRuns));
    const failures = older.filter(({ isFailure }) => isFailure).slice(-mostFailures);
    for (const one of older)
      // oxlint-disable-next-line no-await-in-loop -- one or two
      if (!failures.includes(one)) await this.#remove(folder, one);
    // oxlint-disable-next-line no-await-in-loop -- until there is room
    while (this.#bytes > this.#options.mostBytes() && (await this.#removeOldest())) continue;
  }

  /** Whether there was one. */
  async #removeOldest(): Promise<boolean> {
    let oldest: readonly [string, Kept] | undefined;
    for (const [folder, [first]] of this.#kept)
      if (first && (!oldest || first.slot < oldest[1].slot)) oldest = [folder, first];
    if (!oldest) return false;
    await this.#remove(...oldest);
    this.counters.removed++;
    return true;
  }

  async #remove(folder: string, one: Kept): Promise<void> {
    const left = (this.#kept.get(folder) ?? []).filter((other) => other !== one);
    if (left.length > 0) this.#kept.set(folder, left);
    else this.#kept.delete(folder);
    this.#bytes -= one.bytes;
    const path = join(this.#options.dir, folder, String(one.slot));
    await rm(`${path}.json`, { force: true });
    if (one.hasPicture) await rm(`${path}.png`, { force: true });
  }

  #then(work: () => Promise<void>): Promise<void> {
    this.#waiting++;
    this.#work = this.#work
      .then(work)
      .catch((error: unknown) => {
        this.counters.failed++;
        this.#options.onProblem(error);
      })
      .finally(() => this.#waiting--);
    return this.#work;
  }
}

/** Ids are of any letters and may be longer than a file's name. */
const folderOf = (check: string): string =>
  createHash('sha256').update(check).digest('hex').slice(0, 32);
