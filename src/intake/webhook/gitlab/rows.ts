import { maxMessage } from '../commits.ts';
import { type Part, cdevent, custom } from '../fact.ts';
import {
  changePart,
  deploymentPart,
  pipelinePart,
  purlOf,
  taskPart,
  ticketPart,
} from '../forge.ts';
import type { Item, Row } from '../product.ts';
import { placeOf } from './about.ts';
import { pushRows } from './push.ts';

function changeOf({ body }: Item): Part {
  const own = body.text('object_kind') === 'merge_request';
  const request = body.at(own ? 'object_attributes' : 'merge_request');
  const merged = request.text('state') === 'merged';
  return changePart(
    {
      number: request.first('iid', 'id') ?? 'unknown',
      title: request.text('title'),
      words: request.text('description', maxMessage),
      branch: request.text('source_branch'),
      head: request.text('last_commit.id'),
      merged: merged ? request.first('merge_commit_sha', 'squash_commit_sha') : undefined,
    },
    placeOf(body),
  );
}

function changeRows(): Row[] {
  const event = 'merge_request';
  const reviewed = ['approved', 'unapproved', 'approval', 'unapproval'];
  return [
    {
      event,
      actions: ['open'],
      type: cdevent('change.created'),
      part: (item) => {
        const part = changeOf(item);
        const description = item.body.text('object_attributes.title');
        return { ...part, content: { ...part.content, description } };
      },
    },
    { event, actions: ['merge'], type: cdevent('change.merged'), part: changeOf },
    { event, actions: ['close'], type: cdevent('change.abandoned'), part: changeOf },
    {
      event,
      actions: reviewed,
      type: cdevent('change.reviewed'),
      part: (item) => ({ ...changeOf(item), state: item.action }),
    },
    { event, type: cdevent('change.updated'), part: changeOf },
  ];
}

const isFinal = (status: string): boolean => /^(success|failed|canceled|skipped)$/.test(status);

function pipelinePartOf({ body, action }: Item): Part {
  const run = body.at('object_attributes');
  return pipelinePart(
    {
      id: run.text('id') ?? 'unknown',
      name: run.text('name') ?? placeOf(body).fullName,
      url: run.text('url'),
      result: isFinal(action) ? action : undefined,
      revision: run.text('sha'),
      branch: run.text('ref'),
      change: body.text('merge_request.iid'),
    },
    isFinal(action),
  );
}

function pipelineRows(): Row[] {
  const event = 'pipeline';
  const part = pipelinePartOf;
  return [
    {
      event,
      actions: ['created', 'pending', 'waiting_for_resource', 'preparing', 'scheduled'],
      type: cdevent('pipelinerun.queued'),
      part,
    },
    { event, actions: ['running'], type: cdevent('pipelinerun.started'), part },
    {
      event,
      actions: ['success', 'failed', 'canceled', 'skipped'],
      type: cdevent('pipelinerun.finished'),
      part,
    },
  ];
}

function jobPart({ body, action }: Item): Part {
  const name = body.text('build_name') ?? 'job';
  const id = body.text('build_id') ?? 'unknown';
  const { url } = placeOf(body);
  const job = {
    id,
    name,
    url: url === '#' ? undefined : `${url}/-/jobs/${encodeURIComponent(id)}`,
    result: isFinal(action) ? action : undefined,
    revision: body.text('sha'),
    branch: body.text('ref'),
  };
  return taskPart(job, isFinal(action), body.first('pipeline_id'));
}

function jobRows(): Row[] {
  const event = 'build';
  return [
    { event, actions: ['running'], type: cdevent('taskrun.started'), part: jobPart },
    {
      event,
      actions: ['success', 'failed', 'canceled', 'skipped'],
      type: cdevent('taskrun.finished'),
      part: jobPart,
    },
    {
      event,
      actions: ['created', 'pending', 'manual', 'scheduled', 'waiting_for_resource'],
      type: custom('gitlab', 'job', 'queued'),
      part: jobPart,
    },
  ];
}

