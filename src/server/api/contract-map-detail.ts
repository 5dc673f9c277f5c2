import { type Static, Type } from 'typebox';
import { HealthWord, MapEvidence, MapVersion, Text, Time } from './contract-map.ts';

/** The shapes of what is asked of the map: what if, its past, one node. Times are ms since the epoch, UTC. */

const closed = { additionalProperties: false } as const;

/** GET /api/v1/map/simulate: what if these were down. */
export const SimulateQuery = Type.Object(
  { down: Type.String({ description: 'Ids of nodes, with commas' }) },
  closed,
);

/** What would change. */
export const SimulateAnswer = Type.Object({
  down: Type.Array(Text),
  changes: Type.Array(
    Type.Object({
      id: Text,
      title: Text,
      kind: Type.Enum(['node', 'process']),
      from: HealthWord,
      to: HealthWord,
      because: Type.Array(Text),
    }),
    { description: 'Processes first, the worst and most critical first' },
  ),
  sentence: Type.String({
    description: 'e.g. if orders-db went down: checkout down, browse at risk',
  }),
});
export type SimulateAnswer = Static<typeof SimulateAnswer>;

/** GET /api/v1/map/timeline: what the slider shows. */
export const TimelineQuery = Type.Object(
  {
    from: Type.Optional(Text),
    to: Type.Optional(Text),
    id: Type.Optional(Type.String({ description: 'Of one node, or `process:<id>`' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5_000 })),
  },
  closed,
);

/** What a window of the past has. */
export const TimelineAnswer = Type.Object({
  from: Time,
  to: Time,
  first: Type.Union([Time, Type.Null()], { description: 'When the recording begins' }),
  gaps: Type.Array(Type.Object({ from: Time, to: Time }), {
    description: 'Nothing was recorded: Territory did not run',
  }),
  versions: Type.Array(MapVersion),
  changes: Type.Array(
    Type.Object({
      time: Time,
      id: Text,
      from: HealthWord,
      to: HealthWord,
      because: Type.Array(Text),
      offset: Type.Integer({ description: 'Of the fact that says so' }),
    }),
    { description: 'The newest of the window, oldest first' },
  ),
  cut: Type.Boolean({ description: 'There were more changes; they are counted in `buckets`' }),
  buckets: Type.Array(
    Type.Object({
      time: Time,
      changes: Type.Integer(),
      worst: HealthWord,
    }),
    {
      description: 'At most 200 equal parts of the window: how many changes, and the worst process',
    },
  ),
});
export type TimelineAnswer = Static<typeof TimelineAnswer>;

/** GET /api/v1/map/nodes/:id: what a node's drawer shows beside what the map has. */
export const NodeDetail = Type.Object({
  id: Text,
  evidence: Type.Array(MapEvidence),
  /** Newest first, at most 20. */
  deploys: Type.Array(
    Type.Object({
      key: Text,
      time: Time,
      version: Type.Optional(Text),
      environment: Type.Optional(Text),
      outcome: Type.Optional(Text),
      offset: Type.Integer(),
    }),
  ),
  /** Open alerts that lead to it. */
  alerts: Type.Array(Type.Object({ id: Text, title: Text, severity: Text, since: Time })),
  /** Incidents, tickets and cases that name it, newest first, at most 20. */
  cases: Type.Array(
    Type.Object({
      key: Text,
      kind: Text,
      title: Type.Optional(Text),
      state: Type.Optional(Text),
      time: Time,
      offset: Type.Integer(),
    }),
  ),
  /** Its last changes of health, newest first. */
  changes: TimelineAnswer.properties.changes,
});
export type NodeDetail = Static<typeof NodeDetail>;

/** GET /api/v1/map/nodes/:id */
export const NodeParams = Type.Object({ id: Text }, closed);

/** The moment that it is asked for. */
export const NodeQuery = Type.Object(
  { at: Type.Optional(Type.String({ description: 'Changes of health up to that time' })) },
  closed,
);
