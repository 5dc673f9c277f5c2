import { type Static, Type } from 'typebox';

/** Version of the export file; readers refuse a newer one. See docs/formats/export.md. */
export const exportFormat = 1;

const Stream = Type.Enum(['facts', 'readings']);
const Count = Type.Integer({ minimum: 0 });

/** The first line of an export. */
export const Header = Type.Object({
  territory: Type.Literal('export'),
  format: Type.Integer({ minimum: 1 }),
  version: Type.String(),
  created: Type.String(),
  /** Bounds on `received` that were asked for, ms. */
  from: Type.Optional(Type.Number()),
  to: Type.Optional(Type.Number()),
});
export type Header = Static<typeof Header>;

/** Stands before each batch: `bytes` of `count` event lines follow. */
export const BatchHeader = Type.Object({
  stream: Stream,
  first: Type.Integer({ minimum: 1 }),
  count: Type.Integer({ minimum: 1 }),
  received: Type.Number(),
  source: Type.String(),
  bytes: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
});
export type BatchHeader = Static<typeof BatchHeader>;

/** The last line: without it the file is not whole. */
export const Trailer = Type.Object({
  end: Type.Literal(true),
  events: Type.Object({ facts: Count, readings: Count }),
  /** SHA-256 in hex of every byte before this line, unpacked. */
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
});
export type Trailer = Static<typeof Trailer>;
