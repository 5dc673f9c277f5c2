import { type Static, Type } from 'typebox';

/**
 * The shapes of gates in the API: locks, freezes, post-its, windows, verdicts and the calendar. Times
 * are ms since the epoch, UTC, unless said otherwise.
 */

const closed = { additionalProperties: false } as const;
const Name = Type.String({ minLength: 1, maxLength: 200 });
const Reason = Type.String({ minLength: 1, maxLength: 500 });
const TextOrTime = Type.Union([Type.String(), Type.Number()], {
  description: 'RFC 3339 with an offset, or ms since the epoch',
});
const Time = Type.Union([Type.Number(), Type.Null()]);

/** What a gate is about; left out: every application, every environment. */
const about = { app: Type.Optional(Name), environment: Type.Optional(Name) };

const common = {
  id: Type.String(),
  scope: Type.String({ description: 'all, ENVIRONMENT, APP@all or APP@ENVIRONMENT' }),
  ...about,
  by: Type.String(),
  created: Type.Number(),
  ended: Type.Optional(Type.Object({ by: Type.String(), at: Type.Number() })),
};

const Refusal = Type.Object({
  rule: Type.Enum(['window', 'freeze', 'lock', 'block']),
  id: Type.Union([Type.String(), Type.Null()], {
    description: 'Of the gate; null where it is that no window is open',
  }),
  scope: Type.String(),
  by: Type.Union([Type.String(), Type.Null()]),
  reason: Type.String({ description: 'A sentence' }),
  until: Type.Union([Type.Number(), Type.Null()], { description: 'When it ends by itself' }),
  lifts: Type.String({ description: 'What would lift it before' }),
});
export type GateRefusal = Static<typeof Refusal>;

/** GET /api/v1/releases/gates: whether a deploy may go out now. */
export const GatesVerdict = Type.Object({
  may: Type.Boolean(),
  app: Type.String(),
  environment: Type.String(),
  version: Type.Union([Type.String(), Type.Null()]),
  actor: Type.String({ description: 'For whom it was asked' }),
  time: Type.Number({ description: 'When it was asked' }),
  from: Type.Union([Type.Number(), Type.Null()], {
    description: 'The earliest time at which no gate that is known now refuses; null: not known',
  }),
  refusals: Type.Array(Refusal, {
    description: 'In the order of the rules; empty when it may',
  }),
  warnings: Type.Array(Refusal, { description: 'What stops nobody and should be known' }),
  token: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Fencing token of the narrowest lock that the actor holds here',
  }),
});
export type GatesVerdict = Static<typeof GatesVerdict>;

export const GatesQuery = Type.Object(
  {
    app: Name,
    environment: Name,
    version: Type.Optional(Name),
    actor: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'Who deploys; default: you' }),
    ),
    started: Type.Optional(
      Type.Union([Type.String(), Type.Number()], {
        description: 'When the deploy began, for one that wants to go on',
      }),
    ),
  },
  closed,
);
export type GatesQuery = Static<typeof GatesQuery>;

/** Body of POST /api/v1/releases/gates. */
export const GatesAsked = Type.Object(
  {
    ...GatesQuery.properties,
    deployment: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Names the deploy among the facts about it; its refusal is recorded once',
      }),
    ),
  },
  closed,
);

/** A lease. Its token is the fencing token: later locks of the same scope have higher ones. */
export const Lock = Type.Object({
  ...common,
  reason: Type.String(),
  until: Type.Number(),
  warning: Type.Boolean({ description: 'It is said, and stops nobody' }),
  state: Type.Enum(['held', 'expired', 'released']),
  token: Type.Integer(),
});
export type Lock = Static<typeof Lock>;
export const Locks = Type.Object({ locks: Type.Array(Lock) });

export const NewLock = Type.Object(
  {
    ...about,
    reason: Reason,
    until: Type.Optional(TextOrTime),
    warning: Type.Optional(Type.Boolean()),
  },
  closed,
);

