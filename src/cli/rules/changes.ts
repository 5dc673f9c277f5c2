import { watch } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Editors write a file in several steps: this long nothing must have happened, ms. */
const settleMs = 60;

/** Waits for changes of files below some folders, of TypeScript unless it is said. */
export class Changes {
  #changed = false;
  #tell: () => void = () => undefined;
  readonly #watchers;

  constructor(folders: readonly string[], isOurs = (file: string) => file.endsWith('.ts')) {
    this.#watchers = [...new Set(folders)].map((folder) =>
      watch(folder, { recursive: true }, (_event, file) => {
        if (file === null || !isOurs(file)) return;
        this.#changed = true;
        this.#tell();
      }),
    );
  }

  /** Resolves when something has changed since the last time, and is quiet again. */
  async next(signal: AbortSignal): Promise<void> {
    while (!this.#changed)
      // oxlint-disable-next-line no-await-in-loop -- until it has changed
      await new Promise<void>((resolve, reject) => {
        this.#tell = resolve;
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
    while (this.#changed) {
      this.#changed = false;
      // oxlint-disable-next-line no-await-in-loop -- until it is quiet
      await delay(settleMs, undefined, { signal });
    }
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.close();
  }
}
