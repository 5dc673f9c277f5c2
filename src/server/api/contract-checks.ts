import { type Static, Type } from 'typebox';
import { checkRoutes, checkStates } from '../../rooms/checks/definition.ts';
import { missReasons } from '../../rooms/checks/run.ts';

/** The shapes of checks in the API. Times are ms since the epoch, UTC; durations ms or s as named. */

const closed = { additionalProperties: false } as const;
const TextOrNull = Type.Union([Type.String(), Type.Null()]);
const Time = Type.Union([Type.Number(), Type.Null()]);
const State = Type.Enum([...checkStates]);
const Name = Type.String({ minLength: 1, maxLength: 200 });
const Reason = Type.String({ minLength: 1, maxLength: 500 });
const FilePath = Type.String({ minLength: 1, maxLength: 300 });
const FeatureText = Type.String({ maxLength: 200_000 });

/** What is shown of a slot in the strip of a check. */
export const StripSlot = Type.Object({
  slot: Type.Number(),
  state: Type.Union([State, Type.Literal('missed')]),
  durationMs: Time,
  /** Version that ran then, where it is known. */
  release: TextOrNull,
});
export type StripSlot = Static<typeof StripSlot>;

/** How a check stands. */
export const CheckStanding = Type.Object({
  shown: Type.Union([State, Type.Literal('pending')], {
    description: 'pending: no result yet. unknown also when its results are stale',
  }),
  kind: Type.Enum(['soft', 'hard'], { description: 'soft: it may still be a passing trouble' }),
  since: Time,
  attempt: Type.Integer({
    description: 'Failures in a row, at most the number that makes it hard',
  }),
  maxAttempts: Type.Integer(),
  flapping: Type.Boolean(),
  flapPercent: Type.Number(),
  stale: Type.Boolean(),
  suppressedBy: Type.Union([Type.String(), Type.Null()], {
    description: 'Check that it depends on and that is down: no alert is made',
  }),
  inGrace: Type.Boolean({
    description: 'After a deploy or its first start: failures do not count',
  }),
  summary: TextOrNull,
  lastGood: Time,
});
export type CheckStanding = Static<typeof CheckStanding>;

export const Quarantine = Type.Object({
  by: Type.String(),
  reason: Type.String(),
  since: Type.Number(),
  until: Type.Number(),
});
export type Quarantine = Static<typeof Quarantine>;

export const Check = Type.Object({
  id: Type.String(),
  name: Type.String(),
  kind: Type.Enum(['scenario', 'plugin']),
  file: Type.String(),
  line: Type.Integer(),
  application: TextOrNull,
  environment: Type.String(),
  tags: Type.Array(Type.String()),
  route: Type.Enum([...checkRoutes]),
  isWarning: Type.Boolean(),
  isGate: Type.Boolean(),
  interval: Type.Number({ description: 'ms' }),
  dependsOn: Type.Array(Type.String()),
  next: Type.Union([Type.Number(), Type.Null()], { description: 'When it is due' }),
  standing: CheckStanding,
  quarantine: Type.Union([Quarantine, Type.Null()]),
  strip: Type.Array(StripSlot, { description: 'The last 60 slots, oldest first' }),
});
export type Check = Static<typeof Check>;

/** What is wrong with a feature, and where. */
export const FeatureFinding = Type.Object({
  file: Type.String(),
  line: Type.Integer(),
  column: Type.Integer(),
  message: Type.String(),
});
export type FeatureFinding = Static<typeof FeatureFinding>;

/** GET /api/v1/checks */
export const ChecksQuery = Type.Object(
  { application: Type.Optional(Name), environment: Type.Optional(Name) },
  closed,
);
export const Checks = Type.Object({
  time: Type.Number(),
  checks: Type.Array(Check, { description: 'By application, environment and name' }),
  environments: Type.Array(Type.Object({ name: Type.String(), base: TextOrNull }), {
    description: 'Those that checks are run against',
  }),
  findings: Type.Array(FeatureFinding, { description: 'Of features that are not run as they are' }),
  counters: Type.Object({
    slots: Type.Integer(),
    runs: Type.Integer(),
    missed: Type.Record(Type.Enum([...missReasons]), Type.Integer()),
    lagP99: Type.Union([Type.Number(), Type.Null()], { description: 'ms, of the last minutes' }),
  }),
});
export type Checks = Static<typeof Checks>;

