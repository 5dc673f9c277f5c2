import type { WebhookKind } from '../../server/api/contract-webhooks.ts';

/** A product whose webhooks are taken. */
export interface WebhookProduct {
  readonly kind: WebhookKind;
  readonly name: string;
  /** What comes of it, in a few words. */
  readonly brings: string;
  readonly group: 'Code and delivery' | 'Alerts and incidents' | 'Customers' | 'Anything else';
  /** Who makes the secret: some products do it themselves. */
  readonly secret: 'ours' | 'theirs';
  /** Where in the product the address and the secret are entered. */
  readonly enter: string;
}

const url = 'the address as URL';

/** The products, in the order in which a team meets them. */
export const webhookProducts: readonly WebhookProduct[] = [
  {
    kind: 'github',
    name: 'GitHub',
    brings: 'pushes, pull requests, workflows, deployments, releases, issues',
    group: 'Code and delivery',
    secret: 'ours',
    enter: `Settings → Webhooks → Add webhook of the repository or organisation: ${url}, content type application/json, the secret, and “Send me everything”.`,
  },
  {
    kind: 'gitlab',
    name: 'GitLab',
    brings: 'pushes, merge requests, pipelines, deployments, releases, issues',
    group: 'Code and delivery',
    secret: 'ours',
    enter: `Settings → Webhooks of the project or group: ${url}, the secret as secret token, and every trigger.`,
  },
  {
    kind: 'gitea',
    name: 'Gitea, Forgejo',
    brings: 'pushes, pull requests, releases, issues',
    group: 'Code and delivery',
    secret: 'ours',
    enter: `Settings → Webhooks → Add webhook → Gitea: ${url}, POST, application/json, the secret, all events.`,
  },
  {
    kind: 'bitbucket',
    name: 'Bitbucket',
    brings: 'pushes, pull requests, builds, issues',
    group: 'Code and delivery',
    secret: 'ours',
    enter: `Repository settings → Webhooks → Add webhook: ${url}, the secret, and all triggers.`,
  },
  {
    kind: 'jenkins',
    name: 'Jenkins',
    brings: 'builds, when they start and end',
    group: 'Code and delivery',
    secret: 'ours',
    enter:
      'With the Notification plugin, Job Notifications of a job: format JSON, protocol HTTP, the address with ?token= and the secret behind it as URL.',
  },
  {
    kind: 'alertmanager',
    name: 'Alertmanager',
    brings: 'alerts that fire and end, as incidents',
    group: 'Alerts and incidents',
    secret: 'ours',
    enter:
      'alertmanager.yml: a receiver with webhook_configs, the address as url, and the secret as http_config.authorization.credentials.',
  },
  {
    kind: 'grafana',
    name: 'Grafana',
    brings: 'alerts that fire and end, as incidents',
    group: 'Alerts and incidents',
    secret: 'ours',
    enter: `Alerting → Contact points → Webhook: ${url}, and under the optional settings the authorization scheme Bearer with the secret as credentials.`,
  },
  {
    kind: 'pagerduty',
    name: 'PagerDuty',
    brings: 'incidents and what is done about them',
    group: 'Alerts and incidents',
    secret: 'theirs',
    enter: `Integrations → Generic Webhooks (v3) → New Webhook: ${url}. PagerDuty shows its secret once: enter it here.`,
  },
  {
    kind: 'sentry',
    name: 'Sentry',
    brings: 'errors of applications, as issues',
    group: 'Alerts and incidents',
    secret: 'theirs',
    enter: `Settings → Developer Settings → an internal integration: ${url}, webhooks for issue and error. Its client secret belongs here.`,
  },
  {
    kind: 'zendesk',
    name: 'Zendesk',
    brings: 'support cases, as tickets',
    group: 'Customers',
    secret: 'theirs',
    enter: `Admin Center → Apps and integrations → Webhooks: ${url}, POST, JSON, the events of tickets. Its signing secret belongs here.`,
  },
  {
    kind: 'stripe',
    name: 'Stripe',
    brings: 'payments, invoices, disputes',
    group: 'Customers',
    secret: 'theirs',
    enter: `Developers → Webhooks → Add endpoint: ${url}. Its signing secret (whsec_…) belongs here.`,
  },
  {
    kind: 'generic',
    name: 'Anything that calls a URL',
    brings: 'what a mapping of a few lines takes from its bodies',
    group: 'Anything else',
    secret: 'ours',
    enter: `Wherever it is told what to call: ${url}, and the secret as the proof that was chosen asks for.`,
  },
];

/** The product of a kind. */
export function productOf(kind: string): WebhookProduct | undefined {
  return webhookProducts.find((one) => one.kind === kind);
}

/** Where a mapping can begin. */
export const firstMapping = `type: dev.cdeventsx.acme-build.finished.0.1.0
id: "{project}/{build.number}"
subject: build/{build.number}
service: $.project
time: { from: $.build.finished, as: s }
state:
  from: $.build.status
  values: { success: ok, failed: critical }
  else: unknown
`;

/** A body that it fits. */
export const firstBody = `{
  "project": "shop",
  "build": { "number": 7, "status": "failed", "finished": ${Math.floor(Date.UTC(2026, 0, 31) / 1000)} }
}
`;
