import { type Static, Type } from 'typebox';
import { Text } from './contract-map.ts';

/** The shapes of the text of the map in the API. */

const closed = { additionalProperties: false } as const;

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

/** PUT /api/v1/map/source */
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

/** What is wrong with a text, and how much is on it. */
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
