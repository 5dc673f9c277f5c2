import type { Body } from '../body.ts';
import { essential } from '../essential.ts';
import { type Part, cdevent, custom } from '../fact.ts';
import type { Item, Product, Row } from '../product.ts';
import { headerOf, hmac, sameText, unsigned, type Verify, wrong } from '../signature.ts';

const header = 'X-PagerDuty-Signature';

/** Several signatures are there while a secret is being changed. */
const verify: Verify = ({ headers, raw }, secret) => {
  const given = headerOf(headers, header);
  if (given === undefined) throw unsigned(`${header} is missing: is this a webhook of version 3?`);
  const right = `v1=${hmac('sha256', secret, raw).toString('hex')}`;
  const all = given.split(',').slice(0, 10);
  if (!all.some((one) => sameText(one.trim().toLowerCase(), right))) throw wrong(header);
};

/** Events of an incident's own parts carry the incident below. */
function incidentOf(body: Body): Body {
  const data = body.at('event.data');
  return data.text('incident.id') === undefined ? data : data.at('incident');
}

function about({ event, body }: Item): Part {
  const incident = incidentOf(body);
  const id = incident.text('id');
  const url = incident.text('html_url') ?? body.text('event.agent.html_url');
  const of = event === 'incident' ? 'incident' : event;
  return {
    source: url !== undefined && URL.canParse(url) ? new URL(url).origin : 'https://pagerduty.com',
    subject: `${of}/${id ?? 'unknown'}`,
    time: body.time('event.occurred_at'),
    name: incident.first('title', 'summary', 'name'),
    service: incident.text('service.summary'),
    attributes: {
      ...(event === 'incident' && { 'incident.id': id }),
      'incident.number': incident.text('number'),
      'url.full': incident.text('html_url'),
      actor: body.text('event.agent.summary'),
    },
    data: essential(body.at('event.data').value),
  };
}

/** PagerDuty knows no environments, and the schema wants one: it is `unknown`. */
function incidentPart(over: boolean) {
  return ({ body }: Item): Part => {
    const incident = incidentOf(body);
    const service = incident.text('service.summary');
    return {
      state: over ? 'ok' : incident.text('urgency') === 'low' ? 'warning' : 'critical',
      content: {
        description: incident.first('title', 'summary'),
        environment: { id: 'unknown' },
        ...(service !== undefined && { service: { id: service } }),
      },
    };
  };
}

const event = 'incident';
const others =
  `acknowledged unacknowledged annotated delegated escalated reassigned priority_updated
   status_update_published responder.added responder.replied`.split(/\s+/);
const rows: readonly Row[] = [
  {
    event,
    actions: ['triggered', 'reopened'],
    type: cdevent('incident.detected'),
    part: incidentPart(false),
  },
  { event, actions: ['resolved'], type: cdevent('incident.resolved'), part: incidentPart(true) },
  ...others.map((action) => ({
    event,
    actions: [action],
    type: custom('pagerduty', event, action),
    part: (): Part => ({}),
  })),
];

/** PagerDuty's webhooks of version 3: developer.pagerduty.com, "Webhooks Overview". */
export const pagerduty: Product = {
  title: 'PagerDuty',
  tool: 'pagerduty',
  proof: '`X-PagerDuty-Signature`: HMAC-SHA256 of the body, hex after `v1=`; one of several',
  verify,
  secretFrom: 'product',
  idOf: ({ body }) => body.text('event.id'),
  items: (delivery) => {
    const [kind = '', ...rest] = (delivery.body.text('event.event_type') ?? '').split('.');
    return [{ event: kind, action: rest.join('.'), body: delivery.body, delivery }];
  },
  about,
  rows,
  others:
    'Events of services, and any other, become `dev.cdeventsx.pagerduty-<resource>.<event>.0.1.0`.',
};
