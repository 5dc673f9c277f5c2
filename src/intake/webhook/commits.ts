import { cut, nameOfRef } from '../git/facts.ts';
import { referencesOf } from '../git/references.ts';
import { sourceOf } from '../git/source.ts';
import type { Fact, Part } from './fact.ts';
import { type Repository, repositoryAttributes } from './repository.ts';

/** A commit as a push tells of it: without its parents. */
export interface PushedCommit {
  readonly sha: string;
  /** The whole message. */
  readonly message: string;
  /** When it was committed, ms since the epoch. */
  readonly time: number | undefined;
  readonly author: string | undefined;
  readonly ref: string;
}

/** What is read of a message: references stand at its ends. */
export const maxMessage = 20_000;

/** What a push is told as, beside the push itself. */
export const pushedTypes = {
  commit: 'dev.cdeventsx.territory-commit.created.0.1.0',
  tag: 'dev.cdeventsx.territory-tag.created.0.1.0',
} as const;

/**
 * The fact that `territory import git` makes of the same commit: same source, id and type, so that
 * whoever comes second is the duplicate.
 *
 * @param clone address for cloning over HTTPS
 */
export function commitFact(commit: PushedCommit, repository: Repository, clone: string): Fact {
  const { sha, message, time, author, ref } = commit;
  const { title, body, trailers } = wordsOf(message);
  const person = author === undefined ? {} : { author: { name: author } };
  const part = gitPart(`commit/${sha}`, sha, repository, clone);
  const branch = nameOfRef(ref);
  const more = { 'vcs.ref.head.name': branch, ...referencesOf({ title, body, trailers }) };
  return {
    type: pushedTypes.commit,
    ...part,
    attributes: { ...part.attributes, ...more },
    time,
    data: { sha, title: cut(title), ...person, ref },
  };
}

/** The same for a tag. */
export function tagFact(
  tag: { readonly name: string; readonly sha: string; readonly time: number | undefined },
  repository: Repository,
  clone: string,
): Fact {
  const part = gitPart(`tag/${tag.name}@${tag.sha}`, tag.sha, repository, clone);
  const more = { 'vcs.ref.head.name': tag.name, 'vcs.ref.head.type': 'tag' };
  return {
    type: pushedTypes.tag,
    ...part,
    attributes: { ...part.attributes, ...more },
    time: tag.time,
    data: { tag: tag.name, sha: tag.sha },
  };
}

function gitPart(id: string, sha: string, repository: Repository, clone: string): Part {
  return {
    id,
    source: sourceOf(clone, '/'),
    subject: `commit/${sha}`,
    attributes: { ...repositoryAttributes(repository), 'vcs.ref.head.revision': sha },
  };
}

/** A message as git divides it: title, the rest, and the trailers in its last paragraph. */
function wordsOf(message: string) {
  const text = message.slice(0, maxMessage).replaceAll('\r\n', '\n').trimEnd();
  const [title = ''] = text.split('\n', 1);
  const body = text.slice(title.length).trimStart();
  const last = body.split(/\n\s*\n/).at(-1) ?? '';
  const trailers = last.split('\n').flatMap((line): [string, string][] => {
    const found = /^([A-Za-z][\w-]{0,100}):[ \t]+(.*)$/.exec(line);
    return found?.[1] === undefined ? [] : [[found[1], found[2] ?? '']];
  });
  return { title, body, trailers };
}
