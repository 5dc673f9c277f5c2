import { randomBytes } from 'node:crypto';
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
  readonly trailers: readonly (readonly [key: string, value: string])[];
  readonly stat?: {
    readonly files: number;
    readonly insertions: number;
    readonly deletions: number;
  };
}

export interface Range {
  /** All branches, remote branches, tags and HEAD when left out. */
  readonly branch?: string;
  /** Only commits with a committer time from this one on, ms. */
  readonly since?: number;
  /** Whether HEAD is a commit; it need not be on a branch. */
  readonly hasHead: boolean;
}

const fields = ['H', 'P', 'ct', 'cN', 'cE', 'at', 'aN', 'aE', 'S', 'D', 's'];
const trailersField = '(trailers:only,unfold)';

function revisions(range: Range): string[] {
  const since = range.since === undefined ? [] : [`--since=@${Math.floor(range.since / 1000)}`];
  return range.branch === undefined
    ? [...since, '--branches', '--remotes', '--tags', ...(range.hasHead ? ['HEAD'] : [])]
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
  const format = [mark, ...fields.map((name) => `%${name}`), `%${trailersField}`, ''].join('%x00');
  const stat = range.stat
    ? ['--shortstat', '--diff-merges=first-parent', '--no-ext-diff', '--no-textconv']
    : ['--no-patch'];
  const args = ['log', '--reverse', '--date-order', '--source', '--decorate=full', '--no-color'];
  args.push('--encoding=UTF-8', `--format=tformat:${format}`, ...stat, ...revisions(range), '--');
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of gitStream(path, args, signal)) {
    rest += decoder.decode(chunk, { stream: true });
    const records = rest.split(`${mark}\0`);
    rest = mark + '\0' + (records.pop() ?? '');
    for (const record of records) if (record !== '') yield parseCommit(record);
  }
  const last = rest.slice(mark.length + 1);
  if (last !== '') yield parseCommit(last);
}

function parseCommit(record: string): Commit {
  const parts = record.split('\0');
  const at = (name: string): string => parts[fields.indexOf(name)] ?? '';
  const stat = parseStat(parts[fields.length + 1] ?? '');
  return {
    sha: at('H'),
    parents: at('P') === '' ? [] : at('P').split(' '),
    committer: { name: at('cN'), email: at('cE'), time: Number(at('ct')) * 1000 },
    author: { name: at('aN'), email: at('aE'), time: Number(at('at')) * 1000 },
    ref: at('S'),
    refs: parseDecoration(at('D')),
    title: at('s'),
    trailers: parseTrailers(parts[fields.length] ?? ''),
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
