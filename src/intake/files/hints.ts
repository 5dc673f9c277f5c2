import { type FSWatcher, watch } from 'node:fs';

/** Writes within this time are one hint, ms. */
const gather = 20;

/**
 * Says when something may have happened in some directories, as far as the system tells; asked again
 * by the interval all the same, since network file systems tell nothing.
 */
export class Hints {
  readonly #watchers = new Map<string, FSWatcher>();
  #hinted = false;
  #wake: (() => void) | undefined;

  watch(directories: Iterable<string>): void {
    const wanted = new Set(directories);
    for (const [directory, watcher] of this.#watchers)
      if (!wanted.has(directory)) {
        watcher.close();
        this.#watchers.delete(directory);
      }
    for (const directory of wanted) if (!this.#watchers.has(directory)) this.#add(directory);
  }

  /** Resolves after this time, or soon after a hint; at once when the signal aborts. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      let timer = setTimeout(wake, this.#hinted ? gather : ms);
      this.#wake = () => {
        clearTimeout(timer);
        timer = setTimeout(wake, gather);
      };
      signal.addEventListener('abort', wake);
    });
    this.#wake = undefined;
    this.#hinted = false;
  }

  close(): void {
    this.watch([]);
  }

  #add(directory: string): void {
    try {
      const watcher = watch(directory, { persistent: false }, () => {
        const first = !this.#hinted;
        this.#hinted = true;
        if (first) this.#wake?.();
      });
      // Gone, or more watches than the system has: the interval does.
      watcher.on('error', () => {
        watcher.close();
        this.#watchers.delete(directory);
      });
      this.#watchers.set(directory, watcher);
    } catch {
      // Not there yet.
    }
  }
}
