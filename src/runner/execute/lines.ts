import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { DeployFile } from './folder.ts';

/** A file of JSON, one value in each line, that survives whoever writes it. */
export class Lines<T> {
  readonly #path: string;
  #handle: number | undefined;

  constructor(folder: string, file: DeployFile) {
    this.#path = join(folder, file);
  }

  /** What was written before, the first first. A line that was torn by a kill was never there. */
  read(): readonly T[] {
    return linesOf(textOf(this.#path)).map((line) => JSON.parse(line) as T);
  }

  /** Durable when it returns. */
  append(value: T): void {
    this.#handle ??= this.#open();
    writeSync(this.#handle, `${JSON.stringify(value)}\n`);
    fsyncSync(this.#handle);
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
  }

  #open(): number {
    const before = textOf(this.#path);
    const handle = openSync(this.#path, 'a', 0o600);
    // Behind half a line a whole one would be lost, too.
    if (before !== '' && !before.endsWith('\n')) writeSync(handle, '\n');
    return handle;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => {
    if (line === '') return false;
    try {
      JSON.parse(line);
      return true;
    } catch {
      return false;
    }
  });
}
