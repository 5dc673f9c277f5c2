import type { PlacedEvent } from '../../event/codec.ts';
import type { AlertDecision, Key, Severity, Suspect } from '../../rules/decision.ts';
import { type Flap, observeChange, steady } from './flap.ts';
import { type AlertHappening, Payload, defined } from './facts.ts';
import { shortName } from './names.ts';

/** Who took an alert on. */
export interface Acknowledgement {
  readonly by: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly note?: string;
}

/** Why nobody is told of a change. */
export type MuteReason = 'silenced' | 'inhibited' | 'flapping';

/** What a rule says of its condition, with what it goes by. */
export type Evidence = Pick<
  AlertDecision,
  | 'title'
  | 'since'
  | 'service'
  | 'host'
  | 'environment'
  | 'team'
  | 'runbook'
  | 'value'
  | 'name'
  | 'suspects'
  | 'details'
>;

/**
 * The alert of one rule and key through all its episodes: opened once, updated, resolved once, and
 * opened again. Times are ms since the epoch, UTC.
 */
export interface Alert extends Evidence {
  readonly id: string;
  readonly subject: string;
  readonly rule: string;
  readonly key: Key;
  readonly state: 'open' | 'resolved';
  /** How bad it is, or was last. */
  readonly severity: Exclude<Severity, 'ok'>;
  /** What the rule says now; `ok` in an open alert that flaps. */
  readonly condition: Severity;
  /** The condition comes and goes so fast that it is kept open and told once. */
  readonly flapping: boolean;
  readonly flap: Flap;
  /** Start of this episode. */
  readonly openedAt: number;
  readonly resolvedAt?: number;
  /** Who resolved it, when it was not the rule. */
  readonly resolvedBy?: string;
  readonly acknowledged?: Acknowledgement;
  /** Which time it is open, from 1. */
  readonly episode: number;
  /** How often its condition came true, over all episodes. */
  readonly count: number;
  /** Time of the newest decision that made a fact: older ones come too late. */
  readonly decidedAt: number;
  /** Its place among the decisions of that time, from 0. */
  readonly decidedNth: number;
  /** Offset of the last fact that people should hear of, and when it was taken. */
  readonly change: number;
  readonly changedAt: number;
  /** Offset of the last turn that flapping kept from being a change to hear of. */
  readonly swallowed?: number;
  /** The change that nobody was told of, and why. */
  readonly muted?: {
    readonly change: number;
    readonly why: MuteReason;
    /** Offset of the fact that says so. */
    readonly offset: number;
  };
}

/**
 * The alert after one fact about it. Pure and total. A fact that does not fit (an update of what was
 * never opened) leaves it as it was.
 */
export function foldAlert(
  alert: Alert | undefined,
  happening: AlertHappening,
  event: PlacedEvent,
): Alert | undefined {
  switch (happening) {
    case 'alert.opened':
      return opened(alert, event);
    case 'alert.updated':
      return alert && updated(alert, event);
    case 'alert.resolved':
      return alert && resolved(alert, event);
    case 'alert.acknowledged':
      return alert && { ...alert, acknowledged: acknowledgementOf(event) };
    case 'alert.unacknowledged':
      return alert && without(alert, 'acknowledged');
  }
}

function opened(before: Alert | undefined, event: PlacedEvent): Alert | undefined {
  const payload = new Payload(event.data);
  const { time, offset, received, subject } = event;
  const rule = event.attributes?.['rule'];
  const condition = severityOf(payload.text('condition'));
  if (rule === undefined || subject === undefined || condition === 'ok') return before;
  const past = before ?? { flap: steady, episode: 0, count: 0 };
  return {
    id: idOf(event),
    subject,
    rule,
    key: payload.texts('key'),
    ...evidenceOf(event, payload),
    state: 'open',
    condition,
    severity: condition,
    flapping: payload.flag('flapping'),
    flap: observeChange(past.flap, time),
    openedAt: time,
    episode: past.episode + 1,
    count: past.count + 1,
    decidedAt: time,
    decidedNth: payload.number('nth') ?? 0,
    change: offset,
    changedAt: received,
  };
}

