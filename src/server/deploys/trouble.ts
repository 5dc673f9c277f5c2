import type { Alert } from '../../rooms/alerts/alert.ts';
import { alertLabels } from '../../rooms/alerts/labels.ts';
import type { AlertsState } from '../../rooms/alerts/state.ts';

/** An application in an environment. */
interface Place {
  readonly app: string;
  readonly environment: string;
}

/** Alerts that are open and critical for an application in an environment, the oldest first. */
export function redAlerts({ open }: AlertsState, place: Place): Alert[] {
  return [...open.values()]
    .filter((alert) => alert.severity === 'critical' && alert.condition !== 'ok')
    .filter((alert) => isAbout(alert, place))
    .toSorted((a, b) => a.openedAt - b.openedAt);
}

/** What went wrong there since a moment (ms since the epoch), as a sentence; undefined: nothing. */
export function troubleSince(state: AlertsState, place: Place, since: number): string | undefined {
  const fresh = redAlerts(state, place).filter(({ openedAt }) => openedAt >= since);
  if (fresh.length === 0) return undefined;
  const more = fresh.length > 1 ? ` and ${fresh.length - 1} more` : '';
  return `${fresh[0]?.title ?? ''}${more}`;
}

function isAbout(alert: Alert, { app, environment }: Place): boolean {
  const labels = alertLabels(alert);
  return labels.service === app && labels.environment === environment;
}
