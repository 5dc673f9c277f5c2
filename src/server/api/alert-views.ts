import type { Alert } from '../../rooms/alerts/alert.ts';
import { flapPercent } from '../../rooms/alerts/flap.ts';
import { matcherOf } from '../../rooms/alerts/labels.ts';
import type { Notification } from '../../rooms/alerts/notification.ts';
import { type Silence, silenceState, silences } from '../../rooms/alerts/silence.ts';
import type { AlertsState } from '../../rooms/alerts/state.ts';
import type { AlertsDesk } from '../parts.ts';
import type * as contract from './contract-alerts.ts';

/** What only the room's own clockwork goes by. */
const inner = ['decidedNth', 'swallowed', 'muted'] as const;

/** Shows alerts as they stand at one moment. */
export function alertViewer({ keeper, policy }: AlertsDesk, now: number) {
  const { state } = keeper;
  const inhibitedBy = policy.inhibitedBy(state.open.values());
  const standing = [...state.silences.values()];
  return (alert: Alert): contract.Alert => {
    const { flap, suspects } = alert;
    const shown = omit(alert, ['flap', 'suspects', 'decidedAt', 'change', 'changedAt', ...inner]);
    const by = alert.state === 'open' ? inhibitedBy(alert) : undefined;
    const silenced = standing.filter((silence) => silences(silence, alert, now));
    return {
      ...shown,
      flapPercent: Math.round(flapPercent(flap, now) * 10) / 10,
      silencedBy: alert.state === 'open' ? silenced.map(({ id }) => id) : [],
      ...(by === undefined ? {} : { inhibitedBy: by }),
      // The contract's types differ from ours only in being mutable.
      ...(suspects === undefined
        ? {}
        : { suspects: suspects.map((one) => ({ ...one, because: [...one.because] })) }),
    };
  };
}

interface Asked {
  readonly state?: 'open' | 'resolved' | 'all';
  readonly where?: string;
  readonly limit?: number;
}

const defaultLimit = 200;

/** GET /api/v1/alerts. Throws TERR_WHERE_… */
export function listAlerts(desk: AlertsDesk, asked: Asked, now: number): contract.Alerts {
  const { state = 'open', where = '', limit = defaultLimit } = asked;
  const { open, closed } = desk.keeper.state;
  const matches = matcherOf(where);
  const alerts = [
    ...(state === 'resolved' ? [] : open.values()),
    ...(state === 'open' ? [] : closed.values()),
  ].filter(matches);
  const view = alertViewer(desk, now);
  return {
    alerts: alerts.toSorted(worstFirst).slice(0, limit).map(view),
    matched: alerts.length,
    open: countsOf(desk.keeper.state),
  };
}

const rank = { critical: 0, unknown: 1, warning: 2 } as const;

function worstFirst(a: Alert, b: Alert): number {
  if (a.state !== b.state) return a.state === 'open' ? -1 : 1;
  if (a.state === 'resolved') return (b.resolvedAt ?? 0) - (a.resolvedAt ?? 0);
  return rank[a.severity] - rank[b.severity] || b.openedAt - a.openedAt;
}

function countsOf({ open }: AlertsState): contract.Alerts['open'] {
  const counts = { critical: 0, warning: 0, unknown: 0, acknowledged: 0 };
  for (const { severity, acknowledged } of open.values()) {
    counts[severity]++;
    if (acknowledged) counts.acknowledged++;
  }
  return counts;
}

/** A silence, and how many open alerts it selects. */
export function silenceView(silence: Silence, state: AlertsState, now: number): contract.Silence {
  const matches = matcherOf(silence.where);
  const selected = [...state.open.values()].filter(matches);
  return { ...silence, state: silenceState(silence, now), matches: selected.length };
}

/** GET /api/v1/silences: those that stand first, then the newest. */
export function listSilences({ keeper }: AlertsDesk, now: number): contract.Silences {
  const { state } = keeper;
  const views = [...state.silences.values()].map((one) => silenceView(one, state, now));
  const stands = ({ state: is }: contract.Silence): number =>
    is === 'active' || is === 'pending' ? 0 : 1;
  return { silences: views.toSorted((a, b) => stands(a) - stands(b) || b.created - a.created) };
}

/** GET /api/v1/notifications: the newest first. */
export function listNotifications(
  desk: AlertsDesk,
  asked: {
    readonly alert?: string;
    readonly state?: Notification['state'];
    readonly limit?: number;
  },
): contract.Notifications {
  const { queue, log } = desk.keeper.state;
  const { alert, state, limit = defaultLimit } = asked;
  const notifications = [...log.values(), ...queue.values()]
    .map((one) => notificationView(one, desk))
    .filter((one) => state === undefined || one.state === state)
    .filter((one) => alert === undefined || one.alerts.includes(alert))
    .toSorted((a, b) => b.queued - a.queued)
    .slice(0, limit);
  return { notifications, waiting: queue.size };
}

function notificationView(one: Notification, desk: AlertsDesk): contract.Notification {
  const { open, resolved } = one;
  const shown = omit(one, ['open', 'resolved', 'group', 'service', 'host', 'environment']);
  const trouble = one.state === 'queued' ? desk.troubleOf(one.to) : undefined;
  return {
    ...shown,
    alerts: Object.keys({ ...open, ...resolved }),
    ...(trouble === undefined ? {} : { trouble }),
  };
}

function omit<T extends object, K extends keyof T>(from: T, names: readonly K[]): Omit<T, K> {
  const left = Object.entries(from).filter(([name]) => !names.some((one) => one === name));
  return Object.fromEntries(left) as Omit<T, K>;
}
