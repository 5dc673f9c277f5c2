import { createHash } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import { compileMap, importsOf } from '../../rooms/map/code/compile.ts';
import type { MapFault, MapModel } from '../../rooms/map/model.ts';
import { mapError } from './errors.ts';

/** How often the file is looked at, ms: so a save shows, whatever way an editor saves. */
const lookEveryMs = 300;
/** After a failure it is not looked at for so long, ms. */
const restMs = 3_000;
/** Bytes of an imported file. */
const maxImport = 1_000_000;
/** Characters of the map and all that it imports: they are kept in one fact. */
const maxTogether = 900_000;

/** The map's file as it was read last. */
export interface LoadedMap {
  /** Undefined when there is no file. */
  readonly text: string | undefined;
  /** Every path that it names to import, whether or not it can be read. */
  readonly imports: readonly string[];
  /** What it imports, by the path as written there. */
  readonly imported: ReadonlyMap<string, string>;
  /** Undefined when there is an error, or no file. */
  readonly model: MapModel | undefined;
  readonly faults: readonly MapFault[];
}

interface MapFileOptions {
  readonly path: string;
  /** Told at the start and when it was changed, by whom; the next look waits for its end. */
  readonly onLoad: (loaded: LoadedMap, by: string) => Promise<void>;
  readonly onProblem: (error: unknown) => void;
}

const none: LoadedMap = {
  text: undefined,
  imports: [],
  imported: new Map(),
  model: undefined,
  faults: [],
};

/** The file in which the map is declared, watched for changes, with the files that it imports. */
export class MapFile {
  readonly path: string;
  readonly #options: MapFileOptions;
  #loaded = none;
  #seen = '';
  #restsUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();
  #told = '';

  constructor(options: MapFileOptions) {
    this.path = resolve(options.path);
    this.#options = options;
  }

  get loaded(): LoadedMap {
    return this.#loaded;
  }

  /** Reads it, and again whenever it has changed. */
  async start(): Promise<void> {
    await this.#look('file');
    this.#timer = setInterval(() => void this.#look('file'), lookEveryMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#work;
  }

  /** What a text in the place of the file would be. */
  async check(text: string): Promise<LoadedMap> {
    const imported = new Map<string, string>();
    const unread = new Map<string, string>();
    const faults: MapFault[] = [];
    const imports = importsOf(text);
    for (const path of imports) {
      // oxlint-disable-next-line no-await-in-loop -- few, and small
      const read = await this.#import(path);
      if (typeof read === 'string') imported.set(path, read);
      else unread.set(path, read.message);
    }
    const together = [...imported.values()].reduce((sum, one) => sum + one.length, text.length);
    if (together > maxTogether) faults.push(tooLarge(basename(this.path), together));
    const compiled = compileMap({ file: basename(this.path), text, imported, unread });
    const model = faults.length > 0 ? undefined : compiled.model;
    return { text, imports, imported, model, faults: [...faults, ...compiled.faults] };
  }

  /**
   * Puts a text in its place and uses it. Throws TERR_MAP_INVALID for one with an error,
   * TERR_MAP_CONFLICT when what is there is not `was` (a hash), TERR_MAP_FILE.
   */
  save(text: string, was: string, by: string): Promise<LoadedMap> {
    const turn = this.#work.then(async () => {
      const checked = await this.check(text);
      const wrong = checked.faults.find(({ severity }) => severity === 'error');
      if (wrong)
        throw mapError('INVALID', wrong.message, { line: wrong.line, column: wrong.column });
      const there = await readIfThere(this.path);
      if (textHash(there) !== was)
        throw mapError(
          'CONFLICT',
          'the map was changed meanwhile; fetch it, and make the change again',
        );
      await this.#write(text);
      try {
        await this.#load(checked, by);
      } catch (error) {
        // Who is told that it was not saved finds what was there before.
        await (there === undefined ? rm(this.path, { force: true }) : this.#write(there));
        throw error;
      }
      return checked;
    });
    this.#work = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  #look(by: string): Promise<void> {
    this.#work = this.#work.then(async () => {
      if (performance.now() < this.#restsUntil) return;
      try {
        // Before it is read: what is saved while it is taken in has another, and is read as well.
        const seen = await this.#fingerprint();
        if (seen === this.#seen) return;
        const text = await readIfThere(this.path);
        await this.#load(text === undefined ? none : await this.check(text), by);
        this.#seen = seen;
        this.#told = '';
      } catch (error) {
        // Tried again, and told once. Not at every look: a large map takes a while to read.
        this.#restsUntil = performance.now() + restMs;
        const message = error instanceof Error ? error.message : String(error);
        if (message !== this.#told) this.#options.onProblem(error);
        this.#told = message;
      }
    });
    return this.#work;
  }

  async #load(loaded: LoadedMap, by: string): Promise<void> {
    this.#loaded = loaded;
    await this.#options.onLoad(loaded, by);
  }

  /** Changes whenever the file, or one that it imports, does. */
  async #fingerprint(): Promise<string> {
    const files = [this.path, ...this.#loaded.imports.map((one) => this.#beside(one))];
    const stats = await Promise.all(files.map((file) => stat(file).catch(() => undefined)));
    return stats.map((one) => (one ? `${one.mtimeMs} ${one.size} ${one.ino}` : 'none')).join('\n');
  }

  #beside(path: string): string {
    return resolve(dirname(this.path), path);
  }

  /** The text of an imported file, or what is wrong with importing it. */
  async #import(path: string): Promise<string | { readonly message: string }> {
    const refused = (message: string) => ({ message });
    if (!/\.ya?ml$/.test(path)) return refused(`${path} is no YAML file (.yaml, .yml)`);
    try {
      const root = await realpath(dirname(this.path));
      const file = await realpath(this.#beside(path));
      // Whoever may write the map must not read any file of the machine by it.
      if (!file.startsWith(`${root}${sep}`))
        return refused(`${path} is not below the directory of the map; put it there`);
      if ((await stat(file)).size > maxImport) return refused(`${path} is larger than 1 MB`);
      return await readFile(file, 'utf8');
    } catch (error) {
      const missing = isMissing(error);
      return refused(`${path} ${missing ? 'is not there' : 'cannot be read'}`);
    }
  }

  async #write(text: string): Promise<void> {
    const beside = `${this.path}.new`;
    try {
      await mkdir(dirname(this.path), { recursive: true });
      const file = await open(beside, 'w', 0o644);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, this.path);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw mapError('FILE', `${this.path} cannot be written: ${reason}`, { cause });
    }
  }
}

/** 16 hexadecimal digits; empty for no text. */
export const textHash = (text: string | undefined): string =>
  text === undefined ? '' : createHash('sha256').update(text).digest('hex').slice(0, 16);

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ENOENT' || error.code === 'ENOTDIR');

const tooLarge = (file: string, together: number): MapFault => ({
  severity: 'error',
  message: `the map and what it imports have ${together} characters, more than ${maxTogether}`,
  file,
  line: 1,
  column: 1,
});
