import { type Static, Type } from 'typebox';

/** The shapes of redirect maps in the API. Times are ms since the epoch, UTC. */

const closed = { additionalProperties: false } as const;
const TextOrNull = Type.Union([Type.String(), Type.Null()]);
const Time = Type.Union([Type.Number(), Type.Null()]);
const Name = Type.String({ minLength: 1, maxLength: 200 });

export const RedirectFinding = Type.Object({
  line: Type.Integer(),
  column: Type.Integer(),
  rule: Type.Enum([
    'form',
    'canonical',
    'duplicate',
    'chain',
    'loop',
    'ends-gone',
    'status',
    'scheme',
    'host',
    'target',
  ]),
  severity: Type.Enum(['error', 'warning']),
  message: Type.String(),
});
export type RedirectFinding = Static<typeof RedirectFinding>;

export const RedirectMap = Type.Object({
  name: Type.String(),
  revision: Type.Integer(),
  by: TextOrNull,
  at: Time,
  rows: Type.Integer(),
  redirects: Type.Integer(),
  gone: Type.Integer(),
  findings: Type.Object({ errors: Type.Integer(), warnings: Type.Integer() }),
  verified: Type.Union([
    Type.Object({
      at: Type.Number(),
      environment: Type.String(),
      own: Type.Boolean({ description: 'Each address was asked for where it is' }),
      total: Type.Integer(),
      ok: Type.Integer(),
      wrong: Type.Integer(),
      unknown: Type.Integer({ description: 'Could not be asked for from here' }),
      seconds: Type.Number(),
    }),
    Type.Null(),
  ]),
  verifying: Type.Union([
    Type.Object({
      environment: Type.String(),
      own: Type.Boolean(),
      since: Type.Number(),
      done: Type.Integer(),
      wrong: Type.Integer(),
    }),
    Type.Null(),
  ]),
  trouble: Type.Union([Type.String(), Type.Null()], {
    description: 'Why the last verification came to no end',
  }),
});
export type RedirectMap = Static<typeof RedirectMap>;

/** GET /api/v1/redirects */
export const RedirectMaps = Type.Object({
  maps: Type.Array(RedirectMap),
  environments: Type.Array(Type.String(), { description: 'Of checks.yaml: what can be verified' }),
});
export type RedirectMaps = Static<typeof RedirectMaps>;

/** GET /api/v1/redirects/:name */
export const RedirectMapAnswer = Type.Object({
  map: RedirectMap,
  byRule: Type.Record(Type.String(), Type.Integer(), { description: 'Findings of each rule' }),
  findings: Type.Array(RedirectFinding, {
    description: 'Errors first, some of each rule, at most 1000',
  }),
  wrong: Type.Array(
    Type.Object({
      line: Type.Integer(),
      old: Type.String(),
      expected: Type.String(),
      seen: Type.String(),
    }),
    { description: 'Of the last verification, at most 1000' },
  ),
});
export type RedirectMapAnswer = Static<typeof RedirectMapAnswer>;

/** PUT /api/v1/redirects/:name with a CSV (text/csv). Answers what was found. */
export const ImportAnswer = Type.Object({
  revision: Type.Integer(),
  rows: Type.Integer(),
  errors: Type.Integer(),
  warnings: Type.Integer(),
  findings: Type.Array(RedirectFinding, { description: 'Errors first, at most 1000' }),
});
export type ImportAnswer = Static<typeof ImportAnswer>;

/** POST /api/v1/redirects/:name/verify */
export const VerifyBody = Type.Object(
  {
    environment: Name,
    own: Type.Optional(
      Type.Boolean({ description: 'Ask for each address where it is, not at the base' }),
    ),
  },
  closed,
);
export type VerifyBody = Static<typeof VerifyBody>;

/** GET /api/v1/redirects/:name/usage: by the access events of a time. */
export const UsageQuery = Type.Object(
  { days: Type.Optional(Type.Integer({ minimum: 1, maximum: 400, default: 30 })) },
  closed,
);
export const RedirectUsage = Type.Object({
  from: Type.Number(),
  to: Type.Number(),
  coverage: Type.Object(
    { isComplete: Type.Boolean(), why: TextOrNull },
    { description: 'Of all hosts of the map' },
  ),
  hosts: Type.Array(
    Type.Object({
      host: Type.String(),
      isComplete: Type.Boolean(),
      why: TextOrNull,
      unused: Type.Union([Type.Integer(), Type.Null()]),
    }),
    { description: 'The first 50 hosts of the map' },
  ),
  unused: Type.Union(
    [Type.Array(Type.Object({ line: Type.Integer(), old: Type.String() })), Type.Null()],
    {
      description:
        'Of the hosts that were listened to without a gap, at most 1000; null: there is none, and silence proves nothing',
    },
  ),
  unusedCount: Type.Union([Type.Integer(), Type.Null()]),
  missing: Type.Array(
    Type.Object({
      url: Type.String(),
      hits: Type.Integer(),
      status: Type.Integer(),
      last: Type.Union([Type.Number(), Type.Null()], {
        description: 'Begin of the thirtieth of the time in which it was asked for last',
      }),
    }),
    {
      description:
        'Asked for, answered 404, and not in the map; the most asked first, at most 1000',
    },
  ),
});
export type RedirectUsage = Static<typeof RedirectUsage>;
