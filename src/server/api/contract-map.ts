import { type Static, Type } from 'typebox';

/** The shapes of the map in the API. Times are ms since the epoch, UTC; durations ms. */

const closed = { additionalProperties: false } as const;

/** A moment. */
export const Time = Type.Number({ description: 'ms since the epoch, UTC' });

/** Any text. */
export const Text = Type.String();

/** How something is, as one word. */
export const HealthWord = Type.Enum(['ok', 'at-risk', 'degraded', 'down', 'no-evidence'], {
  description: 'From good to bad; no-evidence: nothing is known, which is not ok',
});
export type HealthWord = Static<typeof HealthWord>;

/** Where an event is on the log. */
export const Position = {
  stream: Type.Enum(['facts', 'readings']),
  offset: Type.Integer({ description: 'Place in the log; 0 where it is no event' }),
};

/** One thing that speaks for a state. */
export const MapEvidence = Type.Object({
  kind: Type.Enum(['check', 'heartbeat', 'metric', 'alert', 'sli', 'replicas']),
  state: HealthWord,
  name: Type.String({ description: 'Of the check, metric or rule' }),
  text: Text,
  time: Time,
  stale: Type.Boolean({ description: 'Too old to count' }),
  ...Position,
});
export type MapEvidence = Static<typeof MapEvidence>;

/** How something is. */
export const MapHealth = Type.Object({
  observed: HealthWord,
  inferred: HealthWord,
  shown: Type.Enum(['ok', 'at-risk', 'degraded', 'down', 'no-evidence'], {
    description: 'The worse of the two; what is freshly seen to be good is at most at risk',
  }),
  because: Type.Array(Text, {
    description: 'The way to the cause: own id first, the cause last; empty when nothing is wrong',
  }),
  since: Type.Union([Time, Type.Null()], {
    description: 'When it became as shown; null: before the recording begins',
  }),
  contradiction: Type.Boolean({
    description: 'Inferred to be down and seen to be good: the map may be wrong',
  }),
  evidence: Type.Array(MapEvidence, { description: 'Worst first' }),
});
export type MapHealth = Static<typeof MapHealth>;

/** One of the four frames. */
export const Quadrant = Type.Enum(['development', 'pipeline', 'production', 'support']);

/** A node, and how it is. */
export const MapNodeView = Type.Object({
  id: Text,
  quadrant: Quadrant,
  kind: Text,
  title: Text,
  description: Type.Optional(Text),
  owner: Type.Optional(Text),
  group: Type.Optional(Text),
  anchor: Type.Boolean(),
  supplier: Type.Optional(Text),
  runbook: Type.Optional(Text),
  release: Type.Boolean(),
  roles: Type.Array(Text),
  rota: Type.Optional(Text),
  members: Type.Optional(Type.Integer()),
  mix: Type.Record(Text, Type.Number()),
  wip: Type.Optional(Type.Number({ description: 'Limit of work in progress' })),
  names: Type.Record(Text, Text, { description: 'By what events name it: service, host, …' }),
  metrics: Type.Array(Text, { description: 'Metrics that it has limits on' }),
  limits: Type.Optional(
    Type.Array(
      Type.Object({
        metric: Text,
        warning: Type.Optional(Text),
        critical: Type.Optional(Text),
      }),
      { description: 'These limits, as ranges of Nagios plugins: outside of one it is not good' },
    ),
  ),
  links: Type.Array(Type.Object({ title: Text, url: Text })),
  processes: Type.Array(Text, { description: 'Processes that need it, however indirectly' }),
  criticality: Type.Union([Type.Integer(), Type.Null()], {
    description: 'The least of these processes’; 1 is the most critical, null: no process needs it',
  }),
  lastEvent: Type.Union([Time, Type.Null()], { description: 'When it was heard of last' }),
  declared: Type.Object({ file: Text, line: Type.Integer(), column: Type.Integer() }),
  health: MapHealth,
});
export type MapNodeView = Static<typeof MapNodeView>;

/** What two nodes have to do with each other. */
export const MapEdgeView = Type.Object({
  id: Text,
  from: Text,
  to: Text,
  kind: Type.Enum(['flow', 'hard', 'soft', 'member', 'escalation']),
  group: Type.Optional(Type.String({ description: 'Of a member: the group' })),
  need: Type.Optional(
    Type.Integer({ description: 'Of a member: how many of its group are needed' }),
  ),
  after: Type.Optional(Type.Number({ description: 'Of an escalation, ms' })),
});
export type MapEdgeView = Static<typeof MapEdgeView>;

