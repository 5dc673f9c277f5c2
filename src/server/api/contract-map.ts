import { type Static, Type } from 'typebox';

/** The shapes of the map in the API. Times are ms since the epoch, UTC; durations ms. */

const closed = { additionalProperties: false } as const;
const Time = Type.Number({ description: 'ms since the epoch, UTC' });
const Text = Type.String();

export const HealthWord = Type.Enum(['ok', 'at-risk', 'degraded', 'down', 'no-evidence'], {
  description: 'From good to bad; no-evidence: nothing is known, which is not ok',
});
export type HealthWord = Static<typeof HealthWord>;

/** Where an event is on the log. */
const Position = {
  stream: Type.Enum(['facts', 'readings']),
  offset: Type.Integer({ description: 'Place in the log; 0 where it is no event' }),
};

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

const Quadrant = Type.Enum(['development', 'pipeline', 'production', 'support']);

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

export const LiveHealth = Type.Object({
  revision: Type.Integer(),
  time: Time,
  freshest: Type.Union([Time, Type.Null()]),
  changes: Type.Array(HealthChange),
});
export type LiveHealth = Static<typeof LiveHealth>;

/** GET /api/v1/map/drawing */
export const DrawingQuery = Type.Object(
  {
    expand: Type.Optional(Type.String({ description: 'Groups to open, with commas; `*`: all' })),
    at: Type.Optional(Type.String({ description: 'Of the map as it was declared then' })),
  },
  closed,
);

/** GET /api/v1/map/picture.svg and .png */
export const PictureQuery = Type.Object(
  {
    ...DrawingQuery.properties,
    theme: Type.Optional(Type.Enum(['light', 'dark'])),
    width: Type.Optional(
      Type.Integer({ minimum: 100, maximum: 8_000, description: 'Of a PNG, px' }),
    ),
  },
  closed,
);

export const DrawingAnswer = Type.Object({
  hash: Text,
  width: Type.Number(),
  height: Type.Number(),
  frames: Type.Array(
    Type.Object({
      quadrant: Quadrant,
      x: Type.Number(),
      y: Type.Number(),
      width: Type.Number(),
      height: Type.Number(),
    }),
  ),
  boxes: Type.Array(
    Type.Object({
      id: Type.String({ description: 'Of the node; `group:<name>` of a collapsed group' }),
      quadrant: Quadrant,
      kind: Text,
      title: Text,
      x: Type.Number(),
      y: Type.Number(),
      width: Type.Number(),
      height: Type.Number(),
      nodes: Type.Array(Text),
      pinned: Type.Boolean(),
    }),
  ),
  lines: Type.Array(
    Type.Object({
      id: Text,
      from: Text,
      to: Text,
      kind: Type.Enum(['flow', 'hard', 'soft', 'member', 'escalation']),
      edges: Type.Array(Text),
      points: Type.Array(Type.Tuple([Type.Number(), Type.Number()])),
      label: Type.Optional(Text),
    }),
  ),
  expandable: Type.Array(Text),
  expanded: Type.Array(Text),
});
export type DrawingAnswer = Static<typeof DrawingAnswer>;

/** GET /api/v1/map/simulate: what if these were down. */
export const SimulateQuery = Type.Object(
  { down: Type.String({ description: 'Ids of nodes, with commas' }) },
  closed,
);
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

/** GET /api/v1/map/source, and what PUT takes. */
export const MapSource = Type.Object({
  file: Text,
  text: Text,
  hash: Type.String({
    description: 'Of the text: send it with a change, so that no other is lost',
  }),
  faults: Type.Array(
    Type.Object({
      severity: Type.Enum(['error', 'warning']),
      message: Text,
      file: Text,
      line: Type.Integer(),
      column: Type.Integer(),
    }),
  ),
  writable: Type.Boolean({ description: 'Whether it may be saved here' }),
});
export type MapSource = Static<typeof MapSource>;

export const NewMapSource = Type.Object(
  {
    text: Type.String({ maxLength: 900_000 }),
    was: Type.String({
      description: 'The `hash` of the text that was changed; empty: there was none',
    }),
  },
  closed,
);
export type NewMapSource = Static<typeof NewMapSource>;

