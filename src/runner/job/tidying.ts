import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { orderIn } from './folder.ts';
import { stateOf } from './state.ts';

/** Names of folders that are being removed: nobody takes half of one for a job. */
const going = '.removed.';
/** ms after which a folder without an order is what a killed starter left. */
const unfinished = 3_600_000;

/**
 * Removes the oldest of the jobs in `home` that have ended or are lost, so that `keep` of those stay.
 * Jobs that run are not counted and not touched. Gives the names of the folders that it removed.
 */
export async function tidy(home: string, keep: number): Promise<readonly string[]> {
  const over: { readonly name: string; readonly at: number }[] = [];
  for (const name of namesIn(home)) {
    const folder = join(home, name);
    const order = orderIn(folder);
    if (name.startsWith(going) || (order === undefined && isLeftOver(folder)))
      rmSync(folder, { recursive: true, force: true });
    else if (order !== undefined && (await stateOf(folder)).state !== 'running')
      over.push({ name, at: order.at });
  }
  const oldest = over.toSorted((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1));
  const removed = oldest.slice(0, Math.max(0, oldest.length - keep)).map(({ name }) => name);
  for (const name of removed) {
    const away = join(home, `${going}${name}`);
    renameSync(join(home, name), away);
    rmSync(away, { recursive: true, force: true });
  }
  return removed;
}

function namesIn(home: string): readonly string[] {
  try {
    return readdirSync(home, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

/** Nothing but drafts of an order, which nobody finished. */
function isLeftOver(folder: string): boolean {
  return (
    readdirSync(folder).every((name) => name.startsWith('.order.json.')) &&
    Date.now() - statSync(folder).mtimeMs > unfinished
  );
}
