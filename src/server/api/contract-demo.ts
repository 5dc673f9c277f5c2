import { type Static, Type } from 'typebox';
import { chaosKinds } from '../../rooms/demo/chaos.ts';
import { toldKinds } from '../../rooms/demo/state.ts';

/** The shapes of the demo in the API. Times are ms since the epoch, UTC. */

const closed = { additionalProperties: false } as const;
const TimeOrNull = Type.Union([Type.Number(), Type.Null()]);
const TextOrNull = Type.Union([Type.String(), Type.Null()]);

/** What can be done to the company on purpose. */
export const ChaosKind = Type.Enum([...chaosKinds]);
export type ChaosKind = Static<typeof ChaosKind>;

/** One thing of the chaos panel, and how it stands. */
export const Chaos = Type.Object({
  kind: ChaosKind,
  title: Type.String(),
  description: Type.String({ description: 'What is really done, in a sentence' }),
  state: Type.Enum(['idle', 'asked', 'running', 'failed']),
  lasts: Type.Boolean({
    description: 'It goes on until its end is asked for, or its time is over',
  }),
  ending: Type.Boolean({ description: 'It goes on, and its end was asked for' }),
  since: TimeOrNull,
  by: TextOrNull,
  said: TextOrNull,
  expect: Type.String({ description: 'What should be seen because of it' }),
  eventId: Type.Union([Type.Object({ source: Type.String(), id: Type.String() }), Type.Null()]),
});
export type Chaos = Static<typeof Chaos>;

/** One thing that happened in the story: told by who made it, with the event behind it. */
export const Told = Type.Object({
  at: Type.Number(),
  kind: Type.Enum([...toldKinds]),
  text: Type.String(),
  who: TextOrNull,
  link: TextOrNull,
  source: Type.String(),
  id: Type.String(),
});
export type Told = Static<typeof Told>;

/** Counts of one architecture as it tells them itself; null where it cannot tell. */
export const Architecture = Type.Object({
  name: Type.Enum(['one-program', 'threads', 'processes']),
  title: Type.String(),
  at: TimeOrNull,
  imported: TimeOrNull,
  waiting: TimeOrNull,
  inProgress: TimeOrNull,
  done: TimeOrNull,
  /** Put aside, with a reason that can be read. */
  dead: Type.Optional(TimeOrNull),
  lost: TimeOrNull,
  twice: TimeOrNull,
  restarts: TimeOrNull,
  sees: Type.Array(Type.String(), { description: 'What of it can be seen from outside' }),
});
export type Architecture = Static<typeof Architecture>;

/** A step of the guided tour, and what happened of it last. */
export const TourStep = Type.Object({
  id: Type.String(),
  title: Type.String(),
  text: Type.String(),
  path: Type.String({ description: 'Page of the console it points at' }),
  target: TextOrNull,
  happened: Type.Union([
    Type.Object({ at: Type.Number(), text: Type.String(), path: Type.String() }),
    Type.Null(),
  ]),
});
export type TourStep = Static<typeof TourStep>;

export const Demo = Type.Object({
  running: Type.Boolean({ description: 'Whether this server watches the demo, and it lives' }),
  seed: Type.Union([Type.Integer(), Type.Null()]),
  speed: Type.Union([Type.Number(), Type.Null()]),
  startedAt: TimeOrNull,
  site: TextOrNull,
  tools: Type.Array(Type.Object({ what: Type.String(), found: Type.String() })),
  chaos: Type.Array(Chaos),
  architectures: Type.Array(Architecture),
  story: Type.Array(Told, { description: 'The newest first, at most 200' }),
  tour: Type.Array(TourStep),
});
export type Demo = Static<typeof Demo>;

/** `on: false` ends what goes on, such as a slow feed. */
export const AskChaos = Type.Object({ kind: ChaosKind, on: Type.Optional(Type.Boolean()) }, closed);
export type AskChaos = Static<typeof AskChaos>;

/** POST /api/v1/demo/replay: events of a recording, in their order. */
export const Replay = Type.Object(
  { events: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 1_000 }) },
  closed,
);
export const ReplayTaken = Type.Object({
  taken: Type.Integer(),
  refused: Type.Array(Type.String(), { description: 'Why each other one was not taken' }),
});
