import type { Json } from '../../../event/event.ts';
import type { Path } from './path.ts';
import type { Template } from './template.ts';

/** How a field is found: said outright, found by a path, or put together. */
export type Value =
  | { readonly constant: Json }
  | { readonly path: Path }
  | { readonly template: Template };

/** How a time is written; without it RFC 3339 or ms. */
export type TimeFormat = 'rfc3339' | 's' | 'ms' | 'us' | 'ns';
export const timeFormats: readonly TimeFormat[] = ['rfc3339', 's', 'ms', 'us', 'ns'];

/** One field of the event. */
export interface Field {
  readonly value: Value;
  /** What stands for each of the sender's words; a word that is not in it stays, or is `other`. */
  readonly values?: ReadonlyMap<string, Json> | undefined;
  readonly other?: Json | undefined;
  readonly as?: TimeFormat | undefined;
}

/** Holds when all of its paths do. */
export type Condition = readonly Test[];

export interface Test {
  readonly path: Path;
  /** One of these texts; or whether there is anything. */
  readonly is: ReadonlySet<string> | boolean;
}

/** One kind of event that bodies are turned into. */
export interface Mapping {
  /** A list, each element of which becomes an event. */
  readonly each?: Path | undefined;
  /** When it is there, one of these must hold. */
  readonly only?: readonly Condition[] | undefined;
  /** None of these may hold. */
  readonly skip?: readonly Condition[] | undefined;
  readonly fields: ReadonlyMap<string, Field>;
  readonly tags?: readonly Field[] | undefined;
  readonly attributes: readonly (readonly [name: string, field: Field])[];
}

/** What is wrong with the text of a mapping. */
export interface MappingProblem {
  readonly message: string;
  readonly field?: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export type ReadMapping =
  | { readonly mappings: readonly Mapping[] }
  | { readonly problems: readonly MappingProblem[] };
