import { type Static, Type } from 'typebox';
import { kinds, results, rules, stageStates, stages, states } from '../../rooms/deploys/deploy.ts';

/**
 * The shapes of deploys in the API: asking for one, its gates, its way through the stages, its log,
 * the queue, reservations and environments. Times are ms since the epoch, UTC, unless said otherwise.
 */

const closed = { additionalProperties: false } as const;
const Name = Type.String({ minLength: 1, maxLength: 200 });
const Reason = Type.String({ minLength: 1, maxLength: 500 });
const Time = Type.Union([Type.Number(), Type.Null()]);
const TextOrNull = Type.Union([Type.String(), Type.Null()]);
const TextOrTime = Type.Union([Type.String(), Type.Number()], {
  description: 'RFC 3339 with an offset, or ms since the epoch',
});

/** What one gate says. */
export const GateWord = Type.Object({
  rule: Type.Enum([...rules]),
  word: Type.Enum(['passes', 'waits', 'refuses', 'warns']),
  reason: Type.String({ description: 'A sentence' }),
  until: Time,
  lifts: TextOrNull,
  by: TextOrNull,
});
export type GateWord = Static<typeof GateWord>;

export const DeployStage = Type.Object({
  stage: Type.Enum([...stages]),
  state: Type.Enum([...stageStates]),
  started: Type.Number(),
  ended: Time,
  text: TextOrNull,
});
export type DeployStage = Static<typeof DeployStage>;

/** One scenario of the release's smoke test, run against the new instances. */
export const Smoke = Type.Object({
  scenario: Type.String(),
  state: Type.Enum(['running', 'passed', 'failed', 'not-run']),
  seconds: Type.Union([Type.Number(), Type.Null()]),
  text: TextOrNull,
});
export type Smoke = Static<typeof Smoke>;

/** An author whose commits go out with this deploy. */
export const Acknowledgement = Type.Object({
  author: Type.String(),
  commits: Type.Integer(),
  state: Type.Enum(['silent', 'acknowledged', 'objected']),
  at: Time,
  text: TextOrNull,
});

/** The last rehearsal of going back: forward, back and forward again. */
export const Proof = Type.Object({
  environment: Type.String(),
  from: Type.String(),
  to: Type.String(),
  at: Type.Number(),
  seconds: Type.Number({ description: 'What going back took' }),
  good: Type.Boolean(),
  text: TextOrNull,
});
export type Proof = Static<typeof Proof>;

export const Deploy = Type.Object({
  id: Type.String(),
  kind: Type.Enum([...kinds]),
  app: Type.String(),
  environment: Type.String(),
  version: Type.String(),
  digest: TextOrNull,
  previous: Type.Union([Type.String(), Type.Null()], {
    description: 'The version that stood there when it was asked for',
  }),
  state: Type.Enum([...states]),
  stage: Type.Union([Type.Enum([...stages]), Type.Null()]),
  stages: Type.Array(DeployStage),
  requested: Type.Object({ by: Type.String(), at: Type.Number(), reason: TextOrNull }),
  notBefore: Time,
  waiting: Type.Array(GateWord, { description: 'Why it does not run yet' }),
  position: Type.Union([Type.Integer(), Type.Null()], { description: '1 is next in its lane' }),
  eta: Type.Union([Type.Number(), Type.Null()], {
    description: 'When it is expected to begin, by how long its lane took before; null: not known',
  }),
  started: Time,
  ended: Time,
  expected: Type.Union([Type.Number(), Type.Null()], {
    description: 'ms that it is expected to take; null: no history',
  }),
  runner: TextOrNull,
  token: Type.Union([Type.Integer(), Type.Null()], { description: 'Fencing token of its lease' }),
  heard: Type.Union([Type.Number(), Type.Null()], { description: 'Last word of its runner' }),
  reason: Type.Union([Type.String(), Type.Null()], { description: 'Why it ended as it did' }),
  level: Type.Union([Type.String(), Type.Null()], {
    description: 'Of the difference to what stood there; null: not known',
  }),
  risks: Type.Array(Type.String()),
  approvals: Type.Array(Type.Object({ by: Type.String(), at: Type.Number(), text: TextOrNull })),
  acknowledgements: Type.Array(Acknowledgement),
  broken: Type.Union(
    [
      Type.Object({
        by: Type.String(),
        reason: Type.String(),
        rules: Type.Array(Type.Enum([...rules])),
      }),
      Type.Null(),
    ],
    { description: 'The gates that were broken through, and why' },
  ),
  smoke: Type.Array(Smoke),
  proof: Type.Union([Proof, Type.Null()]),
  verified: Type.Union([Type.Number(), Type.Null()], {
    description: 'When evidence first bore it out',
  }),
  logBytes: Type.Integer(),
  thread: Type.String({ description: 'Asks GET /api/v1/thread for what led to it' }),
});
export type Deploy = Static<typeof Deploy>;

