import { unknownFields } from '../notify/template.ts';
import type { TargetSettings, WebhookSettings } from './alerting.ts';
import type { SettingValue } from './value.ts';

/** A setting that does not fit another one, and why. */
export interface Misfit {
  readonly name: string;
  readonly message: string;
}

type Values = (name: string) => SettingValue | undefined;

/** What no single setting of alerts and notifications can tell. */
export function misfits(valueOf: Values): Misfit[] {
  return [
    ...flapping(valueOf),
    ...mail(valueOf),
    ...templates(valueOf),
    ...unknownWebhooks(valueOf),
    ...targets(valueOf),
  ];
}

function flapping(valueOf: Values): Misfit[] {
  const [low, high] = [valueOf('alerts.flapping.low'), valueOf('alerts.flapping.high')];
  if (Number(low) <= Number(high)) return [];
  return [{ name: 'alerts.flapping.low', message: 'must not be above alerts.flapping.high' }];
}

function mail(valueOf: Values): Misfit[] {
  if (valueOf('notify.mail.host') === undefined || valueOf('notify.mail.from') !== undefined)
    return [];
  return [{ name: 'notify.mail.from', message: 'must be set to send mail' }];
}

function templates(valueOf: Values): Misfit[] {
  return Object.entries(webhooksOf(valueOf)).flatMap(([webhook, { template = '' }]) =>
    unknownFields(template).map((field) => ({
      name: 'notify.webhooks',
      message: `(${webhook}.template) there is no {${field}}`,
    })),
  );
}

function unknownWebhooks(valueOf: Values): Misfit[] {
  const routes = valueOf('notify.routes') as readonly { readonly to: readonly string[] }[];
  const teams = valueOf('notify.teams') as Readonly<Record<string, readonly string[]>>;
  const named = [
    ...routes.map(({ to }, n) => ({ name: `notify.routes`, place: `${n}.to`, to })),
    ...Object.entries(teams).map(([team, to]) => ({ name: 'notify.teams', place: team, to })),
  ];
  const known = webhooksOf(valueOf);
  return named.flatMap(({ name, place, to }) =>
    to.flatMap((receiver) => {
      const webhook = /^webhook:(.*)$/.exec(receiver)?.[1];
      if (webhook === undefined || Object.hasOwn(known, webhook)) return [];
      return [{ name, message: `(${place}) there is no ${webhook} in notify.webhooks` }];
    }),
  );
}

function targets(valueOf: Values): Misfit[] {
  const known = webhooksOf(valueOf);
  return (valueOf('scale.targets') as readonly TargetSettings[]).flatMap((target, n) => {
    const { webhook, command } = target;
    const name = 'scale.targets';
    if ((webhook === undefined) === (command === undefined))
      return [{ name, message: `(${n}) needs either a webhook or a command` }];
    if (webhook === undefined || Object.hasOwn(known, webhook)) return [];
    return [{ name, message: `(${n}.webhook) there is no ${webhook} in notify.webhooks` }];
  });
}

function webhooksOf(valueOf: Values): Readonly<Record<string, WebhookSettings>> {
  return valueOf('notify.webhooks') as Readonly<Record<string, WebhookSettings>>;
}
