import { type Fact, type Part, cdevent, custom } from '../fact.ts';
import { commitFact, maxMessage, pushedTypes, tagFact } from '../commits.ts';
import { branchPart } from '../forge.ts';
import type { Body } from '../body.ts';
import type { Item, Row } from '../product.ts';
import { isNoCommit } from '../repository.ts';
import { gitSourceOf, placeOf } from './about.ts';

/** One changed ref in the words of Cloud or of Data Center. */
interface Moved {
  readonly kind: 'branch' | 'tag';
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly forced: boolean;
}

function movedOf({ body }: Item): Moved {
  const change = body.at('change');
  const ref = change.at('new').text('name') === undefined ? change.at('old') : change.at('new');
  const known = (sha: string | undefined): string | undefined =>
    isNoCommit(sha) ? undefined : sha;
  const kind = change.first('ref.type')?.toLowerCase() ?? ref.text('type');
  return {
    kind: kind === 'tag' ? 'tag' : 'branch',
    name: change.text('ref.displayId') ?? ref.text('name') ?? 'unknown',
    before: known(change.first('old.target.hash', 'fromHash')),
    after: known(change.first('new.target.hash', 'toHash')),
    forced: change.is('forced'),
  };
}

const refOf = ({ kind, name }: Moved): string =>
  `refs/${kind === 'tag' ? 'tags' : 'heads'}/${name}`;

function pushPart(item: Item): Part {
  const { name, before, after, forced } = movedOf(item);
  return {
    subject: `push/${placeOf(item.body).fullName}`,
    time: timeOf(item.body),
    attributes: {
      'vcs.ref.head.name': name,
      'vcs.ref.head.revision': after,
      'vcs.ref.base.revision': before,
      ...(forced && { 'vcs.push.forced': 'true' }),
    },
  };
}

/** The push itself has a time on Data Center only. */
function timeOf(body: Body): number | undefined {
  return body.time('date', 'change.new.date', 'change.new.target.date');
}

const branchOfPush = (item: Item): Part => ({
  ...branchPart(movedOf(item).name, placeOf(item.body)),
  time: timeOf(item.body),
});

function commits(item: Item): Fact[] {
  const { body } = item;
  const ref = refOf(movedOf(item));
  return [...body.list('change.commits'), ...body.list('commits')].flatMap((commit) => {
    const sha = commit.first('hash', 'id');
    if (sha === undefined) return [];
    const pushed = {
      sha,
      message: commit.text('message', maxMessage) ?? '',
      time: commit.time('date', 'committerTimestamp'),
      author: commit
        .first('author.user.display_name', 'author.raw', 'author.name')
        ?.replace(/ ?<[^>]*>/, ''),
      ref,
    };
    return [commitFact(pushed, placeOf(body), gitSourceOf(body))];
  });
}

function tagged(item: Item): Fact[] {
  const { name, after } = movedOf(item);
  if (after === undefined) return commits(item);
  const tag = { name, sha: after, time: timeOf(item.body) };
  return [...commits(item), tagFact(tag, placeOf(item.body), gitSourceOf(item.body))];
}

const is =
  (kind: Moved['kind'], holds: (moved: Moved) => boolean) =>
  (item: Item): boolean => {
    const moved = movedOf(item);
    return moved.kind === kind && holds(moved);
  };
const isNew = ({ before }: Moved): boolean => before === undefined;
const isGone = ({ after }: Moved): boolean => after === undefined;
const more = { types: [pushedTypes.commit], facts: commits };

/** Each changed ref of a push is told on its own. */
export const pushRows: readonly Row[] = ['push', 'refs_changed'].flatMap((action): Row[] => {
  const event = { event: 'repo', actions: [action] };
  return [
    {
      ...event,
      when: ['a branch is gone', is('branch', isGone)],
      type: cdevent('branch.deleted'),
      part: branchOfPush,
    },
    {
      ...event,
      when: ['a branch is new', is('branch', isNew)],
      type: cdevent('branch.created'),
      part: branchOfPush,
      more,
    },
    {
      ...event,
      when: ['a branch moves', is('branch', () => true)],
      type: custom('bitbucket', 'push', 'received'),
      part: pushPart,
      more,
    },
    {
      ...event,
      when: ['a tag is gone', is('tag', isGone)],
      type: custom('bitbucket', 'tag', 'deleted'),
      part: pushPart,
    },
    {
      ...event,
      when: ['a tag', is('tag', () => true)],
      type: custom('bitbucket', 'tag', 'pushed'),
      part: pushPart,
      more: { types: [pushedTypes.commit, pushedTypes.tag], facts: tagged },
    },
  ];
});
