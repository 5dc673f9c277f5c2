import type { QueryLimits } from './history.ts';

/** One value of an answer; a 64-bit integer comes as a number, NaN and infinity as null. */
export type Cell =
  | null
  | boolean
  | number
  | string
  | readonly Cell[]
  | { readonly [key: string]: Cell };

/** The rows of an answer, each with its cells in the order of the SELECT. */
export interface Rows {
  readonly names: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/**
 * Runs one SELECT of ClickHouse's SQL (without a FORMAT or SETTINGS clause) under limits. Every
 * back end of history that speaks this SQL gives one; `sql/` builds the queries on it.
 * Throws the errors of history's port: `timeout`, `memory`, `unavailable`, `refused`.
 */
export type Ask = (sql: string, limits: QueryLimits) => Promise<Rows>;