function deploymentPartOf({ body, action }: Item): Part {
  const place = placeOf(body);
  const sha = /^[0-9a-f]{40}/.exec(body.text('commit_url')?.split('/').at(-1) ?? '')?.[0];
  const short = body.text('short_sha');
  const part = deploymentPart(
    {
      id: body.text('deployment_id') ?? 'unknown',
      environment: body.text('environment'),
      revision: sha ?? short,
      ref: body.text('ref'),
      url: body.text('deployable_url'),
      artifact: purlOf('generic', place.fullName, sha ?? short ?? 'unknown'),
    },
    place,
  );
  return action === 'failed' ? { ...part, state: 'critical' } : part;
}

function deploymentRows(): Row[] {
  const event = 'deployment';
  const part = deploymentPartOf;
  const others: readonly (readonly [action: string, happened: string])[] = [
    ['failed', 'failed'],
    ['running', 'started'],
    ['created', 'created'],
    ['canceled', 'canceled'],
  ];
  return [
    { event, actions: ['success'], type: cdevent('service.deployed'), part },
    ...others.map(([action, happened]) => ({
      event,
      actions: [action],
      type: custom('gitlab', event, happened),
      part,
    })),
  ];
}

function releaseRows(): Row[] {
  const part = ({ body }: Item): Part => {
    const place = placeOf(body);
    const tag = body.first('tag', 'name') ?? 'unknown';
    const id = purlOf('generic', place.fullName, tag);
    return {
      subject: id,
      service: place.name,
      name: body.text('name') ?? tag,
      attributes: {
        'artifact.id': id,
        'vcs.ref.head.name': tag,
        'vcs.ref.head.revision': body.text('commit.id'),
      },
    };
  };
  return [
    { event: 'release', actions: ['create'], type: cdevent('artifact.published'), part },
    { event: 'release', actions: ['update'], type: custom('gitlab', 'release', 'updated'), part },
    { event: 'release', actions: ['delete'], type: cdevent('artifact.deleted'), part },
  ];
}

function ticketPartOf(happened: 'created' | 'updated' | 'closed') {
  return ({ body }: Item): Part => {
    const own = body.text('object_kind') === 'issue' || body.at('issue').value === undefined;
    const issue = body.at(own ? 'object_attributes' : 'issue');
    const names = (path: string, key: string): string[] =>
      body.list(path).flatMap((one) => one.text(key) ?? []);
    return ticketPart(
      {
        number: issue.first('iid', 'id') ?? 'unknown',
        title: issue.text('title'),
        url: issue.first('url') ?? body.text('object_attributes.url'),
        creator: happened === 'created' ? body.first('user.username', 'user.name') : undefined,
        updatedBy: body.first('user.username', 'user.name'),
        assignees: names('assignees', 'username'),
        labels: names('labels', 'title'),
        type: issue.text('type')?.toLowerCase(),
        place: placeOf(body).fullName,
      },
      happened,
    );
  };
}

function ticketRows(): Row[] {
  const events = ['issue', 'work_item', 'incident'];
  return [
    ...events.flatMap((event): Row[] => [
      { event, actions: ['open'], type: cdevent('ticket.created'), part: ticketPartOf('created') },
      { event, actions: ['close'], type: cdevent('ticket.closed'), part: ticketPartOf('closed') },
      { event, type: cdevent('ticket.updated'), part: ticketPartOf('updated') },
    ]),
    {
      event: 'note',
      actions: ['issue'],
      type: cdevent('ticket.updated'),
      part: ticketPartOf('updated'),
    },
    {
      event: 'note',
      actions: ['mergerequest'],
      type: custom('gitlab', 'note', 'created'),
      part: changeOf,
    },
    {
      event: 'note',
      actions: ['commit', 'snippet'],
      type: custom('gitlab', 'note', 'created'),
      part: ({ body }) => ({
        attributes: { 'vcs.ref.head.revision': body.text('object_attributes.commit_id') },
      }),
    },
  ];
}

/** What each of GitLab's events becomes. */
export const rows: readonly Row[] = [
  ...pushRows,
  ...changeRows(),
  ...pipelineRows(),
  ...jobRows(),
  ...deploymentRows(),
  ...releaseRows(),
  ...ticketRows(),
];
