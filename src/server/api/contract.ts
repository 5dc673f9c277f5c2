import { type Static, type TSchema, Type } from 'typebox';

/**
 * The HTTP API's shapes, once: they check requests, type the console and the CLI, and make
 * openapi.json. Times are ms since the epoch, UTC, unless said otherwise.
 */
const closed = { additionalProperties: false } as const;
const nullable = <T extends TSchema>(of: T) => Type.Union([of, Type.Null()]);

/** RFC 9457 problem details; every answer that is not 2xx has this shape. */
export const Problem = Type.Object({
  type: Type.String({
    description: 'URI reference of the error page, e.g. /docs/errors#TERR_QUERY_WHERE',
  }),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String({ description: 'Stable name of the error, e.g. TERR_QUERY_WHERE' }),
  detail: Type.Optional(Type.String({ description: 'What was wrong here and what to do' })),
  /** Where in the input: a field, and for text its line and column (from 1). */
  field: Type.Optional(Type.String()),
  line: Type.Optional(Type.Integer()),
  column: Type.Optional(Type.Integer()),
  errors: Type.Optional(Type.Array(Type.Any())),
});
export type Problem = Static<typeof Problem>;

/** One item of a POST that was refused. Either `index` (from 0, arrays) or `line` (from 1, NDJSON). */
export const Refusal = Type.Object({
  index: Type.Optional(Type.Integer()),
  line: Type.Optional(Type.Integer()),
  field: Type.Optional(Type.String()),
  code: Type.String(),
  message: Type.String(),
});
export type Refusal = Static<typeof Refusal>;

/** Answer of POST /api/v1/events: 200 all taken, 207 some refused, 400 none taken. */
export const Intake = Type.Object({
  accepted: Type.Integer({ description: 'Durable in the log when you read this' }),
  duplicates: Type.Integer({ description: 'Dropped: their (source, id) was taken before' }),
  refused: Type.Integer(),
  errors: Type.Array(Refusal, { description: 'The first 100 refusals' }),
});
export type Intake = Static<typeof Intake>;

const TextOrTime = Type.Union([Type.String(), Type.Number()], {
  description: 'RFC 3339 with an offset, or ms since the epoch',
});
const Duration = Type.String({
  description: 'e.g. 30s, 5m, 1h, 7d',
  pattern: '^[0-9]+(ms|s|m|h|d|w)$',
});

export const Aggregate = Type.Enum([
  'count',
  'sum',
  'mean',
  'min',
  'max',
  'p50',
  'p75',
  'p90',
  'p95',
  'p99',
  'p999',
  'rate',
]);

/** POST /api/v1/query. Without `aggregate` it lists events. */
export const Query = Type.Object(
  {
    where: Type.Optional(Type.String({ description: 'Query over events; all when left out' })),
    from: Type.Optional(TextOrTime),
    to: Type.Optional(TextOrTime),
    last: Type.Optional(Duration),
    aggregate: Type.Optional(Aggregate),
    by: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { maxItems: 5 })),
    every: Type.Optional(Duration),
    top: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    ratio: Type.Optional(Type.String({ description: 'where of the events to divide by' })),
    compare: Type.Optional(Type.Enum(['yesterday', 'last-week'])),
    order: Type.Optional(Type.Enum(['newest', 'oldest'])),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    cursor: Type.Optional(Type.String()),
  },
  closed,
);
export type Query = Static<typeof Query>;

const Point = Type.Tuple([Type.Number(), nullable(Type.Number())]);
const SeriesOf = Type.Object({
  labels: Type.Record(Type.String(), Type.String()),
  points: Type.Array(Point),
  total: nullable(Type.Number()),
});

/** An event with its place in the log. */
export const PlacedEvent = Type.Object({
  stream: Type.Enum(['facts', 'readings']),
  offset: Type.Integer(),
  id: Type.String(),
  time: Type.Number(),
  received: Type.Number(),
  type: Type.String(),
  source: Type.String(),
  subject: Type.Optional(Type.String()),
  service: Type.Optional(Type.String()),
  host: Type.Optional(Type.String()),
  environment: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  state: Type.Optional(Type.String()),
  metric: Type.Optional(Type.Number()),
  ttl: Type.Optional(Type.Number()),
  tags: Type.Optional(Type.Array(Type.String())),
  attributes: Type.Optional(Type.Record(Type.String(), Type.String())),
  data: Type.Optional(Type.Any()),
});
export type PlacedEvent = Static<typeof PlacedEvent>;

