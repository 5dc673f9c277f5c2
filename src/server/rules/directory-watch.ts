import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Editors write a file in several steps. */
const settleMs = 40;
/** Directories below that are watched by the system; the others are found by looking. */
const mostWatched = 64;

interface WatchOptions {
  readonly directory: string;
  /** What the names of its files end in; `.ts` unless it is said. */
  readonly endings?: readonly string[];
  /** Called once at the start and whenever a file has changed; the next call waits for its end. */
  readonly onChange: () => Promise<void>;
  /** How often it is looked, should the system say nothing, ms. */
  readonly pollMs?: number;
  readonly onError: (error: unknown) => void;
}

/** Watches the files of a directory and those below it. */
export class DirectoryWatch {
  readonly #options: WatchOptions;
  #watchers: readonly FSWatcher[] = [];
  #directories = '';
  #seen: string | undefined;
  #settling: NodeJS.Timeout | undefined;
  readonly #poll: NodeJS.Timeout;
  #work: Promise<void> = Promise.resolve();
  #isStopped = false;
  #told: string | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#poll = setInterval(() => this.#look(), options.pollMs ?? 2_000);
    this.#poll.unref();
    this.#look();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#poll);
    clearTimeout(this.#settling);
    for (const watcher of this.#watchers) watcher.close();
    await this.#work;
  }

  #look(): void {
    this.#work = this.#work.then(async () => {
      if (this.#isStopped) return;
      try {
        const { files, directories } = listing(this.#options);
        this.#watch(directories);
        if (files === this.#seen) return;
        this.#seen = files;
        await this.#options.onChange();
        this.#told = undefined;
      } catch (error) {
        // Tried again at the next look, and told once.
        this.#seen = undefined;
        this.#tell(error);
      }
    });
  }

  #tell(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (message === this.#told || this.#isStopped) return;
    this.#told = message;
    this.#options.onError(error);
  }

  #watch(directories: readonly string[]): void {
    if (directories.join('\n') === this.#directories) return;
    this.#directories = directories.join('\n');
    for (const watcher of this.#watchers) watcher.close();
    const hear = (): void => {
      clearTimeout(this.#settling);
      this.#settling = setTimeout(() => this.#look(), settleMs);
    };
    // What can't be watched is looked at all the same.
    this.#watchers = directories
      .slice(0, mostWatched)
      .map((directory) =>
        watch(directory, { persistent: false }, hear).on('error', () => undefined),
      );
  }
}

/** All that can change of the files, as one text, and the directories they are in. */
function listing({ directory, endings = ['.ts'] }: WatchOptions): {
  readonly files: string;
  readonly directories: readonly string[];
} {
  const directories = [directory];
  const files: string[] = [];
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    // Its path, which Node 20 calls `path` and later only `parentPath`.
    const path = join(entry.parentPath, entry.name);
    if (path.includes('node_modules')) continue;
    if (entry.isDirectory()) directories.push(path);
    else if (endings.some((ending) => entry.name.endsWith(ending)))
      files.push(`${path} ${fingerprint(path)}`);
  }
  return { files: files.toSorted().join('\n'), directories: directories.toSorted() };
}

function fingerprint(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs} ${stat.size} ${stat.ino}` : '';
}
