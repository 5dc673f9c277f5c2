import { type Static, Type } from 'typebox';
import { findingKinds, findingLevels } from '../../rooms/where/evidence/findings.ts';

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

/** A version that was found to run lately, by looking or by telemetry. */
const Run = Type.Object({
  version: Type.String(),
  share: Type.Number({ description: 'Of the answers at the front, else of the instances; 0 to 1' }),
  count: Type.Integer({ description: 'Of instances' }),
  instances: Type.Array(
    Type.Object({
      name: Type.String({
        description: 'Its slot; by telemetry service.instance.id, else the host; may be empty',
      }),
      since: Type.Number({ description: 'First heard with this version' }),
      seen: Type.Number({ description: 'Last heard' }),
      offset: Type.Integer({ description: 'Place in the stream of readings' }),
    }),
    { description: 'The 50 that were heard last' },
  ),
});
export type WhereRun = Static<typeof Run>;

/** What is wrong beside the version. */
const Finding = Type.Object({
  kind: Type.Enum([...findingKinds]),
  level: Type.Enum([...findingLevels]),
  channel: Type.String(),
  text: Type.String(),
  time: Type.Number(),
});
export type WhereFinding = Static<typeof Finding>;

/** What one channel of one runner's look found. */
const ChannelWords = Type.Object({
  channel: Type.Enum(['S', 'O', 'D', 'F', 'M', 'C', 'B'], {
    description:
      'S: what instances say; O: who listens; D: files; F: the front; M: schema; C: configuration; B: balancer',
  }),
  runner: Type.String(),
  time: Type.Number({ description: 'When it found that' }),
  offset: Type.Integer({ description: 'Place in the stream of readings' }),
  word: Type.Enum(['agrees', 'differs', 'silent', 'blind'], {
    description: 'Against what was told; blind: it could not look, or not lately',
  }),
  lines: Type.Array(Type.String()),
});
export type WhereChannel = Static<typeof ChannelWords>;

/** One application in one environment. */
export const WhereLane = Type.Object({
  app: Type.String(),
  environment: Type.String(),
  verdict: Type.Enum(['verified', 'claimed', 'mixed', 'contradicted', 'unknown'], {
    description:
      'verified: fresh evidence bears the told version out; claimed: told, and unverified',
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
  channels: Type.Optional(
    Type.Array(Type.String(), { description: 'Channels that bear the told version out' }),
  ),
  findings: Type.Optional(
    Type.Array(Finding, { description: 'What is wrong beside the version, the worst first' }),
  ),
  evidence: Type.Optional(
    Type.Array(ChannelWords, { description: 'Channel by channel what runners see' }),
  ),
  contradicted: Type.Optional(
    Type.Object(
      { since: Type.Number(), offset: Type.Integer({ description: 'Place of the fact' }) },
      { description: 'Seen at two looks in a row, and written down' },
    ),
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