/** POST /api/v1/map/check */
export const MapCheck = Type.Object({ text: Type.String({ maxLength: 900_000 }) }, closed);
export const MapCheckAnswer = Type.Object({
  faults: MapSource.properties.faults,
  nodes: Type.Integer(),
  edges: Type.Integer(),
  processes: Type.Integer(),
});
export type MapCheckAnswer = Static<typeof MapCheckAnswer>;

/** GET /api/v1/map/draft */
export const MapDraftAnswer = Type.Object({
  text: Type.String({ description: 'A map.yaml made of what was seen' }),
  nodes: Type.Integer(),
  edges: Type.Integer(),
});
export type MapDraftAnswer = Static<typeof MapDraftAnswer>;

/** GET /api/v1/map/flow: the times of one stream. */
export const FlowQuery = Type.Object(
  {
    stream: Text,
    from: Type.Optional(Text),
    to: Type.Optional(Text),
  },
  closed,
);

/** Of one quantity over the items of the window. Nulls where there are no items. */
const Spread = Type.Object({
  count: Type.Integer({ description: 'Items' }),
  p50: Type.Union([Type.Number(), Type.Null()]),
  p85: Type.Union([Type.Number(), Type.Null()]),
  p95: Type.Union([Type.Number(), Type.Null()]),
  mean: Type.Union([Type.Number(), Type.Null()]),
  histogram: Type.Array(
    Type.Object({ from: Type.Number(), to: Type.Number(), items: Type.Integer() }),
  ),
});
export type Spread = Static<typeof Spread>;

const Ratio = Type.Union([Type.Number(), Type.Null()], {
  description: '0 to 1; null: no item to tell it from',
});

export const FlowStage = Type.Object({
  id: Text,
  title: Text,
  node: Text,
  leadTime: Spread,
  processTime: Spread,
  wait: Spread,
  rework: Spread,
  reworked: Type.Integer({ description: 'Items that came back to it' }),
  accurate: Ratio,
  wip: Type.Integer({ description: 'Items in it at the end of the window' }),
  wipLimit: Type.Union([Type.Number(), Type.Null()]),
  arrivals: Type.Integer(),
  departures: Type.Integer(),
  littlesLaw: Type.Object({
    expected: Type.Union([Type.Number(), Type.Null()], {
      description: 'Departures per ms × mean lead time',
    }),
    actual: Type.Union([Type.Number(), Type.Null()], {
      description: 'Mean work in progress over the window',
    }),
    holds: Type.Union([Type.Boolean(), Type.Null()], {
      description: 'Null: too few items, or work in progress rose or fell too much to compare',
    }),
  }),
});
export type FlowStage = Static<typeof FlowStage>;

export const FlowItem = Type.Object({
  key: Type.String({ description: 'As in threads: change/…, incident/…' }),
  title: Type.Optional(Text),
  start: Time,
  end: Type.Union([Time, Type.Null()], { description: 'Null: not finished' }),
  kind: Type.Enum(['feature', 'defect', 'risk', 'debt', 'unknown']),
  parts: Type.Array(
    Type.Object({
      stage: Text,
      enter: Time,
      exit: Type.Union([Time, Type.Null()]),
      active: Type.Number(),
      wait: Type.Number(),
      rework: Type.Number(),
      returns: Type.Integer(),
    }),
  ),
});
export type FlowItem = Static<typeof FlowItem>;

export const FlowAnswer = Type.Object({
  stream: Text,
  title: Text,
  from: Time,
  to: Time,
  stages: Type.Array(FlowStage),
  leadTime: Spread,
  rolledAccurate: Ratio,
  activityRatio: Ratio,
  flow: Type.Object({
    velocity: Type.Integer({ description: 'Items finished in the window' }),
    time: Spread,
    load: Type.Integer({ description: 'Items in progress at its end' }),
    efficiency: Ratio,
    distribution: Type.Record(Text, Type.Integer()),
  }),
  bottleneck: Type.Union([
    Type.Object({ stage: Text, sentence: Text, wait: Type.Number({ description: 'Median, ms' }) }),
    Type.Null(),
  ]),
  items: Type.Array(FlowItem, { description: 'The newest, at most 500' }),
  unlinked: Type.Integer({ description: 'Items that could not be followed to a later stage' }),
  cut: Type.Boolean(),
});
export type FlowAnswer = Static<typeof FlowAnswer>;

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
export const NodeQuery = Type.Object(
  { at: Type.Optional(Type.String({ description: 'Changes of health up to that time' })) },
  closed,
);
