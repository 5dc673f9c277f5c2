import type { PlacedEvent } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import type { MuteReason } from './alert.ts';
import { Payload, defined, factOf } from './facts.ts';

/** Why a notification was not sent. */
export type SuppressReason = MuteReason | 'rate-limited' | 'queue-full';

/** What a notification is about. */
export type NotificationKind = 'alerts' | 'message' | 'digest';

/** Alerts by id, each with the change (offset of a fact) that is told of it. */
export type Told = Readonly<Record<string, number>>;

/** What is to be told, and to whom. */
export interface Message {
  readonly id: string;
  readonly kind: NotificationKind;
  /** `mail:ADDRESS`, `webhook:NAME`, `browser`; empty in one that was muted before it was addressed. */
  readonly to: string;
  readonly title: string;
  /** Plain text. */
  readonly body: string;
  /** The group of alerts, as `groupKey` names it. */
  readonly group?: string;
  /** Alerts in it that are open, and that are over. */
  readonly open?: Told;
  readonly resolved?: Told;
  /** Of the worst open alert; `ok` when all are over. */
  readonly severity?: string;
  readonly rule?: string;
  readonly service?: string;
  readonly host?: string;
  readonly environment?: string;
}

/** A message on its way, or what became of it. Times are ms since the epoch, UTC. */
export interface Notification extends Message {
  readonly state: 'queued' | 'sent' | 'failed' | 'suppressed';
  readonly queued: number;
  /** When it was sent, given up or suppressed. */
  readonly done?: number;
  /** Why it failed or was suppressed. */
  readonly why?: string;
}

/** What the facts of one notification are about. */
export function notificationSubject(id: string): string {
  return `notification/${id}`;
}

/** The fact that a message waits to be sent. */
export function queuedFact(message: Message, time: number): Draft {
  return factOf('notification.queued', fieldsOf(message, time));
}

/** The fact that a message is not sent, and why. */
export function suppressedFact(message: Message, why: SuppressReason, time: number): Draft {
  return factOf('notification.suppressed', fieldsOf(message, time, why));
}

/** The fact that a message was handed over, or given up. */
export function doneFact(message: Message, why: string | undefined, time: number): Draft {
  const { to, title, rule, service, host, environment } = message;
  return factOf(why === undefined ? 'notification.sent' : 'notification.failed', {
    time,
    subject: notificationSubject(message.id),
    service,
    host,
    environment,
    attributes: defined({ to, rule, why: why?.slice(0, maxWhy) }),
    data: { title },
  });
}

const maxWhy = 500;

function fieldsOf(message: Message, time: number, why?: string) {
  const { id, kind, to, title, body, group, open, resolved, severity, rule } = message;
  const { service, host, environment } = message;
  return {
    time,
    subject: notificationSubject(id),
    service,
    host,
    environment,
    state: severity,
    attributes: defined({ to: to === '' ? undefined : to, rule, why }),
    data: defined({ kind, title, body, group, open, resolved }),
  };
}

/** The message that a fact of `queuedFact` or `suppressedFact` holds. Total. */
export function messageOf(event: PlacedEvent): Message {
  const payload = new Payload(event.data);
  const kind = payload.text('kind');
  const { service, host, environment, state: severity, attributes = {} } = event;
  return {
    id: event.subject?.slice(notificationSubject('').length) ?? '',
    kind: kind === 'message' || kind === 'digest' ? kind : 'alerts',
    to: attributes['to'] ?? '',
    title: payload.text('title') ?? '',
    body: payload.text('body') ?? '',
    ...defined({
      group: payload.text('group'),
      open: payload.numbers('open'),
      resolved: payload.numbers('resolved'),
      severity,
      rule: attributes['rule'],
      service,
      host,
      environment,
    }),
  };
}
