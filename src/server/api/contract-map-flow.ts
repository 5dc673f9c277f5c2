import { type Static, Type } from 'typebox';
import { Text, Time } from './contract-map.ts';

/** The shapes of the times of value streams in the API. Times are ms since the epoch, UTC; durations ms. */

const closed = { additionalProperties: false } as const;

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

/** The times of one stage, over the items that left it in the window. */
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

/** One item on its way. */
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

/** The times of a stream in a window. */
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