/** The id of the alert that a fact is about. */
export function idOf(event: PlacedEvent): string {
  return new Payload(event.data).text('alert') ?? shortName(event.subject ?? '');
}

function updated(alert: Alert, event: PlacedEvent): Alert {
  const payload = new Payload(event.data);
  const condition = severityOf(payload.text('condition'));
  const flapping = payload.flag('flapping');
  const turned = condition !== alert.condition;
  const bad = condition !== 'ok';
  const next: Alert = {
    ...alert,
    // What is over says nothing of how bad it was.
    ...(bad ? { ...evidenceOf(event, payload), severity: condition } : {}),
    condition,
    flapping,
    flap: turned ? observeChange(alert.flap, event.time) : alert.flap,
    count: alert.count + (turned && bad && alert.condition === 'ok' ? 1 : 0),
    ...decided(event, payload),
    ...changeOf(alert, event, { turned, flapping }),
  };
  // Who took on a warning has not taken on what became critical.
  return rank[next.severity] > rank[alert.severity] ? without(next, 'acknowledged') : next;
}

/** While it flaps, its turns are no news. */
function changeOf(
  alert: Alert,
  { offset, received }: PlacedEvent,
  { turned, flapping }: { readonly turned: boolean; readonly flapping: boolean },
): Partial<Alert> {
  if (flapping !== alert.flapping || (turned && !flapping))
    return { change: offset, changedAt: received };
  return turned ? { swallowed: offset } : {};
}

/** What people and the clockwork do is no decision of the rule. */
function decided({ time }: PlacedEvent, payload: Payload): Partial<Alert> {
  if (payload.flag('settled') || payload.text('by') !== undefined) return {};
  return { decidedAt: time, decidedNth: payload.number('nth') ?? 0 };
}

function resolved(alert: Alert, event: PlacedEvent): Alert {
  const payload = new Payload(event.data);
  const by = payload.text('by');
  return {
    ...alert,
    ...defined({ resolvedBy: by }),
    state: 'resolved',
    condition: 'ok',
    flapping: false,
    flap: alert.condition === 'ok' ? alert.flap : observeChange(alert.flap, event.time),
    resolvedAt: event.time,
    ...decided(event, payload),
    change: event.offset,
    changedAt: event.received,
  };
}

/** Larger is worse. Nagios ranks unknown between warning and critical. */
const rank = { warning: 1, unknown: 2, critical: 3 } as const;

function severityOf(text: string | undefined): Severity {
  return text === 'ok' || text === 'warning' || text === 'critical' ? text : 'unknown';
}

function evidenceOf(event: PlacedEvent, payload: Payload): Evidence {
  const { service, host, environment } = event;
  return {
    title: payload.text('title') ?? '',
    since: payload.number('since') ?? event.time,
    ...defined({
      service,
      host,
      environment,
      team: payload.text('team'),
      runbook: payload.text('runbook'),
      value: payload.number('value'),
      name: payload.text('name'),
      suspects: suspectsOf(payload),
      details: payload.json('details'),
    }),
  };
}

function suspectsOf(payload: Payload): readonly Suspect[] | undefined {
  const suspects = payload.list('suspects').map((one) => ({
    source: one.text('source') ?? '',
    id: one.text('id') ?? '',
    type: one.text('type') ?? '',
    time: one.number('time') ?? 0,
    what: one.text('what') ?? '',
    score: one.number('score') ?? 0,
    because: Object.values(one.texts('because')),
  }));
  return suspects.length === 0 ? undefined : suspects;
}

function acknowledgementOf(event: PlacedEvent): Acknowledgement {
  const payload = new Payload(event.data);
  return {
    by: payload.text('by') ?? '',
    at: event.time,
    ...defined({ note: payload.text('note') }),
  };
}

function without<K extends keyof Alert>(alert: Alert, name: K): Omit<Alert, K> {
  const { [name]: _, ...rest } = alert;
  return rest;
}
