import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Company } from '../company.ts';
import { askProcess } from './ask-process.ts';
import type { Do } from './deeds.ts';
import { seconds, untilOver } from './until-over.ts';

/**
 * The store of production may have half of what it has: its file `quota` says so to every process that
 * writes into it. The disk itself is the user's, and has to stay usable.
 */
export const fillDisk =
  (company: Company): Do =>
  async (ending) => {
    const quota = quotaOf(company);
    const { used } = await askProcess(company.ports.queue, 'GET /store');
    const bytes = Math.floor(Number(used) / 2);
    await writeFile(quota, `${bytes}\n`);
    return {
      said: `the store of production may have ${megabytes(bytes)}, half of what it has`,
      over: async () => {
        const lasted = await untilOver(company, ending);
        // Also when the company ends: the next one would begin with a full disk.
        await rm(quota, { force: true });
        return `there is room again, after ${seconds(lasted)}`;
      },
    };
  };

/** A demo that was killed leaves a full disk behind; the next one has room. */
export async function makeRoom(company: Company): Promise<void> {
  await rm(quotaOf(company), { force: true });
}

const quotaOf = ({ places }: Pick<Company, 'places'>): string =>
  join(places.store('production'), 'quota');

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
