import type { Change } from './changes.ts';
import { git } from './git.ts';
import type { RepositoryName } from './history.ts';
import { people } from './people.ts';
import { type Edit, small } from './small-words.ts';

/** The first card of those that nobody planned. */
const firstCard = 101;

/**
 * A small good change that is made of what the repository holds just now: of these there is no end.
 * Throws TERR_DEMO_GIT.
 *
 * @param folder the repository's work tree
 * @param which how many of them there were before, and the seed that decides what comes up
 */
export async function smallChange(
  folder: string,
  repository: RepositoryName,
  which: { readonly seed: number; readonly nth: number },
): Promise<Change> {
  const kinds = small[repository];
  const pick = mixed(which.seed, which.nth);
  const kind = kinds[pick % kinds.length];
  if (kind === undefined) throw new Error(`nobody knows of a small change of ${repository}`);
  const before = `${await git(folder, ['show', `refs/heads/main:${kind.file}`])}\n`;
  const edit: Edit = kind.edit(before, Math.floor(pick / kinds.length));
  const author = people[repository][mixed(which.seed, which.nth, 7) % people[repository].length];
  if (author === undefined) throw new Error(`nobody works on ${repository}`);
  return {
    id: `${repository}/small-${which.nth}`,
    repository,
    kind: 'good',
    title: edit.title,
    body: '',
    card: `NEWS-${firstCard + which.nth}`,
    author,
    branch: edit.title
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, 40)
      .replace(/-$/, ''),
    edit: { files: { [kind.file]: edit.to } },
  };
}

/** A whole number out of several, spread evenly: the finalizer of MurmurHash3 (fmix32) over each. */
function mixed(...numbers: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const number of numbers) {
    hash = Math.imul(hash ^ number, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}
