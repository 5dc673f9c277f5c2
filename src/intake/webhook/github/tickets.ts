import { type Part, cdevent, custom } from '../fact.ts';
import { ticketPart } from '../forge.ts';
import type { Item, Row } from '../product.ts';
import { type Like, placeOf } from './about.ts';

/** Issues, and comments on them. */
export function ticketRows(like: Like): Row[] {
  const event = 'issues';
  const onChange = (item: Item): boolean => item.body.at('issue.pull_request').value !== undefined;
  return [
    { event, actions: ['opened'], type: cdevent('ticket.created'), part: partOf('created') },
    { event, actions: ['closed'], type: cdevent('ticket.closed'), part: partOf('closed') },
    { event, actions: ['deleted'], type: custom(like, 'issues', 'deleted'), part: removed },
    { event, type: cdevent('ticket.updated'), part: partOf('updated') },
    {
      event: 'issue_comment',
      when: ['on a pull request', (item) => onChange(item) || item.body.is('is_pull')],
      type: custom(like, 'issue_comment', 'received'),
      part: onRequest,
    },
    { event: 'issue_comment', type: cdevent('ticket.updated'), part: partOf('updated') },
  ];
}

/** Reasons that GitHub gives for closing, in the words of CDEvents. */
const resolutions: Readonly<Record<string, string>> = {
  completed: 'completed',
  not_planned: 'withdrawn',
  duplicate: 'duplicate',
};

function partOf(happened: 'created' | 'updated' | 'closed') {
  return ({ body }: Item): Part => {
    const issue = body.at('issue');
    const names = (path: string, ...keys: readonly string[]): string[] =>
      issue.list(path).flatMap((one) => one.first(...keys) ?? []);
    const reason = issue.text('state_reason') ?? '';
    return ticketPart(
      {
        number: issue.first('number', 'id') ?? 'unknown',
        title: issue.text('title'),
        url: issue.text('html_url'),
        creator: issue.text('user.login'),
        updatedBy: body.text('sender.login'),
        assignees: names('assignees', 'login'),
        labels: names('labels', 'name'),
        milestone: issue.text('milestone.title'),
        resolution: Object.hasOwn(resolutions, reason) ? resolutions[reason] : undefined,
        place: placeOf(body).fullName,
      },
      happened,
    );
  };
}

function removed(item: Item): Part {
  const { subject, attributes } = partOf('updated')(item);
  return { ...(subject !== undefined && { subject }), ...(attributes && { attributes }) };
}

function onRequest({ body, action }: Item): Part {
  const number = body.text('issue.number') ?? 'unknown';
  return {
    subject: `change/${placeOf(body).fullName}/${number}`,
    name: action,
    attributes: { 'vcs.change.id': number },
  };
}