/** GET /api/v1/deploys: newest first. */
export const DeploysQuery = Type.Object(
  {
    app: Type.Optional(Name),
    environment: Type.Optional(Name),
    state: Type.Optional(Type.Enum([...states])),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  },
  closed,
);
export const Deploys = Type.Object({ time: Type.Number(), deploys: Type.Array(Deploy) });
export type Deploys = Static<typeof Deploys>;

/**
 * POST /api/v1/deploys (201: a deploy; 409 TERR_DEPLOYS_REFUSED), and POST /api/v1/deploys/plan for
 * what would happen (200: a plan).
 */
export const NewDeploy = Type.Object(
  {
    app: Name,
    version: Name,
    environment: Name,
    kind: Type.Optional(Type.Enum([...kinds])),
    reason: Type.Optional(Reason),
    at: Type.Optional(TextOrTime),
    wait: Type.Optional(
      Type.Boolean({ description: 'Wait for windows, freezes, locks and post-its to end' }),
    ),
    breakGlass: Type.Optional(
      Type.String({
        minLength: 10,
        maxLength: 500,
        description: 'Go through the gates; why. Gatekeepers only, and it is shown',
      }),
    ),
  },
  closed,
);
export type NewDeploy = Static<typeof NewDeploy>;

/** What would happen, and nothing of it happens. */
export const Plan = Type.Object({
  app: Type.String(),
  environment: Type.String(),
  version: Type.String(),
  kind: Type.Enum([...kinds]),
  previous: TextOrNull,
  may: Type.Enum(['now', 'later', 'refused']),
  gates: Type.Array(GateWord, { description: 'All of them, in their order' }),
  level: TextOrNull,
  strategy: TextOrNull,
  stages: Type.Array(Type.Enum([...stages])),
  migrations: Type.Array(
    Type.Object({
      db: Type.String(),
      id: Type.String(),
      phase: Type.Enum(['expand', 'contract']),
      down: Type.Boolean(),
    }),
  ),
  missing: Type.Array(Type.String(), { description: 'Config keys with no value there' }),
  reversible: Type.Union(
    [Type.Object({ value: Type.Boolean(), why: Type.Array(Type.String()) }), Type.Null()],
    { description: 'null: the artefact is not in the store of the server' },
  ),
  commits: Type.Union(
    [
      Type.Object({
        added: Type.Integer(),
        removed: Type.Integer(),
        authors: Type.Array(Type.String()),
      }),
      Type.Null(),
    ],
    { description: 'null: not known' },
  ),
  proof: Type.Union([Proof, Type.Null()]),
  position: Type.Union([Type.Integer(), Type.Null()]),
  eta: Time,
  expected: Type.Union([Type.Number(), Type.Null()], { description: 'ms' }),
  rollbackTo: Type.Union([Type.String(), Type.Null()], {
    description: 'The last version that was verified good there, to which one would go back',
  }),
});
export type Plan = Static<typeof Plan>;

