import { randomBytes } from 'node:crypto';
import { intakeErrors } from '../errors.ts';
import { gitStream, gitText } from './run.ts';

/** A person as a commit names them, and when they did it: ms since the epoch. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly time: number;
}

export interface Commit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  /** One ref that it can be reached from. */
  readonly ref: string;
  /** Refs that point at it. */
  readonly refs: readonly string[];
  readonly title: string;
  /** The message behind the title. */
  readonly body: string;
  readonly trailers: readonly (readonly [key: string, value: string])[];
  readonly stat?: {
    readonly files: number;
    readonly insertions: number;
    readonly deletions: number;
  };
}

export interface Range {
  /** These revisions in place of `branch`, as `git rev-list` takes them; no flags of a stranger. */
  readonly revisions?: readonly string[];
  /** All branches, remote branches, tags and HEAD when left out. */
  readonly branch?: string;
  /** Only commits with a committer time from this one on, ms. */
  readonly since?: number;
  /** Whether HEAD is a commit; it need not be on a branch. */
  readonly hasHead: boolean;
}

/** Placeholders of git log's formats, in the order in which a commit is written. */
export const commitFields = [
  'H',
  'P',
  'ct',
  'cN',
  'cE',
  'at',
  'aN',
  'aE',
  'S',
  'D',
  's',
  'b',
  '(trailers:only,unfold)',
] as const;

/** Characters of one commit with its message; more is no message but an attempt to fill the memory. */
const maxRecord = 16_777_216;

/** Not `--branches` and the like: with those git says `main` for a branch and a tag alike. */
export const everyRef = ['--glob=refs/heads', '--glob=refs/remotes', '--glob=refs/tags'] as const;

function revisions(range: Range): string[] {
  if (range.revisions !== undefined) return [...range.revisions];
  const since = range.since === undefined ? [] : [`--since=@${Math.floor(range.since / 1000)}`];
  return range.branch === undefined
    ? [...since, ...everyRef, ...(range.hasHead ? ['HEAD'] : [])]
    : [...since, '--end-of-options', range.branch];
}

/** How many commits `readCommits` will give. */
export async function countCommits(
  path: string,
  range: Range,
  signal: AbortSignal,
): Promise<number> {
  return Number(await gitText(path, ['rev-list', '--count', ...revisions(range), '--'], signal));
}

/** Streams commits, parents before children. Nothing but the current chunk is held. */
export async function* readCommits(
  path: string,
  range: Range & { readonly stat: boolean },
  signal: AbortSignal,
): AsyncGenerator<Commit> {
  // A commit message can hold anything, so records are told apart by a word that nobody can know.
  const mark = `commit-${randomBytes(12).toString('hex')}`;
  const format = [mark, ...commitFields.map((name) => `%${name}`), ''].join('%x00');
  const stat = range.stat
    ? ['--shortstat', '--diff-merges=first-parent', '--no-ext-diff', '--no-textconv']
    : ['--no-patch'];
  const args = ['log', '--reverse', '--date-order', '--source', '--decorate=full', '--no-color'];
  // A mirror keeps more refs than those of the repository that it mirrors.
  for (const kind of ['heads', 'tags', 'remotes']) args.push(`--decorate-refs=refs/${kind}`);
  args.push('--encoding=UTF-8', `--format=tformat:${format}`, ...stat, ...revisions(range), '--');
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of gitStream(path, args, signal)) {
    rest += decoder.decode(chunk, { stream: true });
    const records = rest.split(`${mark}\0`);
    rest = mark + '\0' + (records.pop() ?? '');
    for (const record of records) if (record !== '') yield commitOf(record.split('\0'));
    if (rest.length > maxRecord)
      throw intakeErrors('SOURCE', `a commit of the repository has more than ${maxRecord} bytes`);
  }
  const last = rest.slice(mark.length + 1);
  if (last !== '') yield commitOf(last.split('\0'));
}

/** A commit out of its fields, in the order of `commitFields`; behind them may stand its size. */
export function commitOf(parts: readonly string[]): Commit {
  const at = (name: (typeof commitFields)[number]): string =>
    parts[commitFields.indexOf(name)] ?? '';
  const stat = parseStat(parts[commitFields.length] ?? '');
  return {
    sha: at('H'),
    parents: at('P') === '' ? [] : at('P').split(' '),
    committer: { name: at('cN'), email: at('cE'), time: Number(at('ct')) * 1000 },
    author: { name: at('aN'), email: at('aE'), time: Number(at('at')) * 1000 },
    ref: at('S'),
    refs: parseDecoration(at('D')),
    title: at('s'),
    body: at('b'),
    trailers: parseTrailers(at('(trailers:only,unfold)')),
    ...(stat === undefined ? {} : { stat }),
  };
}

/** `HEAD -> refs/heads/main, tag: refs/tags/v1` */
function parseDecoration(text: string): string[] {
  return text
    .split(', ')
    .map((ref) => ref.replace(/^HEAD -> /, '').replace(/^tag: /, ''))
    .filter((ref) => ref.startsWith('refs/'));
}

function parseTrailers(text: string): (readonly [string, string])[] {
  return text.split('\n').flatMap((line) => {
    const match = /^([^\s:]+)\s*:\s*(.*)$/.exec(line);
    return match?.[1] === undefined ? [] : [[match[1], match[2] ?? ''] as const];
  });
}

/** ` 3 files changed, 10 insertions(+), 2 deletions(-)`; a commit without changes has none. */
function parseStat(text: string): Commit['stat'] {
  const of = (what: string): number => Number(new RegExp(`(\\d+) ${what}`).exec(text)?.[1] ?? 0);
  const files = of('files? changed');
  if (files === 0) return undefined;
  return { files, insertions: of('insertion'), deletions: of('deletion') };
}
