import { existsSync } from 'node:fs';
import { CodedError } from '../errors/coded-error.ts';
import { gitText } from '../intake/git/run.ts';
import type { CommitFact, CommitFacts, SourceChange } from '../rooms/releases/diff/commits.ts';

/** What a repository says of two commits, or why it says nothing. */
export type Asked =
  | { readonly facts: CommitFacts; readonly reason?: never }
  | { readonly facts?: never; readonly reason: string };

/** Two commits, and where their repository may be. */
export interface Between {
  /** Folders of the application's repository, the best guess first. */
  readonly paths: readonly string[];
  readonly from: string;
  readonly to: string;
  /** Folder of the application in the repository; `` is all of it. */
  readonly folder: string;
}

/** Reads commits and changed files between two commits from the first repository that has both. */
export async function askCommits(between: Between, signal: AbortSignal): Promise<Asked> {
  const { paths, from, to } = between;
  // What a release.json says may come from anybody, and git would take `--output=…` for an option.
  if (![from, to].every((commit) => /^[0-9a-f]{40,64}$/.test(commit)))
    return { reason: 'what the releases were built from are no commits' };
  for (const path of paths) {
    if (!existsSync(path)) continue;
    const has = await knows(path, [from, to], signal); // oxlint-disable-line no-await-in-loop -- the first that has them
    if (!has) continue;
    const scope = between.folder === '' ? [] : [`:(top)${between.folder}`];
    // oxlint-disable-next-line no-await-in-loop -- only once
    const [added, removed, source] = await Promise.all([
      commitsIn(path, [`${from}..${to}`, '--', ...scope], signal),
      commitsIn(path, [`${to}..${from}`, '--', ...scope], signal),
      changesIn(path, { from, to, scope }, signal),
    ]);
    return { facts: { added, removed, source } };
  }
  const where =
    paths.length === 0 ? 'no repository is known' : `not in ${paths.join(', ')} (or cut off there)`;
  return { reason: `${where}; name it with --repo` };
}

/** Whether a repository can tell what is between two commits. */
async function knows(
  path: string,
  [from, to]: readonly [string, string],
  signal: AbortSignal,
): Promise<boolean> {
  const says = async (...args: readonly string[]): Promise<string | undefined> => {
    try {
      return await gitText(path, args, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof CodedError)) throw error;
      return undefined;
    }
  };
  for (const commit of [from, to])
    if ((await says('cat-file', '-e', `${commit}^{commit}`)) === undefined) return false; // oxlint-disable-line no-await-in-loop -- two
  if ((await says('merge-base', from, to)) !== undefined) return true;
  // Commits without a common past: that may be so, unless the past was cut off when it was cloned.
  return (await says('rev-parse', '--is-shallow-repository')) === 'false';
}

async function commitsIn(
  path: string,
  revisions: readonly string[],
  signal: AbortSignal,
): Promise<CommitFact[]> {
  const format = '--format=tformat:%H%x00%aN%x00%aI%x00%s%x00%b';
  // With a folder given, merges that brought its changes in would be left out: they name the change.
  const args = [
    'log',
    '-z',
    '--no-patch',
    '--show-pulls',
    '--no-color',
    '--encoding=UTF-8',
    format,
    ...revisions,
  ];
  const fields = (await gitText(path, args, signal)).split('\0');
  const commits: CommitFact[] = [];
  for (let i = 0; i + 4 < fields.length; i += 5) {
    const [sha = '', author = '', time = '', title = '', body = ''] = fields.slice(i, i + 5);
    commits.push({ sha, author, time, title, body });
  }
  return commits;
}

async function changesIn(
  path: string,
  {
    from,
    to,
    scope,
  }: { readonly from: string; readonly to: string; readonly scope: readonly string[] },
  signal: AbortSignal,
): Promise<SourceChange[]> {
  const args = [
    'diff',
    '--raw',
    '--numstat',
    '-z',
    '-M',
    '--abbrev=40',
    '--no-ext-diff',
    '--no-textconv',
    '--no-color',
  ];
  return parseChanges(await gitText(path, [...args, from, to, '--', ...scope], signal));
}

/**
 * `git diff --raw --numstat -z`: records `:mode mode sha sha M`, path; then `added deleted path`,
 * of a renamed file without a path and with both behind it (git-diff, "RAW OUTPUT FORMAT").
 */
export function parseChanges(text: string): SourceChange[] {
  const fields = text.split('\0')[Symbol.iterator]();
  const next = (): string | undefined => fields.next().value;
  const changes: Moved[] = [];
  const counts = new Map<string, Counts>();
  for (let field = next(); field !== undefined; field = next()) {
    const change = rawChange(field, next);
    if (change) changes.push(change);
    else for (const [path, count] of countOf(field, next)) counts.set(path, count);
  }
  return changes.map((change) => ({
    ...change,
    ...(counts.get(change.path) ?? { added: null, deleted: null }),
  }));
}

type Moved = Omit<SourceChange, 'added' | 'deleted'>;
type Counts = Pick<SourceChange, 'added' | 'deleted'>;
type Next = () => string | undefined;

function rawChange(field: string, next: Next): Moved | undefined {
  const [, before, after, kind] = rawRecord.exec(field) ?? [];
  if (before === undefined || after === undefined || kind === undefined) return undefined;
  const path = next() ?? '';
  if (kind !== 'R' && kind !== 'C') return { kind, path, from: null, mode: [before, after] };
  return { kind, path: next() ?? '', from: path, mode: [before, after] };
}

function countOf(field: string, next: Next): (readonly [path: string, counts: Counts])[] {
  const [, added, deleted, at] = countRecord.exec(field) ?? [];
  if (added === undefined || deleted === undefined) return [];
  const path = at || [next(), next()].at(-1);
  return [[path ?? '', { added: linesOf(added), deleted: linesOf(deleted) }]];
}

const rawRecord = /^:(\d+) (\d+) \S+ \S+ ([A-Z])\d*$/;
const countRecord = /^(\d+|-)\t(\d+|-)\t(.*)$/s;

/** `-` stands for a file that has no lines. */
const linesOf = (count: string): number | null => (count === '-' ? null : Number(count));
