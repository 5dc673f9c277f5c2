import { open, stat } from 'node:fs/promises';

/** Bytes that are read at once; a program that wrote more since the last look is read on at the next. */
const most = 1 << 20;

/** What a program has published: a file of JSON lines, read on from where it was. */
export class Published {
  /** How often each clip came out, by guid. */
  readonly times = new Map<string, number>();
  readonly #file: string;
  #at: number;

  private constructor(file: string, at: number) {
    this.#file = file;
    this.#at = at;
  }

  /** Reads what is published from now on. */
  static async from(file: string): Promise<Published> {
    return new Published(file, await sizeOf(file));
  }

  /** Reads on; a line that is not yet whole is left for the next time. */
  async readOn(): Promise<void> {
    if ((await sizeOf(this.#file)) <= this.#at) return;
    const handle = await open(this.#file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(most), 0, most, this.#at);
      const end = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
      for (const line of buffer.toString('utf8', 0, end).split('\n')) this.#take(line);
      this.#at += end;
    } finally {
      await handle.close();
    }
  }

  /** A line that a kill cut off is no clip that came out. */
  #take(line: string): void {
    try {
      const { guid } = JSON.parse(line) as { readonly guid?: unknown };
      if (typeof guid === 'string') this.times.set(guid, (this.times.get(guid) ?? 0) + 1);
    } catch {
      // Half a line.
    }
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}
