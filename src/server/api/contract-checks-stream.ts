import { type Static, Type } from 'typebox';
import { streamAggregates } from '../../checks/run/ports.ts';

/** The shapes of questions about what came in. Times are ms since the epoch, UTC. */

const closed = { additionalProperties: false } as const;
const Name = Type.String({ minLength: 1, maxLength: 200 });
const Window = Type.Object(
  {
    where: Type.String({ minLength: 1, maxLength: 9000 }),
    from: Type.Number(),
    to: Type.Number(),
  },
  closed,
);
const asked = {
  environment: Type.String({ maxLength: 200, description: 'Empty: of any' }),
} as const;

/** POST /api/v1/checks/stream: a question of a step, as its port has it (src/checks/run/ports.ts). */
export const StreamAskedBody = Type.Union([
  Type.Object(
    {
      ...asked,
      name: Type.Literal('value'),
      given: Type.Tuple([Window, Type.Enum([...streamAggregates])]),
    },
    closed,
  ),
  Type.Object({ ...asked, name: Type.Literal('unit'), given: Type.Tuple([Window]) }, closed),
  Type.Object(
    {
      ...asked,
      name: Type.Literal('values'),
      given: Type.Tuple([Window, Type.Integer({ minimum: 1, maximum: 5000 })]),
    },
    closed,
  ),
  Type.Object({ ...asked, name: Type.Literal('coverage'), given: Type.Tuple([Window]) }, closed),
  Type.Object({ ...asked, name: Type.Literal('deploys'), given: Type.Tuple([Name]) }, closed),
  Type.Object(
    {
      ...asked,
      name: Type.Literal('accessed'),
      given: Type.Tuple([Type.Number(), Type.Number()]),
    },
    closed,
  ),
]);
export const StreamAnswerBody = Type.Union([
  Type.Object({ ok: Type.Literal(true), value: Type.Unknown() }),
  Type.Object({ ok: Type.Literal(false), why: Type.String() }),
]);
export type StreamAnswerBody = Static<typeof StreamAnswerBody>;