/** Answer to a query with `aggregate`. */
export const SeriesAnswer = Type.Object({
  from: Type.Number(),
  to: Type.Number(),
  every: nullable(Type.Number()),
  aggregate: Aggregate,
  definition: Type.String({ description: 'How the number is made, in words' }),
  series: Type.Array(SeriesOf),
  total: nullable(
    Type.Number({ description: 'Over the whole range and all series; null: no data' }),
  ),
  matched: Type.Integer({ description: 'How many events it was computed from' }),
  omitted: Type.Integer({ description: 'How many series `top` left out' }),
  compare: Type.Optional(
    Type.Object({
      from: Type.Number(),
      to: Type.Number(),
      series: Type.Array(SeriesOf, { description: 'Points are moved to the asked range' }),
      total: nullable(Type.Number()),
    }),
  ),
  elapsedMs: Type.Number(),
});
export type SeriesAnswer = Static<typeof SeriesAnswer>;

/** Answer to a query without `aggregate`. */
export const EventsAnswer = Type.Object({
  from: Type.Number(),
  to: Type.Number(),
  events: Type.Array(PlacedEvent),
  next: Type.Optional(Type.String({ description: '`cursor` of the next page' })),
  elapsedMs: Type.Number(),
});
export type EventsAnswer = Static<typeof EventsAnswer>;

/** What has been seen, for pickers and completion. GET /api/v1/catalogue */
export const Catalogue = Type.Object({
  kinds: Type.Record(
    Type.Enum(['source', 'type', 'service', 'host', 'environment', 'name', 'label']),
    Type.Object({
      entries: Type.Array(
        Type.Object({
          value: Type.String(),
          lastSeen: Type.Number(),
          count: Type.Integer({ description: 'Events since it was first seen by this catalogue' }),
          values: Type.Optional(
            Type.Array(Type.String(), { description: 'Of a label: its values, at most 100' }),
          ),
          overflowed: Type.Optional(
            Type.Boolean({ description: 'Of a label: it has had more values than these' }),
          ),
        }),
      ),
      /** More were seen than the catalogue may hold. */
      overflowed: Type.Boolean(),
    }),
  ),
});
export type Catalogue = Static<typeof Catalogue>;

/** The latest event of every (service, host, environment, name). GET /api/v1/latest?where= */
export const Latest = Type.Object({
  entries: Type.Array(
    Type.Object({
      event: PlacedEvent,
      ageMs: Type.Number(),
      /** Older than its ttl. */
      stale: Type.Boolean(),
      expired: Type.Boolean({
        description: 'It is older than its ttl, or its state is "expired"',
      }),
    }),
  ),
  overflowed: Type.Boolean(),
});
export type Latest = Static<typeof Latest>;

/** GET /api/v1/related/:stream/:offset: what shares the event's subject, trace, chain or links. */
export const Related = Type.Object({
  event: PlacedEvent,
  related: Type.Array(Type.Object({ because: Type.String(), event: PlacedEvent })),
});
export type Related = Static<typeof Related>;

export const Role = Type.Enum(['viewer', 'member', 'gatekeeper', 'admin']);
export type Role = Static<typeof Role>;

/** GET /api/v1/session; POST {name, password} or {token} signs in; DELETE signs out. */
export const Session = Type.Object({
  name: Type.String(),
  role: Role,
  /** Send back as X-CSRF-Token with every change made with the session cookie. */
  csrf: Type.String(),
});
export type Session = Static<typeof Session>;
export const SignIn = Type.Union([
  Type.Object(
    { name: Type.String({ minLength: 1 }), password: Type.String({ minLength: 1 }) },
    closed,
  ),
  Type.Object({ token: Type.String({ minLength: 1 }) }, closed),
]);
export type SignIn = Static<typeof SignIn>;

/** What a token may do. */
export const TokenScope = Type.Object(
  {
    /**
     * `send` events, `read` everything, `runner`: carry deploys out, or act with the rights of a role.
     */
    may: Type.Enum(['send', 'read', 'runner', 'viewer', 'member', 'gatekeeper', 'admin']),
    /** Sources it may send as; `*` at the end stands for anything. All when left out. */
    sources: Type.Optional(Type.Array(Type.String())),
    /** Types it may send, likewise. */
    types: Type.Optional(Type.Array(Type.String())),
    /** Environments that a runner may carry deploys out to. All when left out. */
    environments: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 100 }),
    ),
  },
  closed,
);
export const Token = Type.Object({
  id: Type.String(),
  name: Type.String(),
  scope: TokenScope,
  created: Type.Number(),
  createdBy: Type.String(),
  lastUsed: nullable(Type.Number()),
  expires: nullable(Type.Number()),
});
export type Token = Static<typeof Token>;
export const NewToken = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    scope: TokenScope,
    expires: Type.Optional(TextOrTime),
  },
  closed,
);
export type NewToken = Static<typeof NewToken>;
/** The secret is shown once, in this answer only. */
export const IssuedToken = Type.Object({ token: Token, secret: Type.String() });
export type IssuedToken = Static<typeof IssuedToken>;
/** GET /api/v1/tokens; POST issues one (201), DELETE /api/v1/tokens/:id revokes it (204). */
export const Tokens = Type.Object({ tokens: Type.Array(Token) });
export type Tokens = Static<typeof Tokens>;

