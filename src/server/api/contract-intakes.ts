import { type Static, Type } from 'typebox';

const counts = {
  accepted: Type.Integer({ description: 'Events (or samples of them) since the start.' }),
  refused: Type.Integer({ description: 'What was not taken since the start.' }),
};

const Time = Type.Number({ description: 'ms since the epoch, UTC' });

/** One way in, and how it is doing. */
export const IntakeView = Type.Object({
  name: Type.String(),
  protocol: Type.String({ description: 'What people call it.' }),
  kind: Type.Enum(['http', 'socket', 'poller'], {
    description: 'On the port of the server, on one of its own, or fetched by Territory.',
  }),
  transports: Type.Array(Type.String()),
  address: Type.String({ description: 'Host that it listens on, or what is fetched.' }),
  port: Type.Union([Type.Integer(), Type.Null()]),
  path: Type.Optional(Type.String({ description: 'Of HTTP, or of a unix socket.' })),
  state: Type.Enum(['listening', 'failed', 'off']),
  problem: Type.Optional(Type.String()),
  ...counts,
  duplicates: Type.Integer(),
  refusedBy: Type.Record(Type.String(), Type.Integer(), { description: 'By error code.' }),
  lastSeen: Type.Union([Time, Type.Null()]),
  connections: Type.Optional(Type.Integer()),
});
export type IntakeView = Static<typeof IntakeView>;

export const IntakesAnswer = Type.Array(IntakeView);
export type IntakesAnswer = Static<typeof IntakesAnswer>;

/** Who has sent something, by which intake. */
export const SenderView = Type.Object({
  intake: Type.String(),
  sender: Type.String({ description: 'Name of a token, address, webhook or file.' }),
  first: Time,
  last: Time,
  ...counts,
  rate: Type.Number({ description: 'Accepted events a second over the last minute.' }),
  gap: Type.Number({ description: 'Usual time between two arrivals, ms; 0: not known yet.' }),
  silent: Type.Boolean({
    description: 'Not heard for six times its usual gap, and for a minute at least.',
  }),
  problem: Type.Optional(
    Type.Object({
      at: Time,
      code: Type.String(),
      message: Type.String(),
      sample: Type.Optional(
        Type.String({ description: 'The start of what was refused, without secrets.' }),
      ),
    }),
  ),
});
export type SenderView = Static<typeof SenderView>;

export const SendersAnswer = Type.Object({
  now: Time,
  senders: Type.Array(SenderView),
  forgotten: Type.Integer({ description: 'Senders that gave way to newer ones since the start.' }),
});
export type SendersAnswer = Static<typeof SendersAnswer>;
