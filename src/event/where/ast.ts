import type { TextField } from '../event.ts';

/**
 * A `where` query over events as a value. One language for the tail, the API, the rules and the
 * map. Grammar and meaning: docs/reference/where.md.
 */
export type Where =
  | { readonly kind: 'literal'; readonly value: boolean }
  | { readonly kind: 'not'; readonly of: Where }
  | { readonly kind: 'and'; readonly of: readonly [Where, Where] }
  | { readonly kind: 'or'; readonly of: readonly [Where, Where] }
  | { readonly kind: 'present'; readonly field: Field }
  | { readonly kind: 'equal'; readonly field: Field; readonly value: Value; readonly not: boolean }
  /** `type = "dev.cdevents.service.deployed"`: the type of a CDEvent without its version, in any. */
  | {
      readonly kind: 'anyVersion';
      readonly field: Field;
      readonly type: string;
      readonly not: boolean;
    }
  | {
      readonly kind: 'compare';
      readonly field: Field;
      readonly op: Comparison;
      readonly value: number;
    }
  /** Anchored at both ends; `parts` are what stands between the `%`, unescaped. */
  | { readonly kind: 'like'; readonly field: Field; readonly parts: readonly string[] }
  /** Unanchored. */
  | { readonly kind: 'regex'; readonly field: Field; readonly pattern: string }
  | { readonly kind: 'tagged'; readonly tag: string };

export type Comparison = '<' | '<=' | '>' | '>=';
export type Value = string | number | boolean | null;

/**
 * What a name in a query means: a column of the event, an attribute (`label.code`,
 * `attributes.code`, or any name that is no column), or a path into the payload (`data.order.id`).
 */
export type Field =
  | { readonly kind: 'column'; readonly name: Column }
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'data'; readonly path: readonly string[] };

export { textFields as textColumns } from '../event.ts';
export const numberColumns = ['time', 'received', 'metric', 'ttl'] as const;

export type TextColumn = TextField;
export type NumberColumn = (typeof numberColumns)[number];
export type Column = TextColumn | NumberColumn;
