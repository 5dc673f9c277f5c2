import type { Config } from '../config/schema.ts';
import { type Limit, limit } from './limit.ts';
import { type Measure, counter, gauge } from './measure.ts';

/** What the room of alerts knows about itself. */
export interface AlertingCounts {
  readonly open: Readonly<Record<'critical' | 'warning' | 'unknown', number>>;
  readonly closed: number;
  readonly silences: number;
  readonly waiting: number;
  readonly maxSilences: number;
  readonly maxWaiting: number;
  readonly refusedOpen: number;
  /** How often something was forgotten because a bound was reached, by what it was. */
  readonly forgotten: Readonly<Record<string, number>>;
  /** Notifications that were not sent, by reason. */
  readonly suppressed: Readonly<Record<string, number>>;
  readonly sent: number;
  readonly failures: number;
  readonly givenUp: number;
}

/** The bounds of alerts and notifications; none while the room still reads its facts. */
export function alertingLimits(counts: AlertingCounts | undefined, config: Config): Limit[] {
  if (!counts) return [];
  const { maxOpen, maxClosed } = config.alerts;
  const { critical, warning, unknown } = counts.open;
  const { forgotten, suppressed } = counts;
  return [
    limit(
      'open alerts',
      'alerts.maxOpen',
      [maxOpen, critical + warning + unknown, counts.refusedOpen],
      'alerts',
    ),
    limit(
      'resolved alerts in memory',
      'alerts.maxClosed',
      [maxClosed, counts.closed, forgotten['closed'] ?? 0],
      'alerts',
    ),
    limit(
      'silences in memory',
      null,
      [counts.maxSilences, counts.silences, forgotten['silences'] ?? 0],
      'silences',
    ),
    limit(
      'notifications that wait',
      null,
      [counts.maxWaiting, counts.waiting, suppressed['queue-full'] ?? 0],
      'notifications',
    ),
    limit(
      'notifications to one receiver',
      'notify.rate.max',
      [config.notify.rate.max, null, suppressed['rate-limited'] ?? 0],
      'notifications',
    ),
  ];
}

/** Alerts and notifications as numbers. */
export function alertingMeasures(counts: AlertingCounts | undefined): Measure[] {
  if (!counts) return [];
  const { open, waiting, suppressed, sent, failures, givenUp } = counts;
  return [
    ...Object.entries(open).map(([severity, value]) =>
      gauge('territory.alerts.open', 'Open alerts', value, { severity }),
    ),
    gauge('territory.notifications.waiting', 'Notifications that wait to be sent', waiting),
    counter('territory.notifications.sent', 'Notifications sent', sent),
    counter('territory.notifications.failures', 'Attempts to send that failed', failures),
    counter('territory.notifications.given_up', 'Notifications given up', givenUp),
    ...Object.entries(suppressed).map(([reason, value]) =>
      counter('territory.notifications.suppressed', 'Notifications not sent', value, { reason }),
    ),
  ];
}
