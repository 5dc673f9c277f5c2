import { type Static, Type } from 'typebox';

/** The shapes of the rules in the API. Times are ms since the epoch, UTC. */

/** An operator of a rule, with how much has passed it. */
const PlanNode = Type.Object({
  id: Type.Integer(),
  op: Type.String({ description: 'e.g. where, window, alert' }),
  label: Type.String({ description: 'What it was given, in a few words' }),
  inputs: Type.Array(Type.Integer(), { description: 'Ids of the operators that feed it' }),
  in: Type.Integer({ description: 'Events that came in since the rule was started' }),
  out: Type.Integer({ description: 'Events that went out' }),
});

/** A rule, and how it is doing since it was started. */
export const RuleState = Type.Object({
  name: Type.String(),
  file: Type.String({ description: 'In the rules directory' }),
  line: Type.Integer(),
  state: Type.Enum(['running', 'warming', 'stopped'], {
    description: 'warming: it is given the past, and decides nothing new yet',
  }),
  problem: Type.Optional(Type.String({ description: 'Why it was stopped' })),
  eventsPerSecond: Type.Number({ description: 'Events it was given, over the last seconds' }),
  matched: Type.Integer({ description: 'Events that got past its filters' }),
  late: Type.Integer({ description: 'Events left out because their window had ended' }),
  keys: Type.Integer(),
  maxKeys: Type.Integer(),
  failed: Type.Integer({ description: 'Events at which it threw' }),
  nsPerEvent: Type.Number({ description: 'Time it takes for each event it is given, ns' }),
  decisions: Type.Integer(),
  lastDecision: Type.Optional(
    Type.Object({
      kind: Type.Enum(['emit', 'alert', 'notify', 'scale']),
      at: Type.Number(),
      title: Type.String(),
    }),
  ),
  plan: Type.Object({ nodes: Type.Array(PlanNode) }),
});
export type RuleState = Static<typeof RuleState>;

/** A file of the rules directory. */
export const RuleFile = Type.Object({
  file: Type.String(),
  state: Type.Enum(['loaded', 'rejected'], {
    description: 'rejected: it can not be used as it is; what ran of it goes on',
  }),
  at: Type.Number({ description: 'Since when' }),
  error: Type.Optional(
    Type.Object({
      file: Type.String({ description: 'The file at fault, which may be an imported one' }),
      message: Type.String(),
      line: Type.Integer(),
      column: Type.Integer(),
    }),
  ),
});
export type RuleFile = Static<typeof RuleFile>;

/** GET /api/v1/rules */
export const RulesAnswer = Type.Object({
  directory: Type.String({ description: 'Where the rule files are, on the server' }),
  files: Type.Array(RuleFile),
  rules: Type.Array(RuleState),
});
export type RulesAnswer = Static<typeof RulesAnswer>;