/** POST /api/v1/deploys/rollback (201): the target is chosen by the server unless named. */
export const NewRollback = Type.Object(
  {
    app: Name,
    environment: Name,
    to: Type.Optional(Name),
    reason: Type.Optional(Reason),
  },
  closed,
);
export type NewRollback = Static<typeof NewRollback>;

/**
 * POST /api/v1/deploys/:id/cancel, /approve, /acknowledge (with an optional text) and /object; each
 * answers with the deploy.
 */
export const Words = Type.Object({ text: Type.Optional(Reason) }, closed);
export const Objection = Type.Object({ text: Reason }, closed);

/**
 * GET /api/v1/deploys/:id/log?offset=N. Text is whole lines; `next` asks on.
 *
 * GET /api/v1/deploys/:id/follow?offset=N (Server-Sent Events): `event: deploy` with a `Deploy` at
 * first and at each change, `event: log` with a `LogPiece`, whose `id:` is its `next`; who comes back
 * with it in `Last-Event-ID` goes on there. The stream stays open when the deploy has ended.
 */
export const LogPiece = Type.Object({
  offset: Type.Integer({ description: 'Bytes' }),
  next: Type.Integer(),
  text: Type.String(),
  ended: Type.Boolean({ description: 'No more will come' }),
});
export type LogPiece = Static<typeof LogPiece>;

/** A time that is kept for somebody in an environment: others wait, the one may go. */
export const Reservation = Type.Object({
  id: Type.String(),
  app: Type.String(),
  environment: Type.String(),
  by: Type.String(),
  from: Type.Number(),
  until: Type.Number(),
  reason: TextOrNull,
  ended: Type.Boolean(),
});
export type Reservation = Static<typeof Reservation>;
/** GET /api/v1/deploys/reservations (`?all=true`: those that are over as well), POST (201). */
export const Reservations = Type.Object({ reservations: Type.Array(Reservation) });
export type Reservations = Static<typeof Reservations>;
/** DELETE /api/v1/deploys/reservations/:id ends one and answers with it. */
export const NewReservation = Type.Object(
  {
    app: Name,
    environment: Name,
    from: TextOrTime,
    minutes: Type.Optional(Type.Integer({ minimum: 5, maximum: 480 })),
    reason: Type.Optional(Reason),
  },
  closed,
);

/** GET /api/v1/deploys/queue: lane by lane what runs, what is next, and what waits. */
export const Queue = Type.Object({
  time: Type.Number(),
  environments: Type.Array(
    Type.Object({
      environment: Type.String(),
      running: Type.Array(Deploy),
      waiting: Type.Array(Deploy, { description: 'In the order in which they will run' }),
      reservations: Type.Array(Reservation),
    }),
  ),
});
export type Queue = Static<typeof Queue>;

/** Of the checks that must have passed in the environment before (`after`); null: none. */
const Tag = Type.Union([Type.String({ pattern: '^@' }), Type.Null()]);
/** What a deploy into an environment has to go through. */
export const Environment = Type.Object({
  name: Type.String(),
  after: Type.Union([Type.String(), Type.Null()], {
    description: 'The environment in which a version must have been verified before; null: none',
  }),
  approvals: Type.Integer({ description: 'Gatekeepers who approve, the asking one not counted' }),
  acknowledgements: Type.Enum(['off', 'ask', 'require'], {
    description: 'Whether authors whose commits go out too are asked, and waited for',
  }),
  newest: Type.Boolean({ description: 'Only the newest release may be deployed' }),
  perHour: Type.Union([Type.Integer(), Type.Null()], { description: 'Deploys of one application' }),
  rehearse: Type.Boolean({ description: 'Going back must have been rehearsed before' }),
  checks: Tag,
  declared: Type.Boolean({ description: 'False: it is only known from what happened' }),
});
export type Environment = Static<typeof Environment>;
/** PATCH /api/v1/deploys/environments/:name (gatekeepers): what is left out stays as it was; DELETE (204). */
export const NewEnvironment = Type.Partial(
  Type.Object({
    after: Type.Union([Name, Type.Null()]),
    approvals: Type.Integer({ minimum: 0, maximum: 6 }),
    acknowledgements: Type.Enum(['off', 'ask', 'require']),
    newest: Type.Boolean(),
    perHour: Type.Union([Type.Integer({ minimum: 1, maximum: 1000 }), Type.Null()]),
    rehearse: Type.Boolean(),
    checks: Tag,
  }),
  closed,
);
/** GET /api/v1/deploys/environments */
export const Environments = Type.Object({ environments: Type.Array(Environment) });
export type Environments = Static<typeof Environments>;
export type NewEnvironment = Static<typeof NewEnvironment>;

