import { fromLabels } from '../../labels.ts';
import { Body } from '../body.ts';
import { essential } from '../essential.ts';
import { type Part, cdevent } from '../fact.ts';
import type { Delivery, Item, Row } from '../product.ts';
import { plainUrl } from '../repository.ts';

/**
 * Alerts in the shape of Alertmanager (webhook version 4), which Grafana sends as well. They are
 * facts and no readings of a check: they come when something changes and not at an interval, so
 * that silence would say nothing, and incidents are what a commit is followed to.
 */

/** Each alert of a group on its own; what the group says is beside it. */
export function alertItems(delivery: Delivery): readonly Item[] {
  const { body } = delivery;
  const group = Object.fromEntries(
    ['receiver', 'groupKey', 'externalURL', 'orgId', 'version', 'truncatedAlerts'].map((name) => [
      name,
      body.at(name).value,
    ]),
  );
  return body.list('alerts').map(({ value: alert }) => {
    const both = new Body({ alert, group });
    const action = both.text('alert.status') ?? body.text('status') ?? '';
    return { event: 'alert', action, body: both, delivery };
  });
}

/** An alert that is sent again while it fires is the same fact. */
function idOf(body: Body): string | undefined {
  const print = body.text('alert.fingerprint');
  const starts = body.text('alert.startsAt');
  if (print === undefined || starts === undefined) return undefined;
  return `${print}/${starts}/${body.text('alert.status') ?? ''}`;
}

/** What all alerts say. */
export function alertAbout({ action, body }: Item): Part {
  const alert = body.at('alert');
  const labels = alert.texts('labels').filter(([name]) => !name.startsWith('__'));
  const { attributes, service, host, environment } = fromLabels(labels);
  const id = idOf(body);
  const source = body.text('group.externalURL');
  const resolved = action === 'resolved';
  return {
    ...(id !== undefined && { id }),
    ...(source !== undefined && { source: plainUrl(source) }),
    subject: `incident/${alert.text('fingerprint') ?? 'unknown'}`,
    time: (resolved ? alert.time('endsAt') : undefined) ?? alert.time('startsAt'),
    name: alert.text('labels.alertname'),
    state: resolved ? 'ok' : stateOf(alert.text('labels.severity')),
    service,
    host,
    environment,
    attributes: {
      ...attributes,
      'incident.id': alert.text('fingerprint'),
      'url.full': alert.first('panelURL', 'dashboardURL', 'generatorURL'),
      'alert.summary': alert.first('annotations.summary', 'annotations.description'),
      'alert.runbook.url': alert.first('annotations.runbook_url', 'annotations.runbook'),
    },
    data: essential(body.value, new Set(['fingerprint', 'status'])),
  };
}

function stateOf(severity: string | undefined): string {
  return /^(warn|info|low|none|minor|p[345]|ticket)/i.test(severity ?? '') ? 'warning' : 'critical';
}

/** The schema wants an environment: it is `unknown` there when no label names one. */
function part(item: Item): Part {
  const { environment, service, attributes } = alertAbout(item);
  return {
    content: {
      description: attributes?.['alert.summary'] ?? item.body.text('alert.labels.alertname'),
      environment: { id: environment ?? 'unknown' },
      ...(service !== undefined && { service: { id: service } }),
    },
  };
}

/** What an alert becomes. */
export const alertRows: readonly Row[] = [
  { event: 'alert', actions: ['firing'], type: cdevent('incident.detected'), part },
  { event: 'alert', actions: ['resolved'], type: cdevent('incident.resolved'), part },
];
