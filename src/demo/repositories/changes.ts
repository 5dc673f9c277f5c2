import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { demoErrors } from '../errors.ts';
import { exampleFolder } from '../places.ts';
import type { RepositoryName } from './history.ts';
import type { Person } from './people.ts';

export const changeKinds = ['good', 'latency', 'migration', 'leak', 'browser'] as const;
/** What a change does to the company: all but the good ones do harm once they are in production. */
export type ChangeKind = (typeof changeKinds)[number];

/** What a developer is about to commit. */
export interface Change {
  /** The same for the same change: `site/02-price-in-results`. */
  readonly id: string;
  readonly repository: RepositoryName;
  readonly kind: ChangeKind;
  readonly title: string;
  /** What the message says below its title; may be empty. */
  readonly body: string;
  readonly card: string;
  readonly author: Person;
  readonly branch: string;
  /** As `git apply` takes it, or files as they are then. */
  readonly edit: { readonly patch: string } | { readonly files: Readonly<Record<string, string>> };
}

/**
 * The changes that the company's developers have in mind for a repository, in their order. Throws
 * TERR_DEMO_START when one of the example's files is not as it should be.
 *
 * @param example `examples/newsroom`; that of this installation when left out
 */
export function changesOf(
  repository: RepositoryName,
  example: string = exampleFolder(import.meta.dirname),
): readonly Change[] {
  const folder = join(example, 'changes', repository);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.patch'))
    .toSorted()
    .map((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      return readChange(text, { repository, name: name.slice(0, -'.patch'.length) });
    });
}

/**
 * A change out of its file: head lines as in a letter, an empty line, why, a line of three hyphens, and
 * the patch.
 */
export function readChange(
  text: string,
  { repository, name }: { readonly repository: RepositoryName; readonly name: string },
): Change {
  const refuse = (what: string): Error =>
    demoErrors('START', `changes/${repository}/${name}.patch: ${what}`);
  const end = text.indexOf('\n---\n');
  if (end < 0) throw refuse('a line --- stands before the patch');
  const [head = '', ...rest] = text.slice(0, end).split('\n\n');
  const fields = new Map(
    head.split('\n').map((line) => {
      const at = line.indexOf(': ');
      return [line.slice(0, at).toLowerCase(), line.slice(at + 2)];
    }),
  );
  const field = (key: string): string => {
    const value = fields.get(key);
    if (value === undefined) throw refuse(`${key} is missing`);
    return value;
  };
  const kind = changeKinds.find((one) => one === field('kind'));
  if (kind === undefined) throw refuse(`kind is one of ${changeKinds.join(', ')}`);
  const [, author = '', email = ''] = /^(.+) <(.+)>$/.exec(field('from')) ?? [];
  return {
    id: `${repository}/${name}`,
    repository,
    kind,
    title: field('subject'),
    body: rest.join('\n\n').trim(),
    card: field('card'),
    author: { name: author, email },
    branch: name.replace(/^\d+-/, ''),
    edit: { patch: text.slice(end + '\n---\n'.length) },
  };
}
