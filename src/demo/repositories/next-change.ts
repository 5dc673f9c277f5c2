import { type Change, type ChangeKind, changesOf } from './changes.ts';
import { git } from './git.ts';
import type { RepositoryName } from './history.ts';
import { smallChange } from './small-changes.ts';

/** What is looked for: what it does, and which it is of all that the developers take up. */
export interface Wanted {
  readonly repository: RepositoryName;
  readonly kind: ChangeKind;
  readonly seed: number;
  /** From 0, of all kinds. */
  readonly nth: number;
  /** `examples/newsroom`. */
  readonly example: string;
}

/**
 * The change that comes next: of good ones the first planned one that main does not have, and when there
 * is none left a small one; of the others the one of that kind, however often it was taken back. Throws
 * TERR_DEMO_GIT, TERR_DEMO_START.
 *
 * @param folder the repository's work tree
 */
export async function nextChange(
  folder: string,
  { repository, kind, seed, nth, example }: Wanted,
): Promise<Change> {
  const planned = changesOf(repository, example).filter((change) => change.kind === kind);
  if (kind !== 'good') {
    const [change] = planned;
    if (change === undefined)
      throw new Error(`nobody of ${repository} makes that mistake: ${kind}`);
    return change;
  }
  const titles = new Set(
    (await git(folder, ['log', '--format=%s', 'refs/heads/main', '--'])).split('\n'),
  );
  const left = planned.find(({ card, title }) => !titles.has(`${card}: ${title}`));
  return left ?? smallChange(folder, repository, { seed, nth });
}
