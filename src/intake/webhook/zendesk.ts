import type { Body } from './body.ts';
import { essential } from './essential.ts';
import { type Part, cdevent, custom } from './fact.ts';
import { ticketPart } from './forge.ts';
import type { Delivery, Item, Product, Row } from './product.ts';
import { headerOf, hmac, sameText, unsigned, type Verify, wrong } from './signature.ts';

const header = 'X-Zendesk-Webhook-Signature';

const verify: Verify = ({ headers, raw }, secret) => {
  const given = headerOf(headers, header);
  const time = headerOf(headers, `${header}-Timestamp`);
  if (given === undefined || time === undefined)
    throw unsigned(
      `${header} or ${header}-Timestamp is missing: is this sent by a Zendesk webhook?`,
    );
  const right = hmac('sha256', secret, time, raw).toString('base64');
  if (!sameText(given, right)) throw wrong(header);
};

/**
 * Event subscriptions say `zen:event-type:ticket.status_changed`. What triggers send is written by
 * the customer: taken is `{"ticket": {…}}`, as the documentation suggests it.
 */
function items(delivery: Delivery): readonly Item[] {
  const { body } = delivery;
  const type = body.text('type') ?? '';
  const [event = '', ...rest] = type.replace(/^zen:event-type:/, '').split('.');
  if (type.startsWith('zen:event-type:'))
    return [{ event, action: rest.join('.'), body, delivery }];
  return [{ event: 'trigger', action: '', body, delivery }];
}

const ticketOf = (body: Body): Body =>
  body.at('ticket').value === undefined ? body.at('detail') : body.at('ticket');

function about({ event, body }: Item): Part {
  const thing = ticketOf(body);
  const id = thing.text('id') ?? body.text('subject')?.split(':').at(-1);
  const account = body.text('account_id');
  const url = thing.text('url');
  const at = url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
  const source = at ?? (account === undefined ? undefined : `zen:account:${account}`);
  return {
    ...(source !== undefined && { source }),
    subject: `${event}/${id ?? 'unknown'}`,
    time: body.time('time') ?? thing.time('updated_at', 'created_at'),
    data: essential(body.value, noise),
  };
}

/** What customers wrote. */
const noise: ReadonlySet<string> = new Set(
  `description comment body latest_comment meta external_id requester name notes
   details identity`.split(/\s+/),
);

function part(happened: 'created' | 'updated' | 'closed') {
  return ({ body }: Item): Part => {
    const ticket = ticketOf(body);
    const made = ticketPart(
      {
        number: ticket.text('id') ?? body.text('subject')?.split(':').at(-1) ?? 'unknown',
        title: ticket.first('subject', 'title'),
        url: ticket.text('url'),
        creator: ticket.first('submitter_id', 'requester_id'),
        updatedBy: ticket.text('actor_id'),
        assignees:
          ticket.text('assignee_id') === undefined ? [] : [ticket.text('assignee_id') ?? ''],
        labels: ticket
          .list('tags')
          .flatMap((tag) => (typeof tag.value === 'string' ? tag.value : [])),
        priority: ticket.text('priority')?.toLowerCase(),
        type: ticket.text('type')?.toLowerCase(),
        group: ticket.text('group_id'),
      },
      happened,
    );
    return {
      ...made,
      state: (ticket.text('status') ?? body.text('event.current'))?.toLowerCase(),
      attributes: { ...made.attributes, 'case.id': made.attributes?.['ticket.id'] },
    };
  };
}

const isOver = (status: string | undefined): boolean => /^(solved|closed)$/i.test(status ?? '');
const closes = ({ body }: Item): boolean => isOver(body.text('event.current'));
const hasTicket = ({ body }: Item): boolean => body.text('ticket.id') !== undefined;
const over = (item: Item): boolean => hasTicket(item) && isOver(item.body.text('ticket.status'));
const fresh = (item: Item): boolean =>
  hasTicket(item) && /^new$/i.test(item.body.text('ticket.status') ?? '');

const gone = ['soft_deleted', 'permanently_deleted', 'marked_as_spam'];
const rows: readonly Row[] = [
  { event: 'ticket', actions: ['created'], type: cdevent('ticket.created'), part: part('created') },
  {
    event: 'ticket',
    actions: ['status_changed'],
    when: ['to solved or closed', closes],
    type: cdevent('ticket.closed'),
    part: part('closed'),
  },
  ...gone.map((action) => ({
    event: 'ticket',
    actions: [action],
    type: custom('zendesk', 'ticket', action),
    part: part('updated'),
  })),
  { event: 'ticket', type: cdevent('ticket.updated'), part: part('updated') },
  {
    event: 'trigger',
    when: ['a ticket that is solved or closed', over],
    type: cdevent('ticket.closed'),
    part: part('closed'),
  },
  {
    event: 'trigger',
    when: ['a ticket that is new', fresh],
    type: cdevent('ticket.created'),
    part: part('created'),
  },
  {
    event: 'trigger',
    when: ['any other ticket', hasTicket],
    type: cdevent('ticket.updated'),
    part: part('updated'),
  },
];

/** Zendesk: developer.zendesk.com, "Webhook event types", "Verifying webhook authenticity". */
export const zendesk: Product = {
  title: 'Zendesk',
  tool: 'zendesk',
  proof: '`X-Zendesk-Webhook-Signature`: HMAC-SHA256 of timestamp and body, base64',
  verify,
  secretFrom: 'product',
  idOf: ({ body, headers }) =>
    (body.text('type')?.startsWith('zen:') === true ? body.text('id') : undefined) ??
    headerOf(headers, 'X-Zendesk-Webhook-Invocation-Id'),
  items,
  about,
  rows,
  others:
    'Events of users, organisations and any other become `dev.cdeventsx.zendesk-<domain>.<event>.0.1.0`.',
};
