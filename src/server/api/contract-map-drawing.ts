import { type Static, Type } from 'typebox';
import { Quadrant, Text } from './contract-map.ts';

/** The shapes of the picture of the map in the API: px, y downwards. */

const closed = { additionalProperties: false } as const;

/** GET /api/v1/map/drawing */
export const DrawingQuery = Type.Object(
  {
    expand: Type.Optional(Type.String({ description: 'Groups to open, with commas; `*`: all' })),
    at: Type.Optional(Type.String({ description: 'Of the map as it was declared then' })),
  },
  closed,
);

/** GET /api/v1/map/picture.svg and .png */
export const PictureQuery = Type.Object(
  {
    ...DrawingQuery.properties,
    theme: Type.Optional(Type.Enum(['light', 'dark'])),
    width: Type.Optional(
      Type.Integer({ minimum: 100, maximum: 8_000, description: 'Of a PNG, px' }),
    ),
  },
  closed,
);

/** Where everything on the map stands. */
export const DrawingAnswer = Type.Object({
  hash: Text,
  width: Type.Number(),
  height: Type.Number(),
  frames: Type.Array(
    Type.Object({
      quadrant: Quadrant,
      x: Type.Number(),
      y: Type.Number(),
      width: Type.Number(),
      height: Type.Number(),
    }),
  ),
  boxes: Type.Array(
    Type.Object({
      id: Type.String({ description: 'Of the node; `group:<name>` of a collapsed group' }),
      quadrant: Quadrant,
      kind: Text,
      title: Text,
      x: Type.Number(),
      y: Type.Number(),
      width: Type.Number(),
      height: Type.Number(),
      nodes: Type.Array(Text),
      pinned: Type.Boolean(),
    }),
  ),
  lines: Type.Array(
    Type.Object({
      id: Text,
      from: Text,
      to: Text,
      kind: Type.Enum(['flow', 'hard', 'soft', 'member', 'escalation']),
      edges: Type.Array(Text),
      points: Type.Array(Type.Tuple([Type.Number(), Type.Number()])),
      label: Type.Optional(Text),
    }),
  ),
  expandable: Type.Array(Text),
  expanded: Type.Array(Text),
});
export type DrawingAnswer = Static<typeof DrawingAnswer>;
