import { type Static, Type } from 'typebox';

/** The shapes of builds in the API. Times are ms since the epoch, UTC. */

const closed = { additionalProperties: false } as const;
const TextOrNull = Type.Union([Type.String(), Type.Null()]);
const Time = Type.Union([Type.Number(), Type.Null()]);

/** One run of a pipeline. */
export const BuildRun = Type.Object({
  run: Type.String(),
  state: Type.Enum(['queued', 'running', 'passed', 'failed', 'cancelled']),
  revision: TextOrNull,
  url: TextOrNull,
  actor: TextOrNull,
  started: Time,
  at: Type.Number({ description: 'When it ended, or was last told of' }),
  offset: Type.Integer({ description: 'Place in the stream of facts' }),
});
export type BuildRun = Static<typeof BuildRun>;

/** One pipeline on one branch. */
export const Build = Type.Object({
  repository: Type.String(),
  pipeline: Type.String(),
  branch: TextOrNull,
  verdict: Type.Union([Type.Enum(['green', 'red']), Type.Null()], {
    description: 'Of the last run that passed or failed; null: none has yet',
  }),
  since: Type.Union([Type.Number(), Type.Null()], { description: 'Of that colour in a row' }),
  running: Type.Union([BuildRun, Type.Null()]),
  last: Type.Union([BuildRun, Type.Null()], { description: 'The run that the verdict is from' }),
  runs: Type.Array(BuildRun, { description: 'The 20 newest' }),
});
export type Build = Static<typeof Build>;

/** GET /api/v1/builds */
export const BuildsQuery = Type.Object(
  {
    branches: Type.Optional(
      Type.Enum(['main', 'all'], {
        description:
          'main (default): only main, master, trunk, develop and release branches, and what names none',
      }),
    ),
  },
  closed,
);

/** Those that are red first, then those that run, then by when they were last told of. */
export const Builds = Type.Object({
  time: Type.Number(),
  builds: Type.Array(Build),
  others: Type.Object(
    { count: Type.Integer(), red: Type.Integer() },
    { description: 'On branches that are left out' },
  ),
});
export type Builds = Static<typeof Builds>;
