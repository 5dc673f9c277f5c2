import { maxMessage } from '../commits.ts';
import { type Part, cdevent, custom } from '../fact.ts';
import { branchPart, changePart, taskPart } from '../forge.ts';
import type { Item, Row } from '../product.ts';
import { placeOf, type Like } from './about.ts';
import { deploymentRows, releaseRows } from './deployments.ts';
import { pushRows } from './push.ts';
import { runRows } from './runs.ts';
import { securityRows } from './security.ts';
import { ticketRows } from './tickets.ts';

/** What each of GitHub's events becomes; also of Gitea's, which are shaped alike. */
export function rows(like: Like): readonly Row[] {
  return [
    ...pushRows(like),
    ...refRows(like),
    ...changeRows(),
    ...reviewRows(like),
    ...runRows(like),
    ...statusRows(),
    ...deploymentRows(like),
    ...releaseRows(like),
    ...ticketRows(like),
    ...securityRows(like),
  ];
}

function refRows(like: Like): Row[] {
  const ofBranch = (item: Item): boolean => item.body.text('ref_type') === 'branch';
  const branch = ({ body }: Item): Part => branchPart(body.text('ref') ?? '', placeOf(body));
  const tag = ({ body }: Item): Part => ({
    subject: `tag/${placeOf(body).fullName}/${body.text('ref') ?? ''}`,
    attributes: { 'vcs.ref.head.name': body.text('ref') },
  });
  return [
    {
      event: 'create',
      when: ['a branch', ofBranch],
      type: cdevent('branch.created'),
      part: branch,
    },
    {
      event: 'delete',
      when: ['a branch', ofBranch],
      type: cdevent('branch.deleted'),
      part: branch,
    },
    { event: 'create', when: ['a tag', isTag], type: custom(like, 'tag', 'created'), part: tag },
    { event: 'delete', when: ['a tag', isTag], type: custom(like, 'tag', 'deleted'), part: tag },
  ];
}

const isTag = (item: Item): boolean => item.body.text('ref_type') === 'tag';

function changeOf({ body }: Item, key = 'pull_request'): Part {
  const request = body.at(key);
  const merged = request.is('merged') || request.time('merged_at') !== undefined;
  return changePart(
    {
      number: request.first('number', 'id') ?? body.text('number') ?? 'unknown',
      title: request.text('title'),
      words: request.text('body', maxMessage),
      branch: request.text('head.ref'),
      head: request.text('head.sha'),
      merged: merged ? request.first('merge_commit_sha', 'merged_commit_id') : undefined,
    },
    placeOf(body),
  );
}

function changeRows(): Row[] {
  const event = 'pull_request';
  const merged = ({ body }: Item): boolean =>
    body.is('pull_request.merged') || body.time('pull_request.merged_at') !== undefined;
  return [
    {
      event,
      actions: ['opened'],
      type: cdevent('change.created'),
      part: (item) => {
        const part = changeOf(item);
        const description = item.body.text('pull_request.title');
        return { ...part, content: { ...part.content, description } };
      },
    },
    {
      event,
      actions: ['closed'],
      when: ['merged', merged],
      type: cdevent('change.merged'),
      part: (item) => changeOf(item),
    },
    {
      event,
      actions: ['closed'],
      when: ['not merged', (item) => !merged(item)],
      type: cdevent('change.abandoned'),
      part: (item) => changeOf(item),
    },
    { event, type: cdevent('change.updated'), part: (item) => changeOf(item) },
  ];
}

function reviewRows(like: Like): Row[] {
  const part = (item: Item): Part => {
    const change = changeOf(item);
    const state = item.body
      .first('review.state', 'review.type')
      ?.toLowerCase()
      .replace('pull_request_review_', '');
    return { ...change, ...(state !== undefined && { state }) };
  };
  const comment = (item: Item): Part => changeOf(item);
  return [
    {
      event: 'pull_request_review',
      actions: ['submitted'],
      type: cdevent('change.reviewed'),
      part,
    },
    ...['pull_request_approved', 'pull_request_rejected', 'pull_request_comment'].flatMap((event) =>
      like === 'gitea' ? [{ event, type: cdevent('change.reviewed'), part }] : [],
    ),
    ...['dismissed', 'edited'].map((action) => ({
      event: 'pull_request_review',
      actions: [action],
      type: custom(like, 'pull_request_review', action),
      part,
    })),
    ...['created', 'edited', 'deleted'].map((action) => ({
      event: 'pull_request_review_comment',
      actions: [action],
      type: custom(like, 'pull_request_review_comment', action),
      part: comment,
    })),
    ...['resolved', 'unresolved'].map((action) => ({
      event: 'pull_request_review_thread',
      actions: [action],
      type: custom(like, 'pull_request_review_thread', action),
      part: comment,
    })),
  ];
}

/** Commit statuses: the older way of other CI systems to tell GitHub of a run. */
function statusRows(): Row[] {
  const part =
    (finished: boolean) =>
    ({ body }: Item): Part => {
      const context = body.text('context') ?? 'status';
      const sha = body.text('sha');
      const run = {
        id: `${sha ?? ''}/${context}`,
        name: context,
        url: body.text('target_url'),
        result: body.text('state'),
        revision: sha,
        branch: body.text('branches.0.name'),
      };
      return taskPart(run, finished);
    };
  const pending = (item: Item): boolean => item.body.text('state') === 'pending';
  return [
    {
      event: 'status',
      when: ['pending', pending],
      type: cdevent('taskrun.started'),
      part: part(false),
    },
    {
      event: 'status',
      when: ['success, failure, error', (item) => !pending(item)],
      type: cdevent('taskrun.finished'),
      part: part(true),
    },
  ];
}