export const PerformanceValue = Type.Object({
  label: Type.String(),
  value: Type.Number(),
  unit: Type.String(),
  warning: Type.Optional(Type.Number()),
  critical: Type.Optional(Type.Number()),
});
export type PerformanceValue = Static<typeof PerformanceValue>;

export const CheckRunRow = Type.Object({
  slot: Type.Number(),
  started: Type.Number(),
  state: State,
  summary: Type.String(),
  durationMs: Type.Number(),
  lagMs: Type.Number(),
  attempts: Type.Integer(),
  release: TextOrNull,
  performance: Type.Array(PerformanceValue),
  hasDetail: Type.Boolean({ description: 'Its steps are still kept' }),
});
export type CheckRunRow = Static<typeof CheckRunRow>;

export const CheckChange = Type.Object({
  at: Type.Number(),
  what: Type.String({
    description: 'critical (hard), ok, flapping began, quarantined, changed, …',
  }),
  text: TextOrNull,
  offset: Type.Integer({ description: 'Place in the stream of facts' }),
});

/** GET /api/v1/checks/:id */
export const CheckAnswer = Type.Object({
  time: Type.Number(),
  check: Check,
  text: Type.String({ description: 'The scenario as it is written' }),
  runs: Type.Array(CheckRunRow, { description: 'Newest first, at most 100' }),
  changes: Type.Array(CheckChange, { description: 'Newest first, at most 50' }),
  firstBadRelease: TextOrNull,
});
export type CheckAnswer = Static<typeof CheckAnswer>;

export const StepRow = Type.Object({
  text: Type.String(),
  line: Type.Integer(),
  kind: Type.Enum(['context', 'action', 'assertion']),
  state: Type.Enum(['passed', 'failed', 'unknown', 'skipped']),
  seconds: Type.Number(),
  failure: TextOrNull,
});
export type StepRow = Static<typeof StepRow>;

/** GET /api/v1/checks/:id/runs/:slot */
export const RunDetail = Type.Object({
  check: Type.String(),
  name: Type.String(),
  run: CheckRunRow,
  steps: Type.Array(StepRow),
  excerpt: Type.Union([
    Type.Object({
      url: Type.String(),
      status: Type.Integer(),
      headers: Type.Record(Type.String(), Type.String()),
      body: Type.String(),
    }),
    Type.Null(),
  ]),
  hasScreenshot: Type.Boolean({ description: 'GET …/screenshot gives it as PNG' }),
});
export type RunDetail = Static<typeof RunDetail>;

/** POST /api/v1/checks/lint and the first part of a try. */
export const LintBody = Type.Object({ file: FilePath, text: FeatureText }, closed);
export const LintAnswer = Type.Object({
  findings: Type.Array(FeatureFinding),
  scenarios: Type.Array(
    Type.Object({ name: Type.String(), line: Type.Integer(), tags: Type.Array(Type.String()) }),
  ),
});
export type LintAnswer = Static<typeof LintAnswer>;

/** POST /api/v1/checks/try, answered with server-sent events: `step`, `scenario`, and at last `end`. */
export const TryBody = Type.Object(
  {
    file: FilePath,
    text: FeatureText,
    environment: Name,
    line: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Only the scenario of this line' }),
    ),
  },
  closed,
);
/** `attempt` is from 1: a step of a later one takes the place of what was seen before. */
export type TryStep = { readonly scenario: string; readonly attempt: number } & StepRow;
export interface TryScenario {
  readonly scenario: string;
  readonly line: number;
  readonly state: (typeof checkStates)[number];
  readonly summary: string;
  readonly seconds: number;
}

/** GET /api/v1/checks/steps: what stands in features, for completion. */
export const StepsAnswer = Type.Object({
  steps: Type.Array(
    Type.Object({
      group: Type.String(),
      kind: Type.Enum(['context', 'action', 'assertion']),
      expression: Type.String(),
      about: Type.String(),
      example: Type.Array(Type.String()),
      own: Type.Boolean({ description: 'From a file of steps of this place' }),
    }),
  ),
  tags: Type.Array(Type.Object({ tag: Type.String(), about: Type.String() })),
});
export type StepsAnswer = Static<typeof StepsAnswer>;

/** GET /api/v1/checks/features */
export const FeatureRow = Type.Object({
  file: Type.String(),
  name: Type.String(),
  origin: Type.Enum(['folder', 'here'], {
    description: 'folder: from git, read only here. here: edited here, kept as facts',
  }),
  scenarios: Type.Integer(),
  findings: Type.Integer(),
  by: TextOrNull,
  at: Time,
  revision: Type.Integer({ description: 'Give it back when saving; 0: there is none yet' }),
});
export const Features = Type.Object({ features: Type.Array(FeatureRow) });
export type Features = Static<typeof Features>;

