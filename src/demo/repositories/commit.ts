import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { demoErrors } from '../errors.ts';
import type { Change } from './changes.ts';
import { git, removeOldLock } from './git.ts';
import type { RepositoryName } from './history.ts';
import { mergeMessage } from './messages.ts';
import { type Person, people } from './people.ts';

/** A change on a branch of its own, as a pull request is made of it. */
export interface Branched {
  readonly repository: RepositoryName;
  readonly branch: string;
  readonly commit: string;
  readonly title: string;
  readonly card: string;
  readonly author: Person;
}

/** A change on main. */
export interface Landed extends Branched {
  readonly merge: string;
  /** Of its pull request. */
  readonly number: number;
  readonly reviewer: Person;
}

/** Of a pull request, and when it is. */
export interface When {
  readonly number: number;
  /** ms since the epoch. */
  readonly now: () => number;
}

/**
 * Commits a change on a branch of its own, merges it into main as a forge does, and brings the work tree
 * there. Throws TERR_DEMO_GIT when it does not apply, or the work tree has changes of its own.
 *
 * @param folder the repository's work tree
 */
export async function commitChange(folder: string, change: Change, when: When): Promise<Landed> {
  return mergeBranch(folder, await branchChange(folder, change, when), when);
}

/**
 * The first half of `commitChange`: the branch is there, main is as it was. Neither work tree nor index
 * is touched, so that who is killed in between leaves nothing half done.
 */
export async function branchChange(
  folder: string,
  change: Change,
  { number, now }: When,
): Promise<Branched> {
  const { repository, title, body, card, author } = change;
  const branch = await freeBranch(folder, change.branch, number);
  const message = [`${card}: ${title}`, ...(body === '' ? [] : ['', body]), '', `Card: ${card}`];
  const commit = await commitOnBranch(folder, {
    branch,
    message: message.join('\n'),
    author,
    at: now(),
    edit: async (index) => applyTo(folder, index, change),
  });
  return { repository, branch, commit, title, card, author };
}

/** The second half: main gets the branch by a merge commit, and the branch is gone. */
export async function mergeBranch(
  folder: string,
  branched: Branched,
  { number, now }: When,
): Promise<Landed> {
  const { repository, branch, commit, title, card, author } = branched;
  const reviewer = people[repository].find(({ email }) => email !== author.email) ?? author;
  const main = await git(folder, ['rev-parse', 'refs/heads/main']);
  const tree = await mergedTree(folder, main, commit);
  const message = mergeMessage({ repository, number, branch, card, title, reviewer });
  const args = ['commit-tree', tree, '-p', main, '-p', commit, '-m', message];
  const merge = await git(folder, args, { author: reviewer, at: now() });
  await moveMain(folder, { from: main, to: merge, now: now() });
  await git(folder, ['branch', '-q', '-D', branch]);
  return { ...branched, merge, number, reviewer };
}

/** Takes back what a change did to main, by a commit and merge of its own. Throws TERR_DEMO_GIT. */
export async function revertChange(
  folder: string,
  landed: Pick<Landed, 'repository' | 'merge' | 'title' | 'card' | 'author'>,
  { number, now, author = landed.author }: When & { readonly author?: Person },
): Promise<Landed> {
  const { repository, merge, card } = landed;
  const title = `revert "${landed.title}"`;
  const patch = await git(folder, ['diff', '--binary', '--full-index', merge, `${merge}^1`]);
  const branch = await freeBranch(folder, 'revert', number);
  const message = [
    `${card}: ${title}`,
    '',
    `This reverts commit ${merge}.`,
    '',
    `Reverts: ${merge}`,
    `Card: ${card}`,
  ].join('\n');
  const commit = await commitOnBranch(folder, {
    branch,
    message,
    author,
    at: now(),
    edit: async (index) => applyPatch(folder, index, `${patch}\n`),
  });
  return mergeBranch(folder, { repository, branch, commit, title, card, author }, { number, now });
}

/** Tags main's head as a release. Throws TERR_DEMO_GIT when the tag is there already. */
export async function tagRelease(
  folder: string,
  tag: string,
  { now, by }: { readonly now: () => number; readonly by?: Person },
): Promise<void> {
  const author = by ?? people.site[1];
  await git(folder, ['tag', '-a', '-m', tag, tag, 'refs/heads/main'], { author, at: now() });
}

