import { type Static, Type } from 'typebox';

/** The shapes of what runs where in the API. Times are ms since the epoch, UTC; ages ms. */

const closed = { additionalProperties: false } as const;
const name = (description: string) => Type.Optional(Type.String({ maxLength: 300, description }));

/** GET /api/v1/releases/where */
export const WhereQuery = Type.Object(
  { app: name('Only this application'), environment: name('Only this environment') },
  closed,
);
export type WhereQuery = Static<typeof WhereQuery>;

/** The fact that something is known from. */
const Evidence = Type.Object({
  offset: Type.Integer({ description: 'Place in the stream of facts' }),
  time: Type.Number(),
  id: Type.String(),
  source: Type.String(),
  type: Type.String(),
});

const Version = Type.Union([Type.String(), Type.Null()], {
  description: 'null: none was named',
});
const Time = Type.Union([Type.Number(), Type.Null()]);

/** One deploy as the facts tell of it. */
export const WhereDeploy = Type.Object({
  id: Type.Optional(Type.String({ description: 'As whoever reported it calls it' })),
  environment: Type.String(),
  state: Type.Enum(
    [
      'running',
      'succeeded',
      'rolledback',
      'removed',
      'failed',
      'refused',
      'cancelled',
      'lost',
      'discovered',
    ],
    { description: 'discovered: it runs, and nobody told of it' },
  ),
  version: Version,
  commit: Type.Optional(Type.String()),
  started: Time,
  at: Type.Number({ description: 'When it ended, or was last told of' }),
  actor: Type.Optional(Type.String()),
  url: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
  thread: Type.String({ description: 'Asks GET /api/v1/thread for what led to it' }),
  evidence: Type.Array(Evidence),
});
export type WhereDeploy = Static<typeof WhereDeploy>;

/** A version that instances report lately (`service.version` of their telemetry). */
const Run = Type.Object({
  version: Type.String(),
  share: Type.Number({ description: 'Of the instances, 0 to 1' }),
  count: Type.Integer({ description: 'Of instances' }),
  instances: Type.Array(
    Type.Object({
      name: Type.String({ description: 'service.instance.id, else the host; may be empty' }),
      since: Type.Number({ description: 'First heard with this version' }),
      seen: Type.Number({ description: 'Last heard' }),
      offset: Type.Integer({ description: 'Place in the stream of readings' }),
    }),
    { description: 'The 50 that were heard last' },
  ),
});
export type WhereRun = Static<typeof Run>;

/** One application in one environment. */
export const WhereLane = Type.Object({
  app: Type.String(),
  environment: Type.String(),
  verdict: Type.Enum(['verified', 'claimed', 'mixed', 'contradicted', 'unknown'], {
    description:
      'verified: fresh telemetry reports the told version; claimed: told, and unverified',
  }),
  because: Type.String({ description: 'Why, as a sentence' }),
  age: Type.Union([Type.Number(), Type.Null()], { description: 'Of what the verdict rests on' }),
  version: Version,
  since: Time,
  now: Type.Union([WhereDeploy, Type.Null()], { description: 'The deploy that told so' }),
  previous: Type.Union([Type.Object({ version: Version, since: Type.Number() }), Type.Null()]),
  running: Type.Array(WhereDeploy, { description: 'Deploys that have begun and not ended' }),
  lastFailed: Type.Union([WhereDeploy, Type.Null()]),
  runs: Type.Array(Run, { description: 'What instances report lately' }),
  behind: Type.Union(
    [
      Type.Object({
        commits: Type.Integer(),
        of: Type.String({ description: 'The environment that has them' }),
      }),
      Type.Null(),
    ],
    { description: 'Commits that another environment has and this one has not; null: not known' },
  ),
});
export type WhereLane = Static<typeof WhereLane>;

/** What runs where. */
export const Where = Type.Object({
  time: Type.Number(),
  environments: Type.Array(Type.String(), { description: 'In the order of a pipeline' }),
  lanes: Type.Array(WhereLane),
});
export type Where = Static<typeof Where>;

/** One application: what runs where, and the deploys that brought it there, newest first. */
export const WhereApp = Type.Object({
  ...Where.properties,
  app: Type.String(),
  history: Type.Array(WhereDeploy),
});
export type WhereApp = Static<typeof WhereApp>;
