import { quote } from '../where/quote.ts';
import type { Alert } from '../../server/api/contract-alerts.ts';
import { labelsOf } from './matcher.ts';

const hour = 3_600_000;

/** The filter of the reading that decided; of what the rule emits where it named none. */
export function readingOf(alert: Alert): string {
  const of =
    alert.name === undefined
      ? [`source = "territory/rules"`, `label.rule = ${quote(alert.rule)}`]
      : [`name = ${quote(alert.name)}`];
  return [...of, ...labelsOf(alert)].join(' and ');
}

/** What to look at, ms: an hour before it began, as much again as it lasted, and up to its end. */
export function spanOf(alert: Alert, now: number): { readonly from: number; readonly to: number } {
  const end = Math.min(now, alert.resolvedAt ?? now);
  const lasted = Math.max(0, end - alert.since);
  const around = Math.min(6 * hour, Math.max(hour, lasted));
  return { from: alert.since - around, to: Math.min(now, end + around / 4) };
}
