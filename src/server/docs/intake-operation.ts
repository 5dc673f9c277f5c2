import { Type } from 'typebox';
import { problem, json } from '../api/answers.ts';
import { Intake } from '../api/contract.ts';

const Draft = Type.Object({
  type: Type.String({ description: '`metric`, `log`, a CDEvents type, or your own word' }),
  id: Type.Optional(Type.String({ description: 'Unique per source; (source, id) is taken once' })),
  time: Type.Optional(
    Type.Union([Type.String(), Type.Number()], {
      description: 'RFC 3339 with an offset, or ms since the epoch; now when left out',
    }),
  ),
  source: Type.Optional(
    Type.String({ description: "URI reference; from the token's name when left out" }),
  ),
  subject: Type.Optional(Type.String()),
  service: Type.Optional(Type.String()),
  host: Type.Optional(Type.String()),
  environment: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  state: Type.Optional(Type.String()),
  metric: Type.Optional(Type.Number()),
  ttl: Type.Optional(Type.Number({ description: 'Seconds until the reading is stale' })),
  tags: Type.Optional(Type.Array(Type.String())),
  attributes: Type.Optional(Type.Record(Type.String(), Type.String())),
  data: Type.Optional(Type.Any()),
});

const types = {
  'application/json': Type.Union([Draft, Type.Array(Draft)]),
  'application/x-ndjson': Type.String({ description: 'One event a line' }),
  'application/cloudevents+json': Type.Any({ description: 'One CloudEvent 1.0' }),
  'application/cloudevents-batch+json': Type.Array(Type.Any(), { description: 'CloudEvents 1.0' }),
};

/**
 * POST /api/v1/events, which is mounted before the router and so described by hand. Any other type
 * with `ce-` headers is a CloudEvent in binary mode.
 */
export const intakeOperation = {
  post: {
    summary: 'Send events',
    tags: ['events'],
    description:
      'Answered when what was taken is durable. Bad events are named one by one while the good ones are kept. Bodies may be packed with gzip, deflate or br. CloudEvents may come in structured, batch or binary mode.',
    security: [{ token: [] }],
    requestBody: {
      required: true,
      content: Object.fromEntries(
        Object.entries(types).map(([type, schema]) => [type, { schema }] as const),
      ),
    },
    responses: {
      200: { description: 'All taken', ...json(Intake) },
      207: { description: 'Some refused; `errors` says which and why', ...json(Intake) },
      400: problem(400),
      401: problem(401),
      403: problem(403),
      413: problem(400),
      429: problem(429),
      503: problem(503),
    },
  },
};
