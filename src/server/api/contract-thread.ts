import { type Static, Type } from 'typebox';

/** The shapes of threads in the API. Times are ms since the epoch, UTC. */

const closed = { additionalProperties: false } as const;

/** GET /api/v1/thread */
export const ThreadQuery = Type.Object(
  {
    of: Type.String({
      minLength: 1,
      maxLength: 1_000,
      description:
        'A commit (seven characters or more), a tag, `shop#12`, an id or an address, the key of a thing, or an event by its place: `facts-1234`',
    }),
    direction: Type.Optional(
      Type.Enum(['both', 'up', 'down'], { description: 'up: causes only; down: effects only' }),
    ),
  },
  closed,
);
export type ThreadQuery = Static<typeof ThreadQuery>;

/** The fact that something is known from. */
const Evidence = Type.Object({
  stream: Type.Enum(['facts']),
  offset: Type.Integer(),
  time: Type.Number(),
  id: Type.Optional(Type.String({ description: 'Left out where the log no longer has the fact' })),
  source: Type.Optional(Type.String()),
  what: Type.Optional(Type.String({ description: 'e.g. change merged' })),
  who: Type.Optional(Type.String()),
});
export type ThreadEvidence = Static<typeof Evidence>;

const Kind = Type.String({
  description:
    'card, ticket, commit, change, tag, release, build, task, artifact, deployment, alert, incident, case, event; branch, service, environment, condition (an alert through all its times)',
});

/** Something that a text may mean. */
const Match = Type.Object({
  key: Type.String({ description: 'Asks for exactly this' }),
  kind: Kind,
  name: Type.String(),
  seen: Type.Number({ description: 'When it was first heard of' }),
  title: Type.Optional(Type.String()),
});
export type ThreadMatch = Static<typeof Match>;

/** A thing of a thread. */
export const ThreadThing = Type.Object({
  ...Match.properties,
  side: Type.Enum(['focus', 'up', 'down', 'beside'], {
    description: 'up: it led here; down: it came of it; beside: a place where many threads meet',
  }),
  distance: Type.Integer({ description: 'Edges from what was asked for' }),
  state: Type.Optional(Type.String()),
  service: Type.Optional(Type.String()),
  environment: Type.Optional(Type.String()),
  url: Type.Optional(Type.String()),
  first: Type.Optional(Evidence),
  last: Type.Optional(Evidence),
  leftOut: Type.Integer({ description: 'Things beyond it that are not gone to' }),
});
export type ThreadThing = Static<typeof ThreadThing>;

/** One thing led to another. */
export const ThreadEdge = Type.Object({
  from: Type.String({ description: 'Key of the cause' }),
  to: Type.String({ description: 'Key of the effect' }),
  kind: Type.String(),
  forward: Type.String({ description: 'Between the names: `build produced artefact`' }),
  backward: Type.String({ description: 'The other way round: `artefact produced by build`' }),
  certainty: Type.Enum(['stated', 'derived', 'suspected'], {
    description: 'derived: the parents of commits say so; suspected: an alert does',
  }),
  evidence: Evidence,
  age: Type.Number({ description: 'Since the fact that says so, ms' }),
});
export type ThreadEdge = Static<typeof ThreadEdge>;

export const Thread = Type.Object({
  of: Type.String(),
  matches: Type.Array(Match, {
    description: 'What the text may mean; things and edges are there when it is one',
  }),
  things: Type.Array(ThreadThing),
  edges: Type.Array(ThreadEdge),
  cut: Type.Boolean({ description: 'There is more than is shown' }),
  asOf: Type.Object({
    time: Type.Number(),
    offset: Type.Integer({ description: 'Of the last fact that was taken in' }),
  }),
});
export type Thread = Static<typeof Thread>;