/* What runners say and hear: they ask, the server never calls them. */

/** POST /api/v1/runners/:name/lease: answered when there is something to do, or after 20 s. */
export const LeaseRequest = Type.Object(
  {
    environments: Type.Array(Name, { minItems: 1, maxItems: 100 }),
    /** By environment: names of the configuration keys that have a value there; never the values. */
    keys: Type.Optional(Type.Record(Name, Type.Array(Name, { maxItems: 2000 }))),
  },
  closed,
);
export type LeaseRequest = Static<typeof LeaseRequest>;
/** What a runner is to do. Seconds where it says so. */
export const Order = Type.Object({
  id: Type.String(),
  token: Type.Integer({ description: 'Fencing token: said with every word about the deploy' }),
  kind: Type.Enum([...kinds]),
  app: Type.String(),
  environment: Type.String(),
  version: Type.String(),
  digest: Type.String(),
  /** What to go back to when it fails, and what a rehearsal goes back to. */
  previous: Type.Union([
    Type.Object({ version: Type.String(), digest: Type.String() }),
    Type.Null(),
  ]),
  by: Type.String(),
  /** Seconds in all, and seconds without a line of log. */
  limits: Type.Object({ total: Type.Number(), silence: Type.Number() }),
});
export type Order = Static<typeof Order>;
/**
 * An order whose answer did not arrive is given again to the same runner, with the same token: who
 * has begun it already goes on.
 */
export const Lease = Type.Object({ order: Type.Union([Order, Type.Null()]) });
export type Lease = Static<typeof Lease>;

/** POST /api/v1/deploys/:id/progress: also with nothing new, every few seconds, to keep the lease. */
export const Progress = Type.Object(
  {
    token: Type.Integer(),
    stages: Type.Optional(Type.Array(DeployStage, { maxItems: 100 })),
    smoke: Type.Optional(Type.Array(Smoke, { maxItems: 1000 })),
    log: Type.Optional(
      Type.Object({ offset: Type.Integer({ minimum: 0 }), text: Type.String() }, closed),
    ),
  },
  closed,
);
export type Progress = Static<typeof Progress>;
/** 409 TERR_DEPLOYS_FENCED when the token is not that of the deploy's lease any more. */
export const ProgressAnswer = Type.Object({
  /** Until when the lease holds. */
  until: Type.Number(),
  /** Bytes of the log that the server has: the next piece begins there. */
  logNext: Type.Integer(),
  /** Why it is to be cancelled; null: go on. */
  cancel: TextOrNull,
  /** What went wrong in the environment since it began, while it is watched; null: nothing. */
  bad: TextOrNull,
});
export type ProgressAnswer = Static<typeof ProgressAnswer>;

/** POST /api/v1/deploys/:id/end */
export const End = Type.Object(
  {
    token: Type.Integer(),
    result: Type.Enum([...results]),
    stage: Type.Optional(Type.Enum([...stages])),
    reason: Type.Optional(Type.String({ maxLength: 2000 })),
    /** The version that serves now, as the runner left it. */
    serves: Type.Optional(Type.Union([Name, Type.Null()])),
    /** Of a rehearsal: seconds that going back took. */
    backSeconds: Type.Optional(Type.Number({ minimum: 0 })),
  },
  closed,
);
export type End = Static<typeof End>;
