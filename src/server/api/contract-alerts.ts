import { type Static, Type } from 'typebox';

/**
 * The shapes of alerts, silences and notifications in the API. Times are ms since the epoch, UTC,
 * unless said otherwise.
 */
const closed = { additionalProperties: false } as const;
const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 }));
const TextOrTime = Type.Union([Type.String(), Type.Number()], {
  description: 'RFC 3339 with an offset, or ms since the epoch',
});
const Severity = Type.Enum(['warning', 'critical', 'unknown']);

/** A change that came before an alert, and may be why. */
const Suspect = Type.Object({
  source: Type.String(),
  id: Type.String(),
  type: Type.String(),
  time: Type.Number(),
  what: Type.String({ description: 'e.g. shop 1.4.2 deployed' }),
  score: Type.Number({ description: '0 to 1; comparable within one list only' }),
  because: Type.Array(Type.String()),
});

/** One rule's condition for one key, through all its episodes. */
export const Alert = Type.Object({
  id: Type.String(),
  subject: Type.String({ description: 'The subject of its facts on the log' }),
  rule: Type.String(),
  key: Type.Record(Type.String(), Type.String()),
  state: Type.Enum(['open', 'resolved']),
  severity: Severity,
  /** What the rule says now; `ok` in an open alert that flaps. */
  condition: Type.Enum(['ok', 'warning', 'critical', 'unknown']),
  flapping: Type.Boolean(),
  flapPercent: Type.Number({ description: 'Weighted share of changes in the last observations' }),
  title: Type.String(),
  since: Type.Number({ description: 'Since when the condition holds' }),
  openedAt: Type.Number(),
  resolvedAt: Type.Optional(Type.Number()),
  resolvedBy: Type.Optional(Type.String({ description: 'Who resolved it, if not its rule' })),
  acknowledged: Type.Optional(
    Type.Object({ by: Type.String(), at: Type.Number(), note: Type.Optional(Type.String()) }),
  ),
  episode: Type.Integer({ description: 'Which time it is open, from 1' }),
  count: Type.Integer({ description: 'How often its condition came true' }),
  service: Type.Optional(Type.String()),
  host: Type.Optional(Type.String()),
  environment: Type.Optional(Type.String()),
  team: Type.Optional(Type.String()),
  runbook: Type.Optional(Type.String()),
  name: Type.Optional(Type.String({ description: 'The reading that decided it' })),
  value: Type.Optional(Type.Number()),
  suspects: Type.Optional(Type.Array(Suspect)),
  details: Type.Optional(Type.Any()),
  /** Ids of the silences that hold now, and of the open alert that inhibits it. */
  silencedBy: Type.Array(Type.String()),
  inhibitedBy: Type.Optional(Type.String()),
});
export type Alert = Static<typeof Alert>;

/** GET /api/v1/alerts: the worst first, then the newest. */
export const Alerts = Type.Object({
  alerts: Type.Array(Alert),
  /** How many match, shown or not. */
  matched: Type.Integer(),
  /** Of all that are open, whatever was asked for. */
  open: Type.Object({
    critical: Type.Integer(),
    warning: Type.Integer(),
    unknown: Type.Integer(),
    acknowledged: Type.Integer(),
  }),
});
export type Alerts = Static<typeof Alerts>;

export const AlertsQuery = Type.Object(
  {
    state: Type.Optional(Type.Enum(['open', 'resolved', 'all'], { description: 'Default: open' })),
    where: Type.Optional(
      Type.String({ description: 'Over the labels: rule, severity, service, host, the key, …' }),
    ),
    limit,
  },
  closed,
);

/** Body of POST /api/v1/alerts/:id/acknowledge, unacknowledge and resolve. */
export const AlertNote = Type.Object(
  { note: Type.Optional(Type.String({ maxLength: 2_000 })) },
  closed,
);
export type AlertNote = Static<typeof AlertNote>;

/** *Ignore*: alerts that match are told to nobody for a while. */
export const Silence = Type.Object({
  id: Type.String(),
  where: Type.String(),
  reason: Type.String(),
  by: Type.String(),
  created: Type.Number(),
  starts: Type.Number(),
  ends: Type.Number(),
  state: Type.Enum(['pending', 'active', 'expired', 'ended']),
  ended: Type.Optional(Type.Object({ by: Type.String(), at: Type.Number() })),
  matches: Type.Integer({ description: 'Open alerts that its `where` selects now' }),
});
export type Silence = Static<typeof Silence>;

/** GET /api/v1/silences: those that stand first. */
export const Silences = Type.Object({ silences: Type.Array(Silence) });
export type Silences = Static<typeof Silences>;

export const NewSilence = Type.Object(
  {
    where: Type.String({ minLength: 1 }),
    reason: Type.String({ minLength: 1, maxLength: 500 }),
    starts: Type.Optional(TextOrTime),
    ends: TextOrTime,
  },
  closed,
);
export type NewSilence = Static<typeof NewSilence>;

/** What was told, or was not, and why. */
export const Notification = Type.Object({
  id: Type.String(),
  kind: Type.Enum(['alerts', 'message', 'digest']),
  to: Type.String({ description: 'mail:ADDRESS, webhook:NAME, browser; empty: nobody' }),
  state: Type.Enum(['queued', 'sent', 'failed', 'suppressed']),
  why: Type.Optional(Type.String({ description: 'Why it failed or was suppressed' })),
  trouble: Type.Optional(Type.String({ description: 'Why it still waits' })),
  title: Type.String(),
  body: Type.String(),
  severity: Type.Optional(Type.String()),
  rule: Type.Optional(Type.String()),
  queued: Type.Number(),
  done: Type.Optional(Type.Number()),
  alerts: Type.Array(Type.String(), { description: 'Ids of the alerts in it' }),
});
export type Notification = Static<typeof Notification>;

/** GET /api/v1/notifications: the newest first. */
export const Notifications = Type.Object({
  notifications: Type.Array(Notification),
  waiting: Type.Integer({ description: 'How many wait to be sent, whatever was asked for' }),
});
export type Notifications = Static<typeof Notifications>;

export const NotificationsQuery = Type.Object(
  {
    alert: Type.Optional(Type.String({ description: 'Only about this alert' })),
    state: Type.Optional(Type.Enum(['queued', 'sent', 'failed', 'suppressed'])),
    limit,
  },
  closed,
);
