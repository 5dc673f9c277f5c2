import { type Fact, type Part, cdevent, custom } from '../fact.ts';
import { commitFact, maxMessage, pushedTypes, tagFact } from '../commits.ts';
import { branchPart } from '../forge.ts';
import type { Item, Row } from '../product.ts';
import { branchOf, isNoCommit, tagOf } from '../repository.ts';
import { gitSourceOf, placeOf } from './about.ts';

const made = ({ body }: Item): boolean => isNoCommit(body.text('before'));
const deleted = ({ body }: Item): boolean => isNoCommit(body.text('after'));

function pushPart({ body }: Item): Part {
  const ref = body.text('ref');
  const { before, after } = { before: body.text('before'), after: body.text('after') };
  return {
    subject: `push/${placeOf(body).fullName}`,
    time: body.time(`commits.${body.list('commits').length - 1}.timestamp`),
    attributes: {
      'vcs.ref.head.name': branchOf(ref) ?? tagOf(ref) ?? ref,
      'vcs.ref.head.revision': isNoCommit(after) ? undefined : body.first('checkout_sha', 'after'),
      'vcs.ref.base.revision': isNoCommit(before) ? undefined : before,
    },
  };
}

function branchOfPush({ body }: Item): Part {
  return branchPart(branchOf(body.text('ref')) ?? body.text('ref') ?? '', placeOf(body));
}

function commits({ body }: Item): Fact[] {
  const ref = body.text('ref') ?? '';
  return body.list('commits').flatMap((commit) => {
    const sha = commit.text('id');
    if (sha === undefined) return [];
    const message = commit.text('message', maxMessage) ?? '';
    const author = commit.text('author.name');
    const pushed = { sha, message, time: commit.time('timestamp'), author, ref };
    return [commitFact(pushed, placeOf(body), gitSourceOf(body))];
  });
}

function tagged(item: Item): Fact[] {
  const { body } = item;
  const name = tagOf(body.text('ref'));
  const sha = body.text('checkout_sha');
  if (name === undefined || sha === undefined) return commits(item);
  const newest = body.list('commits').at(-1);
  const tag = { name, sha, time: newest?.time('timestamp') };
  return [...commits(item), tagFact(tag, placeOf(body), gitSourceOf(body))];
}

const withCommits = { types: [pushedTypes.commit], facts: commits };

/** GitLab tells of new and deleted branches and tags by pushes alone. */
export const pushRows: readonly Row[] = [
  {
    event: 'push',
    when: ['of a new branch', made],
    type: cdevent('branch.created'),
    part: branchOfPush,
    more: withCommits,
  },
  {
    event: 'push',
    when: ['that deletes a branch', deleted],
    type: cdevent('branch.deleted'),
    part: branchOfPush,
  },
  { event: 'push', type: custom('gitlab', 'push', 'received'), part: pushPart, more: withCommits },
  {
    event: 'tag_push',
    when: ['that deletes a tag', deleted],
    type: custom('gitlab', 'tag', 'deleted'),
    part: pushPart,
  },
  {
    event: 'tag_push',
    type: custom('gitlab', 'tag', 'pushed'),
    part: pushPart,
    more: { types: [pushedTypes.commit, pushedTypes.tag], facts: tagged },
  },
];
