import { type Static, Type } from 'typebox';
import type { Backtest as Result } from '../../rules/backtest/result.ts';

const closed = { additionalProperties: false } as const;

const TextOrTime = Type.Union([Type.String(), Type.Number()], {
  description: 'RFC 3339 with an offset, or ms since the epoch',
});

const Written = {
  source: Type.String({ description: 'Text of a rule file' }),
  name: Type.Optional(
    Type.String({
      description: 'What the file is called in messages; default rules.ts',
      pattern: String.raw`^[\w.-]{1,100}\.ts$`,
    }),
  ),
  beside: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description: 'Texts of the files that it imports, by their path seen from it',
    }),
  ),
};

/** Rules that are sent along. */
export const WrittenRules = Type.Object(Written, closed);
export type WrittenRules = Static<typeof WrittenRules>;

/**
 * POST /api/v1/rules/backtest. The rules are those of `source`, or of `file` in the rules directory;
 * without either, all that run now (a replay). The time is `from` to `to`, the `last` so and so
 * long, or that of an `alert`.
 */
export const BacktestRequest = Type.Object(
  {
    file: Type.Optional(Type.String({ description: 'A file of the rules directory' })),
    source: Type.Optional(Written.source),
    name: Written.name,
    beside: Written.beside,
    from: Type.Optional(TextOrTime),
    to: Type.Optional(TextOrTime),
    last: Type.Optional(Type.String({ pattern: '^[0-9]+(ms|s|m|h|d|w)$' })),
    alert: Type.Optional(
      Type.String({ description: 'Id of an alert: from an hour before it to half an hour after' }),
    ),
    against: Type.Optional(
      Type.Union([Type.Enum(['live', 'none']), WrittenRules], {
        description: 'With what to compare; by default the rules that run now, where there are any',
      }),
    ),
    only: Type.Optional(
      Type.Array(Type.String(), { description: 'Names of rules; the others do not run' }),
    ),
  },
  closed,
);
export type BacktestRequest = Static<typeof BacktestRequest>;

/** How far it is: a line of the answer, about twice a second. */
export const BacktestProgress = Type.Object({
  progress: Type.Number({ minimum: 0, maximum: 1, description: 'Part of the time that is done' }),
  events: Type.Integer({ description: 'Given to the rules so far' }),
  received: Type.Number({ description: 'When the last of them was received' }),
});
export type BacktestProgress = Static<typeof BacktestProgress>;

/** A line of the answer that says why there will be no result. */
export const BacktestError = Type.Object({
  code: Type.String(),
  message: Type.String(),
  problems: Type.Array(
    Type.Object({
      file: Type.String(),
      line: Type.Integer(),
      column: Type.Integer(),
      message: Type.String(),
    }),
    { description: 'What is wrong with the rule files' },
  ),
});
export type BacktestError = Static<typeof BacktestError>;

/** The answer is NDJSON: progress, then one line with the result or what went wrong. */
export type BacktestLine = BacktestProgress | { result: Result } | { error: BacktestError };

/** The result; described in docs/formats/backtest.md. */
export type Backtest = Result;