/** GET /api/v1/checks/feature?file= */
export const FeatureQuery = Type.Object({ file: FilePath }, closed);
export const FeatureAnswer = Type.Object({
  ...FeatureRow.properties,
  text: Type.String(),
  findingsList: Type.Array(FeatureFinding),
});
export type FeatureAnswer = Static<typeof FeatureAnswer>;

/** PUT /api/v1/checks/feature; an empty text takes the feature away. 409 when somebody else saved. */
export const SaveFeatureBody = Type.Object(
  { file: FilePath, text: FeatureText, revision: Type.Integer({ minimum: 0 }) },
  closed,
);
export const SaveFeatureAnswer = Type.Object({ revision: Type.Integer() });

/** POST /api/v1/checks/:id/quarantine; DELETE lifts it. */
export const QuarantineBody = Type.Object(
  { reason: Reason, until: Type.Union([Type.String(), Type.Number()]) },
  closed,
);

/** GET /api/v1/checks/flakes: how often each changes its mind. */
export const Flakes = Type.Object({
  time: Type.Number(),
  rows: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      application: TextOrNull,
      environment: Type.String(),
      runs: Type.Integer(),
      flips: Type.Integer({
        description: 'Changes between passing and not in a row of runs of one release',
      }),
      rate: Type.Number({ description: 'flips / (runs - 1)' }),
      retried: Type.Integer({ description: 'Runs that passed only when tried again' }),
      quarantine: Type.Union([Quarantine, Type.Null()]),
    }),
    { description: 'The most changeable first' },
  ),
});
export type Flakes = Static<typeof Flakes>;

/** GET /api/v1/checks/budgets: limits that scenarios set, with what was measured. */
export const Budgets = Type.Object({
  time: Type.Number(),
  budgets: Type.Array(
    Type.Object({
      check: Type.String(),
      name: Type.String(),
      application: TextOrNull,
      environment: Type.String(),
      label: Type.String(),
      unit: Type.String(),
      warning: Type.Union([Type.Number(), Type.Null()]),
      critical: Type.Union([Type.Number(), Type.Null()]),
      last: Type.Union([Type.Number(), Type.Null()]),
      state: Type.Union([State, Type.Literal('pending')]),
      points: Type.Array(Type.Object({ at: Type.Number(), value: Type.Number() }), {
        description: 'Oldest first, at most 300',
      }),
      deploys: Type.Array(Type.Object({ at: Type.Number(), version: Type.String() })),
    }),
  ),
});
export type Budgets = Static<typeof Budgets>;

/** GET /api/v1/checks/verdict: what the checks say of a release in an environment. */
export const CheckVerdictQuery = Type.Object(
  {
    application: Name,
    environment: Name,
    version: Name,
    tag: Type.Optional(Type.String({ default: '@gate' })),
  },
  closed,
);
export const CheckVerdict = Type.Object({
  verdict: Type.Enum(['pass', 'fail', 'not-enough-evidence', 'nothing-to-check']),
  reason: Type.String(),
  since: Type.Union([Type.Number(), Type.Null()], { description: 'When it was deployed there' }),
  isRecorded: Type.Boolean({
    description: 'The last word on a release that does not run there now',
  }),
  checks: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      verdict: Type.Enum(['pass', 'fail', 'not-enough-evidence']),
      runs: Type.Integer({ description: 'That count: started after the deploy' }),
      summary: TextOrNull,
    }),
  ),
  budgets: Type.Array(
    Type.Object({
      check: Type.String(),
      name: Type.String(),
      label: Type.String(),
      unit: Type.String(),
      warning: Type.Union([Type.Number(), Type.Null()]),
      critical: Type.Union([Type.Number(), Type.Null()]),
      last: Type.Union([Type.Number(), Type.Null()]),
      median: Type.Union([Type.Number(), Type.Null()]),
      samples: Type.Integer(),
      state: Type.Union([State, Type.Literal('pending')], { description: 'By the median' }),
    }),
    { description: 'Limits of the application’s scenarios, by the runs that saw the release' },
  ),
  missing: Type.Array(Type.String(), {
    description: 'What keeps the release from being done; empty: it is done',
  }),
});
export type CheckVerdict = Static<typeof CheckVerdict>;
