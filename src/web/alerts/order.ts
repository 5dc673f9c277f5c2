import type { Alert } from '../../server/api/contract-alerts.ts';

/** Worst first. Nagios ranks unknown between critical and warning. */
export const severities = ['critical', 'unknown', 'warning'] as const;

export type Severity = (typeof severities)[number];

/** Nobody has taken it on, and nobody said that it may wait. */
export const isUnattended = (alert: Alert): boolean =>
  alert.acknowledged === undefined && alert.silencedBy.length === 0;

/** Alerts of one severity. */
export interface Group {
  readonly severity: Severity;
  readonly alerts: readonly Alert[];
}

/** By severity, the worst first; in each those that wait for somebody first, the oldest on top. */
export function grouped(alerts: readonly Alert[]): readonly Group[] {
  return severities
    .map((severity) => ({
      severity,
      alerts: alerts
        .filter((alert) => alert.severity === severity)
        .toSorted((a, b) => Number(isUnattended(b)) - Number(isUnattended(a)) || a.since - b.since),
    }))
    .filter((group) => group.alerts.length > 0);
}

/** `shop, web-1, production`: what it is about, as far as it says. */
export function aboutOf(alert: Alert): string {
  const { service, host, environment, key } = alert;
  const known = [service, host, environment].filter((text) => text !== undefined);
  const rest = Object.values(key).filter((value) => value !== '' && !known.includes(value));
  return [...known, ...rest].join(' · ');
}