/** A key business process, and how it is. */
export const MapProcessView = Type.Object({
  id: Text,
  title: Text,
  description: Type.Optional(Text),
  owner: Type.Optional(Text),
  criticality: Type.Integer(),
  needs: Type.Array(Type.Object({ id: Text, kind: Type.Enum(['hard', 'soft', 'member']) })),
  sli: Type.Optional(
    Type.Object({
      measure: Text,
      ok: Text,
      value: Type.Union([Type.Number(), Type.Null()], {
        description: 'Null: no data',
      }),
      against: Type.Union([Type.Number(), Type.Null()], {
        description: 'What it is compared with, where that is a measure too',
      }),
      at: Type.Union([Time, Type.Null()]),
      text: Type.String({ description: 'What was found, in a sentence' }),
      query: Type.Optional(
        Type.Object(
          {
            where: Text,
            ratio: Type.Optional(Text),
            aggregate: Text,
            window: Type.Number({ description: 'ms' }),
            compare: Type.Optional(Type.Enum(['yesterday', 'last-week'])),
            limits: Type.Array(
              Type.Object({ severity: Type.Enum(['warning', 'critical']), value: Type.Number() }),
              { description: 'Numbers beyond which it is degraded, or down' },
            ),
          },
          { description: 'What to ask POST /api/v1/query for to see it over time' },
        ),
      ),
    }),
  ),
  declared: Type.Optional(
    Type.Object({ file: Text, line: Type.Integer(), column: Type.Integer() }),
  ),
  health: MapHealth,
});
export type MapProcessView = Static<typeof MapProcessView>;

/** Where the map and what happens do not agree, or what is wrong with its file. */
export const MapProblemView = Type.Object({
  id: Text,
  kind: Type.Enum([
    'declared-never-seen',
    'seen-never-declared',
    'stale',
    'contradiction',
    'unexplained',
    'need-without-effect',
    'file',
  ]),
  node: Type.Optional(Text),
  message: Text,
  snippet: Type.Optional(Type.String({ description: 'Lines for map.yaml that would mend it' })),
  since: Time,
  age: Type.Number({ description: 'ms' }),
  severity: Type.Enum(['error', 'warning']),
  place: Type.Optional(Type.Object({ file: Text, line: Type.Integer(), column: Type.Integer() })),
  evidence: Type.Array(Type.Object({ ...Position, time: Time, text: Text })),
});
export type MapProblemView = Static<typeof MapProblemView>;

/** A map that was declared. */
export const MapVersion = Type.Object({
  hash: Text,
  time: Time,
  by: Type.String({ description: 'Who declared it: a user, a token, or the file' }),
  offset: Type.Integer({ description: 'Of the fact' }),
  added: Type.Array(Text),
  removed: Type.Array(Text),
  changed: Type.Array(Text),
});
export type MapVersion = Static<typeof MapVersion>;

/** GET /api/v1/map */
export const MapQuery = Type.Object(
  {
    at: Type.Optional(
      Type.String({ description: 'As it was at that time: a time, or ms since the epoch' }),
    ),
  },
  closed,
);

/** The whole map at a moment. */
export const MapAnswer = Type.Object({
  title: Text,
  /** The time that it holds for. */
  time: Time,
  live: Type.Boolean({ description: 'False with `at`' }),
  recorded: Type.Boolean({
    description: 'False: at that time nothing was recorded, and nothing is known',
  }),
  revision: Type.Integer({ description: 'Goes up by one with each change; for the live updates' }),
  version: Type.Union([MapVersion, Type.Null()], { description: 'Null: no map was declared yet' }),
  freshest: Type.Union([Time, Type.Null()], {
    description: 'When the newest event that the map knows of was received: the age of the data',
  }),
  nodes: Type.Array(MapNodeView),
  edges: Type.Array(MapEdgeView),
  processes: Type.Array(MapProcessView),
  streams: Type.Array(
    Type.Object({
      id: Text,
      title: Text,
      item: Text,
      stages: Type.Array(Type.Object({ id: Text, title: Text, node: Text })),
    }),
  ),
  problems: Type.Array(MapProblemView),
});
export type MapAnswer = Static<typeof MapAnswer>;

/** One change of health, as GET /api/v1/map/live sends it in `event: health`, many at a time. */
export const HealthChange = Type.Object({
  id: Type.String({ description: 'Of a node, or `process:<id>`' }),
  health: MapHealth,
});
export type HealthChange = Static<typeof HealthChange>;

/** What `event: health` carries. */
export const LiveHealth = Type.Object({
  revision: Type.Integer(),
  time: Time,
  freshest: Type.Union([Time, Type.Null()]),
  changes: Type.Array(HealthChange),
});
export type LiveHealth = Static<typeof LiveHealth>;
