import { gitText } from './run.ts';

export interface Tag {
  readonly name: string;
  /** The commit it marks. */
  readonly sha: string;
  /** When an annotated tag was made, or its commit for a lightweight one; ms since the epoch. */
  readonly time: number;
  readonly annotated: boolean;
  readonly tagger: string;
  readonly title: string;
}

/** Fields of `git for-each-ref` formats, in the order in which a tag is written. */
export const tagFields = [
  '%(refname:strip=2)',
  '%(objectname)',
  '%(objecttype)',
  '%(*objectname)',
  '%(*objecttype)',
  '%(creatordate:unix)',
  '%(taggername)',
  '%(contents:subject)',
];

/** The tags of commits, oldest first. Tags of trees and files are left out. */
export async function readTags(
  path: string,
  branch: string | undefined,
  signal: AbortSignal,
): Promise<Tag[]> {
  const merged = branch === undefined ? [] : [`--merged=${branch}`];
  const format = `--format=${tagFields.join('%00')}`;
  const text = await gitText(
    path,
    ['for-each-ref', '--sort=creatordate', ...merged, format, 'refs/tags'],
    signal,
  );
  return text.split('\n').flatMap((line) => tagOf(line.split('\0')) ?? []);
}

/** A tag out of its fields, in the order of `tagFields`; undefined when it marks no commit. */
export function tagOf(fields: readonly string[]): Tag | undefined {
  const [name = '', object = '', type, peeled = '', peeledType, time, tagger = '', title = ''] =
    fields;
  const annotated = type === 'tag';
  if (name === '' || (annotated ? peeledType : type) !== 'commit') return undefined;
  const sha = annotated ? peeled : object;
  return { name, sha, time: Number(time) * 1000, annotated, tagger, title };
}