/** A deploy that went out although it was frozen. */
const Passed = Type.Object({
  app: Type.String(),
  environment: Type.String(),
  version: Type.Union([Type.String(), Type.Null()]),
  time: Type.Number(),
});

export const Freeze = Type.Object({
  ...common,
  reason: Type.String(),
  from: Type.Number(),
  until: Time,
  state: Type.Enum(['pending', 'active', 'over']),
  enforced: Type.Enum(['onAsk', 'broken'], {
    description:
      'onAsk: it holds for deploys that ask the gates, others are not stopped; broken: deploys went out all the same',
  }),
  passed: Type.Array(Passed, { description: 'Those deploys, newest first, 20 at most' }),
});
export type Freeze = Static<typeof Freeze>;
export const Freezes = Type.Object({ freezes: Type.Array(Freeze) });

export const NewFreeze = Type.Object(
  {
    ...about,
    reason: Reason,
    from: Type.Optional(TextOrTime),
    until: Type.Optional(TextOrTime),
  },
  closed,
);

/** A post-it: an application that may not go out, save in its safe version. */
export const Block = Type.Object({
  ...common,
  reason: Type.String(),
  safe: Type.Union([Type.String(), Type.Null()]),
  until: Time,
  state: Type.Enum(['active', 'over']),
});
export type Block = Static<typeof Block>;
export const Blocks = Type.Object({ blocks: Type.Array(Block) });

export const NewBlock = Type.Object(
  {
    app: Name,
    environment: Type.Optional(Name),
    reason: Reason,
    safe: Type.Optional(Name),
    until: Type.Optional(TextOrTime),
  },
  closed,
);

export const Window = Type.Object({
  ...common,
  kind: Type.Enum(['allow', 'deny']),
  schedule: Type.String(),
  zone: Type.String(),
  reason: Type.Union([Type.String(), Type.Null()]),
  overrun: Type.Boolean(),
  state: Type.Enum(['open', 'closed', 'removed']),
  changes: Type.Union([Type.Number(), Type.Null()], {
    description: 'When it next opens or closes; null: not within 400 days',
  }),
});
export type Window = Static<typeof Window>;
export const Windows = Type.Object({ windows: Type.Array(Window) });

export const NewWindow = Type.Object(
  {
    ...about,
    kind: Type.Enum(['allow', 'deny']),
    schedule: Type.String({
      minLength: 1,
      maxLength: 500,
      description:
        'Mon-Thu 09:30-17:00; Fri 09:30-16:00, or cron and a duration: 0 22 * * * for 8h',
    }),
    zone: Type.Optional(
      Type.String({ maxLength: 100, description: 'Of the IANA database; default: UTC' }),
    ),
    reason: Type.Optional(Reason),
    overrun: Type.Optional(Type.Boolean({ description: 'What has begun may go on' })),
  },
  closed,
);

export const GatesListQuery = Type.Object(
  { all: Type.Optional(Type.Boolean({ description: 'Those that are over as well' })) },
  closed,
);

export const CalendarQuery = Type.Object(
  { from: Type.Optional(TextOrTime), to: Type.Optional(TextOrTime) },
  closed,
);
export type CalendarQuery = Static<typeof CalendarQuery>;

/** GET /api/v1/releases/calendar: made of what is known, by start. */
export const Calendar = Type.Object({
  from: Type.Number(),
  to: Type.Number(),
  entries: Type.Array(
    Type.Object({
      uid: Type.String(),
      kind: Type.Enum(['allow', 'deny', 'freeze', 'lock', 'block', 'deploy', 'reserved', 'queued']),
      from: Type.Number(),
      to: Type.Optional(Type.Number()),
      app: Type.Optional(Type.String()),
      environment: Type.Optional(Type.String()),
      title: Type.String(),
      text: Type.String(),
      changed: Type.Number(),
    }),
  ),
  cut: Type.Integer({
    description: 'How many were left out: from the end, and of windows that open very often',
  }),
});
export type Calendar = Static<typeof Calendar>;