export const User = Type.Object({
  name: Type.String(),
  role: Role,
  created: Type.Number(),
  lastSeen: nullable(Type.Number()),
  disabled: Type.Boolean(),
});
export type User = Static<typeof User>;
export const NewUser = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,63}$' }),
    role: Role,
    password: Type.String({ minLength: 12, maxLength: 1024 }),
  },
  closed,
);
export type NewUser = Static<typeof NewUser>;
/** GET /api/v1/users; POST adds one (201), PATCH /api/v1/users/:name changes, DELETE removes (204). */
export const Users = Type.Object({ users: Type.Array(User) });
export type Users = Static<typeof Users>;
export const UserChange = Type.Object(
  {
    role: Type.Optional(Role),
    password: Type.Optional(Type.String({ minLength: 12, maxLength: 1024 })),
    disabled: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type UserChange = Static<typeof UserChange>;
/** POST /api/v1/users/:name/link (201): signs the user in once, until `expires`. */
export const SignInLink = Type.Object({ url: Type.String(), expires: Type.Number() });
export type SignInLink = Static<typeof SignInLink>;

/** GET /healthz: 200 while events are taken and kept, 503 otherwise. */
export const Health = Type.Object({
  ok: Type.Boolean(),
  parts: Type.Record(
    Type.String(),
    Type.Enum(['ok', 'starting', 'restarting', 'stopped', 'off', 'full', 'failed']),
  ),
});
export type Health = Static<typeof Health>;

/** GET /api/v1/itself: Territory about itself, for its page and for `territory doctor`. */
export const Itself = Type.Object({
  version: Type.String(),
  commit: nullable(Type.String()),
  node: Type.String(),
  started: Type.Number(),
  now: Type.Number(),
  streams: Type.Array(
    Type.Object({
      stream: Type.Enum(['facts', 'readings']),
      first: Type.Integer(),
      next: Type.Integer(),
      bytes: Type.Number(),
      oldest: nullable(Type.Number()),
      /** Events not yet in history, and how old the oldest of them is; null while that is not known. */
      historyLagEvents: nullable(Type.Integer()),
      historyLagMs: nullable(Type.Number()),
    }),
  ),
  history: Type.Object({
    state: Type.Enum(['running', 'restarting', 'stopped']),
    rows: Type.Number(),
    bytes: Type.Number(),
    oldest: nullable(Type.Number()),
    parts: Type.Number(),
    merging: Type.Number(),
    restarts: Type.Integer(),
    slow: Type.Array(Type.Object({ at: Type.Number(), ms: Type.Number(), what: Type.String() })),
  }),
  intakes: Type.Array(
    Type.Object({
      protocol: Type.String(),
      accepted: Type.Number(),
      duplicates: Type.Number(),
      refused: Type.Number(),
      refusedBy: Type.Record(Type.String(), Type.Number()),
    }),
  ),
  append: Type.Object({
    pendingBytes: Type.Number(),
    p50Ms: Type.Number(),
    p99Ms: Type.Number(),
    maxMs: Type.Number(),
  }),
  tail: Type.Object({
    clients: Type.Integer(),
    maxClients: Type.Integer(),
    sent: Type.Number(),
    skipped: Type.Number(),
  }),
  /** Every bound there is: its setting, its value, what it holds now and how often it was hit. */
  limits: Type.Array(
    Type.Object({
      name: Type.String(),
      setting: nullable(Type.String()),
      /** Whether `now` must stay under the limit, or (free disk) over it. */
      bound: Type.Enum(['at most', 'at least']),
      limit: Type.Number(),
      now: nullable(Type.Number()),
      hits: Type.Number(),
      unit: Type.String(),
    }),
  ),
  memory: Type.Object({
    anonymousBytes: Type.Number(),
    rssBytes: Type.Number(),
    historyAnonymousBytes: nullable(Type.Number()),
  }),
  disk: Type.Object({ path: Type.String(), freeBytes: Type.Number(), usedBytes: Type.Number() }),
});
export type Itself = Static<typeof Itself>;
