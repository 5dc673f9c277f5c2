import type { Body } from '../body.ts';
import { essential } from '../essential.ts';
import { type Part, cdevent, custom } from '../fact.ts';
import type { Item, Product, Row } from '../product.ts';
import { headerOf, signedBody } from '../signature.ts';

/** A value of the tags, which are pairs in events and objects elsewhere. */
function tagOf(event: Body, name: string): string | undefined {
  const pair = event.list('tags').find((tag) => (tag.text('0') ?? tag.text('key')) === name);
  return pair?.first('1', 'value');
}

const urlOf = (body: Body): string | undefined =>
  body.first(
    'data.event.web_url',
    'data.issue.web_url',
    'data.issue.permalink',
    'data.metric_alert.web_url',
    'data.web_url',
    'data.error.web_url',
    'data.event.url',
  );

function sourceOf(body: Body): string | undefined {
  const url = urlOf(body);
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
}

/** The group of errors, or the alert rule's incident. */
const idOf = (body: Body): string | undefined =>
  body.first(
    'data.event.issue_id',
    'data.issue.id',
    'data.error.issue_id',
    'data.metric_alert.id',
    'data.issue_id',
  );

function about({ event, body, delivery }: Item): Part {
  const error =
    body.at('data.error').value === undefined ? body.at('data.event') : body.at('data.error');
  const issue = body.at('data.issue');
  const source = sourceOf(body);
  const stamped = Number(headerOf(delivery.headers, 'Sentry-Hook-Timestamp'));
  return {
    ...(source !== undefined && { source }),
    subject: `${event}/${idOf(body) ?? 'unknown'}`,
    time:
      error.time('datetime', 'timestamp') ??
      (Number.isFinite(stamped) && stamped > 0 ? stamped * 1000 : issue.time('lastSeen')),
    name: error.text('title') ?? issue.text('title') ?? body.text('data.metric_alert.title'),
    service: issue.text('project.slug') ?? error.first('project_slug', 'project_name'),
    environment: error.text('environment') ?? tagOf(error, 'environment'),
    attributes: {
      'artifact.id': error.text('release') ?? tagOf(error, 'release'),
      'url.full': urlOf(body),
      actor: body.text('actor.name'),
    },
    data: essential(body.value, noise),
  };
}

/** What an application put into an error can be anything, people's data included. */
const noise: ReadonlySet<string> = new Set(
  `exception request user contexts breadcrumbs extra sdk packages stacktrace
   modules fingerprints hashes _metrics _ref grouping_config annotations
   statusDetails comment`.split(/\s+/),
);

/** The schema wants an environment: it is `unknown` there when the error names none. */
function incidentPart(over: boolean) {
  return (item: Item): Part => {
    const { body, action } = item;
    const { environment, service } = about(item);
    const id = idOf(body);
    const level = body.first('data.event.level', 'data.issue.level') ?? action;
    return {
      subject: `incident/${id ?? 'unknown'}`,
      state: over ? 'ok' : /^(warning|info|debug)$/.test(level) ? 'warning' : 'critical',
      content: {
        description: body.first(
          'data.event.title',
          'data.issue.title',
          'data.description_title',
          'data.metric_alert.title',
        ),
        environment: { id: environment ?? 'unknown' },
        ...(service !== undefined && { service: { id: service } }),
      },
      attributes: {
        'incident.id': id,
        'alert.rule': body.first('data.triggered_rule', 'data.metric_alert.alert_rule.name'),
      },
    };
  };
}

const rows: readonly Row[] = [
  {
    event: 'event_alert',
    actions: ['triggered'],
    type: cdevent('incident.detected'),
    part: incidentPart(false),
  },
  {
    event: 'metric_alert',
    actions: ['critical', 'warning'],
    type: cdevent('incident.detected'),
    part: incidentPart(false),
  },
  {
    event: 'metric_alert',
    actions: ['resolved'],
    type: cdevent('incident.resolved'),
    part: incidentPart(true),
  },
  {
    event: 'issue',
    actions: ['resolved'],
    type: cdevent('incident.resolved'),
    part: incidentPart(true),
  },
  ...['created', 'assigned', 'archived', 'ignored', 'unresolved'].map((action) => ({
    event: 'issue',
    actions: [action],
    type: custom('sentry', 'issue', action),
    part: (): Part => ({}),
  })),
  {
    event: 'error',
    actions: ['created'],
    type: custom('sentry', 'error', 'created'),
    part: ({ body }) => ({ state: body.text('data.error.level') }),
  },
];

/** Sentry's integration platform: docs.sentry.io, "Webhooks". */
export const sentry: Product = {
  title: 'Sentry',
  tool: 'sentry',
  proof: '`Sentry-Hook-Signature`: HMAC-SHA256 of the body, hex; the secret is the client secret',
  verify: signedBody('Sentry-Hook-Signature'),
  secretFrom: 'product',
  idOf: ({ headers }) => headerOf(headers, 'Request-ID'),
  items: (delivery) => [
    {
      event: headerOf(delivery.headers, 'Sentry-Hook-Resource') ?? '',
      action: delivery.body.text('action') ?? '',
      body: delivery.body,
      delivery,
    },
  ],
  about,
  rows,
  others:
    'Comments, installations and any other become `dev.cdeventsx.sentry-<resource>.<action>.0.1.0`.',
};
