import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Company } from '../company.ts';
import type { Do } from './deeds.ts';
import { seconds, untilOver } from './until-over.ts';

/** Folders of a store that files come into, as the pipeline counts them. */
const folders = ['inbox', 'work', 'encoded', 'public'];

/**
 * The store of production may have no more than it has: its file `quota` says so to every process that
 * writes into it. The disk itself is the user's, and has to stay usable.
 */
export const fillDisk =
  (company: Company): Do =>
  async (ending) => {
    const store = company.places.store('production');
    const quota = join(store, 'quota');
    const bytes = await bytesIn(store);
    await writeFile(quota, `${bytes}\n`);
    return {
      said: `the store of production may have no more than the ${megabytes(bytes)} that it has`,
      over: async () => {
        const lasted = await untilOver(company, ending);
        // Also when the company ends: the next one would begin with a full disk.
        await rm(quota, { force: true });
        return `there is room again, after ${seconds(lasted)}`;
      },
    };
  };

async function bytesIn(store: string): Promise<number> {
  const sizes = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(join(store, folder)).catch(() => []);
      return Promise.all(
        names.map(async (name) => {
          const found = await stat(join(store, folder, name)).catch(() => undefined);
          return found?.size ?? 0;
        }),
      );
    }),
  );
  return sizes.flat().reduce((sum, size) => sum + size, 0);
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
