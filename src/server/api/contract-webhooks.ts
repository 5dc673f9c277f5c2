import { type Static, Type } from 'typebox';

/** The shapes of webhooks in the API. Times are ms since the epoch, UTC. */
const closed = { additionalProperties: false } as const;

/** A product, or `generic`: then a mapping says what bodies mean. */
export const WebhookKind = Type.Enum([
  'github',
  'gitlab',
  'gitea',
  'bitbucket',
  'jenkins',
  'alertmanager',
  'grafana',
  'pagerduty',
  'sentry',
  'zendesk',
  'stripe',
  'generic',
]);
export type WebhookKind = Static<typeof WebhookKind>;

const header = Type.String({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$" });

/** How the sender of a generic webhook proves that it knows the secret. */
export const WebhookProof = Type.Union([
  Type.Object(
    { by: Type.Literal('bearer') },
    { ...closed, description: 'Authorization: the secret as bearer token or as password' },
  ),
  Type.Object(
    { by: Type.Literal('header'), header },
    { ...closed, description: 'The secret itself in a header' },
  ),
  Type.Object(
    { by: Type.Literal('address') },
    { ...closed, description: '?token= in the address; proxies write it down' },
  ),
  Type.Object(
    {
      by: Type.Literal('hmac'),
      header,
      algorithm: Type.Enum(['sha1', 'sha256', 'sha512'], { default: 'sha256' }),
      encoding: Type.Enum(['hex', 'base64'], { default: 'hex' }),
      prefix: Type.String({
        maxLength: 50,
        default: '',
        description: 'Before the digest: sha256=',
      }),
    },
    { ...closed, description: 'HMAC of the body in a header' },
  ),
]);
export type WebhookProof = Static<typeof WebhookProof>;

/** An address that takes the webhooks of one product; never with its secret. */
export const Webhook = Type.Object({
  name: Type.String(),
  kind: WebhookKind,
  title: Type.String({ description: 'What people call the product' }),
  address: Type.String({ description: 'What the product is to send to' }),
  proof: Type.String({ description: 'How deliveries are proved, in words' }),
  created: Type.Number(),
  createdBy: Type.String(),
  mapping: Type.Optional(Type.String({ description: 'Of a generic one: YAML or JSON' })),
  verify: Type.Optional(WebhookProof),
});
export type Webhook = Static<typeof Webhook>;

/** GET /api/v1/webhooks: by name. */
export const Webhooks = Type.Object({ webhooks: Type.Array(Webhook) });
export type Webhooks = Static<typeof Webhooks>;

export const webhookName = '^[a-z0-9][a-z0-9._-]{0,63}$';

const mapping = Type.String({ minLength: 1, maxLength: 16_384 });

/** Body of POST /api/v1/webhooks. */
export const NewWebhook = Type.Object(
  {
    name: Type.String({ pattern: webhookName, description: 'Last part of the address' }),
    kind: WebhookKind,
    secret: Type.Optional(
      Type.String({
        minLength: 8,
        maxLength: 500,
        description: 'Where the product makes it; else Territory makes one and shows it once',
      }),
    ),
    mapping: Type.Optional(mapping),
    verify: Type.Optional(WebhookProof),
  },
  closed,
);
export type NewWebhook = Static<typeof NewWebhook>;

/** Answer of POST /api/v1/webhooks. */
export const AddedWebhook = Type.Object({
  webhook: Webhook,
  secret: Type.Optional(
    Type.String({ description: 'The one that Territory made; it is not shown again' }),
  ),
});
export type AddedWebhook = Static<typeof AddedWebhook>;

/** Body of POST /api/v1/webhooks/preview. */
export const WebhookPreview = Type.Object(
  {
    kind: WebhookKind,
    mapping: Type.Optional(Type.String({ maxLength: 16_384 })),
    headers: Type.Optional(Type.Record(Type.String(), Type.String())),
    body: Type.Any({ description: 'The body as text, or as JSON' }),
  },
  closed,
);
export type WebhookPreview = Static<typeof WebhookPreview>;

const PreviewProblem = Type.Object({
  code: Type.String(),
  message: Type.String(),
  in: Type.Enum(['mapping', 'body'], { description: 'What line and column are of' }),
  field: Type.Optional(Type.String()),
  line: Type.Optional(Type.Integer()),
  column: Type.Optional(Type.Integer()),
  index: Type.Optional(Type.Integer({ description: 'Which element or event it is, from 0' })),
});

/** What a delivery would become: nothing is taken. */
export const PreviewAnswer = Type.Object({
  events: Type.Array(Type.Any(), { description: 'As they would be sent; the first hundred' }),
  count: Type.Integer({ description: 'How many events there would be' }),
  errors: Type.Array(PreviewProblem, { description: 'The first hundred' }),
});
export type PreviewAnswer = Static<typeof PreviewAnswer>;

/** GET /api/v1/webhooks/:name/recent: bodies to try mappings on, the newest first. */
export const RecentBodies = Type.Object({
  bodies: Type.Array(
    Type.Object({
      time: Type.Number(),
      bytes: Type.Integer(),
      headers: Type.Record(Type.String(), Type.String()),
      body: Type.String({ description: 'JSON; what looks like a secret is taken out' }),
    }),
  ),
  kept: Type.Integer({ description: 'How many of a webhook are kept, in memory only' }),
});
export type RecentBodies = Static<typeof RecentBodies>;
