import { maxMessage } from '../commits.ts';
import { type Part, cdevent, custom } from '../fact.ts';
import { changePart, taskPart, ticketPart } from '../forge.ts';
import type { Item, Row } from '../product.ts';
import { placeOf } from './about.ts';
import { pushRows } from './push.ts';

/** A pull request in the shape of Cloud or of Data Center. */
function changeOf({ body }: Item): Part {
  const cloud = body.at('pullrequest');
  const server = body.at('pullRequest');
  const onCloud = cloud.value !== undefined;
  return changePart(
    {
      number: (onCloud ? cloud : server).text('id') ?? 'unknown',
      title: (onCloud ? cloud : server).text('title'),
      words: (onCloud ? cloud : server).text('description', maxMessage),
      branch: onCloud ? cloud.text('source.branch.name') : server.text('fromRef.displayId'),
      head: onCloud ? cloud.text('source.commit.hash') : server.text('fromRef.latestCommit'),
      merged: onCloud ? cloud.text('merge_commit.hash') : server.text('properties.mergeCommit.id'),
    },
    placeOf(body),
  );
}

function created(item: Item): Part {
  const part = changeOf(item);
  const description = item.body.first('pullrequest.title', 'pullRequest.title');
  return { ...part, content: { ...part.content, description } };
}

/** `approved`, `changes_requested`: Cloud's words for the latter are another. */
const reviewed = (item: Item): Part => ({
  ...changeOf(item),
  state: item.action
    .replace(/^reviewer:/, '')
    .replace('changes_request_created', 'changes_requested'),
});

function changeRows(): Row[] {
  const cloud = 'pullrequest';
  const server = 'pr';
  const rows: readonly (readonly [event: string, actions: string[], type: string, Row['part']])[] =
    [
      [cloud, ['created'], 'change.created', created],
      [server, ['opened'], 'change.created', created],
      [cloud, ['fulfilled'], 'change.merged', changeOf],
      [server, ['merged'], 'change.merged', changeOf],
      [cloud, ['rejected'], 'change.abandoned', changeOf],
      [server, ['declined', 'deleted'], 'change.abandoned', changeOf],
      [
        cloud,
        ['approved', 'unapproved', 'changes_request_created', 'changes_request_removed'],
        'change.reviewed',
        reviewed,
      ],
      [
        server,
        [
          'reviewer:approved',
          'reviewer:unapproved',
          'reviewer:changes_requested',
          'reviewer:needs_work',
        ],
        'change.reviewed',
        reviewed,
      ],
      [cloud, ['updated'], 'change.updated', changeOf],
      [
        server,
        ['modified', 'from_ref_updated', 'to_ref_updated', 'reviewer:updated'],
        'change.updated',
        changeOf,
      ],
    ];
  return [
    ...rows.map(([event, actions, type, part]) => ({ event, actions, type: cdevent(type), part })),
    {
      event: cloud,
      actions: ['comment_created'],
      type: custom('bitbucket', 'pullrequestcomment', 'created'),
      part: changeOf,
    },
    {
      event: server,
      actions: ['comment:added'],
      type: custom('bitbucket', 'pullrequestcomment', 'created'),
      part: changeOf,
    },
  ];
}

function statusPart({ body }: Item): Part {
  const status = body.at('commit_status');
  const sha =
    status.text('commit.hash') ?? /[0-9a-f]{40}/.exec(status.text('links.commit.href') ?? '')?.[0];
  const state = status.text('state')?.toLowerCase();
  const run = {
    id: `${sha ?? ''}/${status.text('key') ?? 'status'}`,
    name: status.first('name', 'key') ?? 'status',
    url: status.text('url'),
    result: state === 'inprogress' ? undefined : state,
    revision: sha,
    branch: status.text('refname'),
  };
  return taskPart(run, state !== 'inprogress');
}

function statusRows(): Row[] {
  const running = (item: Item): boolean => item.body.text('commit_status.state') === 'INPROGRESS';
  const actions = ['commit_status_created', 'commit_status_updated'];
  return [
    {
      event: 'repo',
      actions,
      when: ['INPROGRESS', running],
      type: cdevent('taskrun.started'),
      part: statusPart,
    },
    { event: 'repo', actions, type: cdevent('taskrun.finished'), part: statusPart },
  ];
}

function ticketRows(): Row[] {
  const closed = (item: Item): boolean =>
    /^(resolved|closed|invalid|duplicate|wontfix)$/.test(
      item.body.text('changes.status.new') ?? '',
    );
  const event = 'issue';
  return [
    { event, actions: ['created'], type: cdevent('ticket.created'), part: ticketPartOf('created') },
    {
      event,
      actions: ['updated'],
      when: ['resolved, closed, invalid, duplicate, wontfix', closed],
      type: cdevent('ticket.closed'),
      part: ticketPartOf('closed'),
    },
    {
      event,
      actions: ['updated', 'comment_created'],
      type: cdevent('ticket.updated'),
      part: ticketPartOf('updated'),
    },
  ];
}

const resolutions: Readonly<Record<string, string>> = {
  invalid: 'withdrawn',
  wontfix: 'withdrawn',
  duplicate: 'duplicate',
};

function ticketPartOf(happened: 'created' | 'updated' | 'closed') {
  return ({ body }: Item): Part => {
    const issue = body.at('issue');
    const state = issue.text('state') ?? '';
    return ticketPart(
      {
        number: issue.text('id') ?? 'unknown',
        title: issue.text('title'),
        url: issue.text('links.html.href'),
        creator: issue.first('reporter.nickname', 'reporter.display_name'),
        updatedBy: body.first('actor.nickname', 'actor.display_name'),
        priority: issue.text('priority'),
        type: issue.text('kind')?.replace('proposal', 'enhancement'),
        milestone: issue.text('milestone.name'),
        resolution: Object.hasOwn(resolutions, state) ? resolutions[state] : undefined,
        place: placeOf(body).fullName,
      },
      happened,
    );
  };
}

/** What each of Bitbucket's events becomes. */
export const rows: readonly Row[] = [
  ...pushRows,
  ...changeRows(),
  ...statusRows(),
  ...ticketRows(),
];
