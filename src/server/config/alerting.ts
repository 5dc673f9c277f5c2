import { type Static, Type } from 'typebox';
import './formats.ts';
import { count, duration, group, path, text } from './leaf.ts';

const where = (description: string) => Type.String({ format: 'where', description });
const labels = Type.Array(Type.String({ format: 'label' }));
const span = Type.Optional(Type.String({ format: 'duration' }));
const receiver = Type.String({
  pattern: '^(browser|mail:[^@\\s:]+@[^@\\s:]+|webhook:[a-z0-9][a-z0-9._-]*)$',
});
const receivers = Type.Array(receiver, { minItems: 1 });
const name = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' });

/** A secret is written as the name of a file that holds it, or as itself where it is none. */
const Secret = Type.Union([
  Type.String({ minLength: 1 }),
  Type.Object({ file: Type.String({ minLength: 1 }) }, group),
]);

const Route = Type.Object(
  {
    where: Type.Optional(where('Which alerts, by their labels')),
    to: receivers,
    groupBy: Type.Optional(labels),
    groupWait: span,
    groupInterval: span,
    repeatInterval: span,
    continue: Type.Optional(Type.Boolean()),
  },
  group,
);

const Inhibit = Type.Object(
  { source: where('Open alerts that inhibit'), target: where('Which'), equal: labels },
  group,
);

const Webhook = Type.Object(
  {
    url: Secret,
    template: Type.Optional(Type.String({ minLength: 1 })),
    contentType: Type.Optional(Type.String({ minLength: 1 })),
    headers: Type.Optional(Type.Record(Type.String({ pattern: '^[A-Za-z0-9-]+$' }), Secret, group)),
  },
  group,
);

const Target = Type.Object(
  {
    target: Type.String({ minLength: 1 }),
    webhook: Type.Optional(Type.String({ minLength: 1 })),
    command: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
    cooldown: span,
    timeout: span,
  },
  group,
);

/** Settings of the group `alerts`. */
export const Alerts = Type.Object(
  {
    maxOpen: count(10_000, 'Open alerts; one more is refused and counted.', [1, 20_000]),
    maxClosed: count(
      5_000,
      'Resolved alerts that are remembered; all of them stay on the log.',
      [1, 100_000],
    ),
    flapping: Type.Object(
      {
        high: count(
          30,
          'An alert flaps from this percentage of changes among its last 20 observations on.',
          [1, 100],
        ),
        low: count(25, 'It no longer flaps below this percentage.', [1, 100]),
      },
      group,
    ),
  },
  group,
);

/** Settings of the group `notify`. */
export const Notify = Type.Object(
  {
    routes: Type.Array(Route, {
      unit: 'structure',
      default: [],
      description:
        'Which alerts are told to whom: the first route that matches counts, unless it says `continue: true`. Without any, alerts are told to the browsers that are open.',
      example: `- where: severity = "critical"
  to: [mail:ops@example.org, webhook:chat]
  groupBy: [rule, service]
  groupWait: 30s
  groupInterval: 5m
  repeatInterval: 4h
- to: [browser]`,
    }),
    teams: Type.Record(name, receivers, {
      ...group,
      unit: 'structure',
      default: {},
      description: 'Who is told beside the routes when a rule names a team.',
      example: `web: [mail:web@example.org]`,
    }),
    inhibit: Type.Array(Inhibit, {
      unit: 'structure',
      default: [],
      description:
        'While an alert that matches `source` is open, those that match `target` and have equal values of the labels `equal` are told to nobody.',
      example: `- source: rule = "host-down"
  target: rule != "host-down"
  equal: [host]`,
    }),
    webhooks: Type.Record(name, Webhook, {
      ...group,
      unit: 'structure',
      default: {},
      description:
        'Addresses by name, for `webhook:NAME`. `url` and each header may be `{ file: PATH }`, whose content is never shown. `template` is `slack`, `mattermost`, `ntfy`, `territory` (default) or the text of a body.',
      example: `chat:
  url: { file: /etc/territory/slack-url }
  template: slack
pager:
  url: https://pager.example.org/v1/events
  headers: { authorization: { file: /etc/territory/pager-key } }
  template: '{"summary": "{title}", "level": "{severity}"}'`,
    }),
    mail: Type.Object(
      {
        host: Type.Optional(text('SMTP server. Without it no mail is sent, and it is said so.')),
        port: count(587, 'Its port.', [1, 65_535]),
        security: Type.Enum(['starttls', 'tls', 'none'], {
          unit: 'choice',
          default: 'starttls',
          description:
            'STARTTLS, TLS from the first byte, or neither (for a server on this machine).',
        }),
        from: Type.Optional(text('Sender of the mails.')),
        user: Type.Optional(text('Account at the SMTP server.')),
        passwordFile: Type.Optional(path('File that holds its password, which is never shown.')),
      },
      group,
    ),
    rate: Type.Object(
      {
        max: count(
          20,
          'Notifications to one receiver within `notify.rate.window`; the rest comes in one digest.',
          [1, 1_000],
        ),
        window: duration('10m', 'Window of `notify.rate.max`.', 1_000),
      },
      group,
    ),
    timeout: duration('10s', 'One attempt to send may take this long.', 100),
    giveUpAfter: duration(
      '1d',
      'A notification that could not be sent for so long is given up.',
      1_000,
    ),
  },
  group,
);

/** Settings of the group `scale`. */
export const Scale = Type.Object(
  {
    targets: Type.Array(Target, {
      unit: 'structure',
      default: [],
      description:
        'How a decision to scale is carried out: by a webhook of `notify.webhooks` or by a command (its arguments one by one, no shell). `target` may end in `*`; the first that fits counts. `{want}` and `{target}` are filled in.',
      example: `- target: workers/*
  command: [/usr/local/bin/scale, '--name', '{target}', '--count', '{want}']
  cooldown: 5m
  timeout: 30s`,
    }),
  },
  group,
);

/** A secret, or the file that holds it. */
export type SecretText = Static<typeof Secret>;

/** One webhook as it is set. */
export type WebhookSettings = Static<typeof Webhook>;

/** One target of scaling as it is set. */
export type TargetSettings = Static<typeof Target>;
