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

const fields = [
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
  const format = `--format=${fields.join('%00')}`;
  const text = await gitText(
    path,
    ['for-each-ref', '--sort=creatordate', ...merged, format, 'refs/tags'],
    signal,
  );
  return text.split('\n').flatMap((line) => {
    const [name = '', object = '', type, peeled = '', peeledType, time, tagger, title] =
      line.split('\0');
    const annotated = type === 'tag';
    if (name === '' || (annotated ? peeledType : type) !== 'commit') return [];
    return [
      {
        name,
        sha: annotated ? peeled : object,
        time: Number(time) * 1000,
        annotated,
        tagger: tagger ?? '',
        title: title ?? '',
      },
    ];
  });
}
