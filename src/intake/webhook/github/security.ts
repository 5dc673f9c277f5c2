import { type Part, custom } from '../fact.ts';
import type { Item, Row } from '../product.ts';
import { type Like, placeOf } from './about.ts';

/** Alerts that something in the code or below it is not safe: CDEvents has no words for them. */
export function securityRows(like: Like): Row[] {
  if (like !== 'github') return [];
  const alerts = {
    dependabot_alert: ['created', 'dismissed', 'fixed', 'reintroduced', 'reopened'],
    code_scanning_alert: ['created', 'closed_by_user', 'fixed', 'reopened', 'appeared_in_branch'],
    secret_scanning_alert: ['created', 'resolved', 'reopened', 'revoked'],
    repository_vulnerability_alert: ['create', 'dismiss', 'resolve'],
  };
  const ofRepository = Object.entries(alerts).flatMap(([event, actions]) =>
    actions.map((action) => row(event, action, alertPart)),
  );
  const advisories = ['published', 'updated', 'withdrawn'].map((action) =>
    row('security_advisory', action, advisoryPart),
  );
  return [...ofRepository, ...advisories];
}

function row(event: string, action: string, part: Row['part']): Row {
  return { event, actions: [action], type: custom('github', event, action), part };
}

const severities: Readonly<Record<string, string>> = {
  critical: 'critical',
  high: 'critical',
  error: 'critical',
  moderate: 'warning',
  medium: 'warning',
  warning: 'warning',
  low: 'warning',
  note: 'warning',
};

/** `ok` once it is dealt with, else by how bad it is. */
function stateOf(severity: string | undefined, done: boolean): string {
  if (done) return 'ok';
  const known = severity !== undefined && Object.hasOwn(severities, severity);
  return known ? (severities[severity] ?? 'unknown') : 'unknown';
}

function alertPart({ event, action, body }: Item): Part {
  const alert = body.at('alert');
  const severity = alert.first(
    'security_vulnerability.severity',
    'rule.security_severity_level',
    'rule.severity',
    'severity',
  );
  const done = /^(fixed|dismiss|resolve|closed|revoked)/.test(action);
  return {
    subject: `${event}/${placeOf(body).fullName}/${alert.first('number', 'id') ?? 'unknown'}`,
    name: alert.first('dependency.package.name', 'rule.id', 'secret_type', 'affected_package_name'),
    state: stateOf(severity, done),
    attributes: {
      severity,
      'vulnerability.id': alert.first(
        'security_advisory.cve_id',
        'security_advisory.ghsa_id',
        'ghsa_id',
        'external_identifier',
      ),
      'vcs.ref.head.revision': body.text('commit_oid'),
      'url.full': alert.text('html_url'),
    },
  };
}

function advisoryPart({ action, body }: Item): Part {
  const advisory = body.at('security_advisory');
  const id = advisory.first('cve_id', 'ghsa_id');
  return {
    subject: `security_advisory/${id ?? 'unknown'}`,
    name: advisory.first('vulnerabilities.0.package.name'),
    state: stateOf(advisory.text('severity'), action === 'withdrawn'),
    attributes: { severity: advisory.text('severity'), 'vulnerability.id': id },
  };
}
