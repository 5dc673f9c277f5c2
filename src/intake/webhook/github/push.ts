import type { Body } from '../body.ts';
import { type Fact, type Part, custom } from '../fact.ts';
import { commitFact, maxMessage, pushedTypes, tagFact } from '../commits.ts';
import type { Item, Row } from '../product.ts';
import { branchOf, isNoCommit, tagOf } from '../repository.ts';
import { type Like, placeOf } from './about.ts';

/** A push is one fact, and each commit in it one as `territory import git` makes it. */
export function pushRows(like: Like): Row[] {
  const made = ({ body }: Item): boolean =>
    tagOf(body.text('ref')) !== undefined && !isNoCommit(body.text('after'));
  return [
    {
      event: 'push',
      when: ['to a branch', (item) => branchOf(item.body.text('ref')) !== undefined],
      type: custom(like, 'push', 'received'),
      part: pushPart,
      more: { types: [pushedTypes.commit], facts: commits },
    },
    {
      event: 'push',
      when: ['of a tag', made],
      type: custom(like, 'push', 'received'),
      part: pushPart,
      more: { types: [pushedTypes.commit, pushedTypes.tag], facts: tagged },
    },
    {
      event: 'push',
      when: ['that deletes a tag', (item) => !made(item)],
      type: custom(like, 'push', 'received'),
      part: pushPart,
    },
  ];
}

function pushPart({ body }: Item): Part {
  const ref = body.text('ref');
  const after = body.text('after');
  return {
    subject: `push/${placeOf(body).fullName}`,
    attributes: {
      'vcs.ref.head.name': branchOf(ref) ?? tagOf(ref) ?? ref,
      'vcs.ref.head.revision': isNoCommit(after) ? undefined : revisionOf(body),
      'vcs.ref.base.revision': isNoCommit(body.text('before')) ? undefined : body.text('before'),
      ...(body.is('forced') && { 'vcs.push.forced': 'true' }),
      'url.full': body.first('compare', 'compare_url'),
    },
  };
}

/** `after` of an annotated tag is the tag itself and no commit. */
const revisionOf = (body: Body): string | undefined => body.first('head_commit.id', 'after');

function commits({ body }: Item): Fact[] {
  const ref = body.text('ref') ?? '';
  return body.list('commits').flatMap((commit) => {
    const sha = commit.text('id');
    if (sha === undefined) return [];
    const pushed = {
      sha,
      message: commit.text('message', maxMessage) ?? '',
      time: commit.time('timestamp'),
      author: commit.text('author.name'),
      ref,
    };
    return [commitFact(pushed, placeOf(body), gitSourceOf(body))];
  });
}

function tagged(item: Item): Fact[] {
  const { body } = item;
  const name = tagOf(body.text('ref'));
  const sha = body.text('head_commit.id');
  if (name === undefined || sha === undefined) return commits(item);
  const tag = { name, sha, time: body.time('head_commit.timestamp') };
  return [...commits(item), tagFact(tag, placeOf(body), gitSourceOf(body))];
}

/** The source that `territory import git` gives to a clone over HTTPS. */
function gitSourceOf(body: Body): string {
  return body.text('repository.clone_url') ?? placeOf(body).url;
}
