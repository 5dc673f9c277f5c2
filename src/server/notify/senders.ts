import type { Alert } from '../../rooms/alerts/alert.ts';
import type { Notification } from '../../rooms/alerts/notification.ts';
import type { Scaling } from '../../rooms/alerts/scale.ts';
import type { TargetSettings } from '../config/alerting.ts';
import type { Config } from '../config/schema.ts';
import { parseDuration } from '../../event/quantity.ts';
import { sendMail } from './mail.ts';
import { type Outcome, failed } from './outcome.ts';
import { runCommand } from './run-command.ts';
import { type Fields, fill } from './template.ts';
import { type Answered, postWebhook } from './webhook.ts';

export interface SendersOptions {
  readonly settings: Pick<Config, 'notify' | 'scale'>;
  /** Address that people use, without a slash at the end. */
  readonly publicUrl: () => string;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Hands messages and orders over to the world outside. */
export interface Senders {
  /** `alert`: the first that the message is about. */
  readonly send: (notification: Notification, alert: Alert | undefined) => Promise<Outcome>;
  readonly scale: (scaling: Scaling) => Promise<{ readonly ok: boolean; readonly said: string }>;
}

const scaleTimeoutMs = 30_000;

/** The senders of mail, webhooks and browsers, and the executor of scaling. */
export function senders(options: SendersOptions): Senders {
  const { notify, scale } = options.settings;
  return {
    send: async (notification, alert) => {
      const { to } = notification;
      const url = alert && `${options.publicUrl()}/alerts/${alert.id}`;
      // Browsers follow the facts by the tail: that it stands on the log is all there is to do.
      if (to === 'browser') return { sent: true };
      if (to.startsWith('mail:'))
        return sendMail(notify.mail, notification, { timeout: notify.timeout, url });
      const webhook = to.startsWith('webhook:') ? to.slice('webhook:'.length) : '';
      return toWebhook(options, webhook, fieldsOf(notification, alert, url));
    },
    scale: async (scaling) => {
      const target = targetOf(scale.targets, scaling.target);
      return target
        ? execute(options, target, scaling)
        : { ok: false, said: 'no target of scale.targets fits: nothing was done' };
    },
  };
}

async function toWebhook(options: SendersOptions, name: string, fields: Fields): Promise<Answered> {
  const { webhooks, timeout } = options.settings.notify;
  const webhook = Object.hasOwn(webhooks, name) ? webhooks[name] : undefined;
  if (!webhook)
    return failed(`there is no ${name || 'such receiver'} in notify.webhooks`, { final: true });
  return postWebhook(webhook, fields, { timeout, signal: options.signal, now: options.now });
}

async function execute(options: SendersOptions, target: TargetSettings, scaling: Scaling) {
  const { command, webhook = '', timeout } = target;
  const fields: Fields = {
    id: scaling.id,
    kind: 'scale',
    target: scaling.target,
    want: String(scaling.want),
    rule: scaling.rule,
    title: `${scaling.target}: ${scaling.want} wanted`,
  };
  if (command) {
    const args = command.map((argument) => fill(argument, fields, (text) => text));
    const ms = parseDuration(timeout ?? '') ?? scaleTimeoutMs;
    return runCommand(args, { timeout: ms, signal: options.signal });
  }
  const outcome = await toWebhook(options, webhook, fields);
  if (!outcome.sent) return { ok: false, said: outcome.why };
  return { ok: true, said: outcome.answer ?? '' };
}

/** The first that fits; `*` at the end stands for anything. */
export function targetOf(
  targets: readonly TargetSettings[],
  name: string,
): TargetSettings | undefined {
  return targets.find(({ target }) =>
    target.endsWith('*') ? name.startsWith(target.slice(0, -1)) : name === target,
  );
}

function fieldsOf(
  notification: Notification,
  alert: Alert | undefined,
  url: string | undefined,
): Fields {
  const { id, kind, to, title, body, severity, rule, service, host, environment } = notification;
  const told = Object.keys(notification.open ?? {}).length;
  const over = Object.keys(notification.resolved ?? {}).length;
  const fields = {
    id,
    kind,
    to,
    title,
    body,
    status: statusOf(kind, told),
    severity,
    count: String(told + over),
    rule,
    service,
    host,
    environment,
    url,
    ...(alert ? alertFields(alert) : {}),
  };
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as Fields;
}

function statusOf(kind: Notification['kind'], open: number): string {
  if (kind !== 'alerts') return kind;
  return open > 0 ? 'open' : 'resolved';
}

function alertFields(alert: Alert): Fields {
  const { id, title, state, severity, since, value, name, team, runbook, acknowledged } = alert;
  return {
    'alert.id': id,
    'alert.title': title,
    'alert.state': state,
    'alert.severity': severity,
    'alert.since': new Date(since).toISOString(),
    'alert.value': value === undefined ? '' : String(value),
    'alert.name': name ?? '',
    'alert.team': team ?? '',
    'alert.runbook': runbook ?? '',
    'alert.acknowledged': acknowledged?.by ?? '',
  };
}