/** Number of the next pull request, and tag of the next release: what the repository's history says. */
export async function nextOf(
  folder: string,
): Promise<{ readonly number: number; readonly tag: string; readonly last: string | undefined }> {
  const [titles, tags] = await Promise.all([
    git(folder, ['log', '--first-parent', '--format=%s', 'refs/heads/main', '--']),
    git(folder, ['tag', '--list', 'release_*']),
  ]);
  const largest = (text: string, pattern: RegExp): number =>
    Math.max(0, ...[...text.matchAll(pattern)].map(([, number]) => Number(number)));
  const last = largest(tags, /^release_(\d+)$/gm);
  return {
    number: largest(titles, /^Merge pull request #(\d+) /gm) + 1,
    tag: `release_${last + 1}`,
    last: last === 0 ? undefined : `release_${last}`,
  };
}

interface NewCommit {
  readonly branch: string;
  readonly message: string;
  readonly author: Person;
  readonly at: number;
  readonly edit: (index: string) => Promise<void>;
}

async function commitOnBranch(folder: string, commit: NewCommit): Promise<string> {
  const { branch, message, author, at, edit } = commit;
  const main = await git(folder, ['rev-parse', 'refs/heads/main']);
  const index = join(folder, '.git', `index-${process.pid}`);
  try {
    await git(folder, ['read-tree', main], { index });
    await edit(index);
    const tree = await git(folder, ['write-tree'], { index });
    if (tree === (await git(folder, ['rev-parse', `${main}^{tree}`])))
      throw demoErrors('GIT', `${branch} changes nothing that is on main`);
    const args = ['commit-tree', tree, '-p', main, '-m', message];
    const made = await git(folder, args, { author, at });
    await git(folder, ['update-ref', `refs/heads/${branch}`, made]);
    return made;
  } finally {
    await rm(index, { force: true });
  }
}

async function applyTo(folder: string, index: string, { edit }: Change): Promise<void> {
  if ('patch' in edit) return applyPatch(folder, index, edit.patch);
  for (const [path, text] of Object.entries(edit.files)) {
    const blob = await git(folder, ['hash-object', '-w', '--stdin'], { input: text });
    await git(folder, ['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`], {
      index,
    });
  }
}

/** With three ways: a place that other changes moved is found by what the patch was made from. */
async function applyPatch(folder: string, index: string, patch: string): Promise<void> {
  const args = ['apply', '--cached', '--3way', '--whitespace=nowarn', '-'];
  await git(folder, args, { index, input: patch });
}

async function mergedTree(folder: string, main: string, commit: string): Promise<string> {
  const base = await git(folder, ['merge-base', main, commit]);
  if (base === main) return git(folder, ['rev-parse', `${commit}^{tree}`]);
  return (await git(folder, ['merge-tree', '--write-tree', main, commit])).split('\n')[0] ?? '';
}

/**
 * Main, and the work tree with it: processes run from there. A work tree that was left behind, by a demo
 * that was killed here, is brought along first.
 */
async function moveMain(
  folder: string,
  { from, to, now }: { readonly from: string; readonly to: string; readonly now: number },
): Promise<void> {
  await removeOldLock(folder, now);
  const treeOf = async (commit: string): Promise<string> =>
    git(folder, ['rev-parse', `${commit}^{tree}`]);
  const staged = await git(folder, ['write-tree']);
  if (staged !== (await treeOf(from)) && staged === (await treeOf(`${from}^1`)))
    await git(folder, ['read-tree', '-m', '-u', `${from}^1`, from]);
  // Dry: a work tree that somebody else works in is not to be behind main.
  await git(folder, ['update-index', '-q', '--refresh']).catch(() => '');
  await git(folder, ['read-tree', '-n', '-m', '-u', from, to]);
  await git(folder, ['update-ref', 'refs/heads/main', to, from]);
  await git(folder, ['read-tree', '-m', '-u', from, to]);
}

/** A branch of that name may be there: of a change that was tried before. */
async function freeBranch(folder: string, wish: string, number: number): Promise<string> {
  const there = await git(folder, ['branch', '--list', '--format=%(refname:short)', wish]);
  return there === '' ? wish : `${wish}-${number}`;
}
