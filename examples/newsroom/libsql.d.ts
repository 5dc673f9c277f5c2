/** As much of libsql as the company uses. The types that come with it take no parameters for a query. */
declare class Database {
  constructor(file: string, options?: { readonly timeout?: number });
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): void;
}

interface Statement {
  run(...values: readonly Value[]): { readonly changes: number; readonly lastInsertRowid: number };
  /** The first row: its shape is what the query says, which whoever wrote the query has to say. */
  get(...values: readonly Value[]): unknown;
  all(...values: readonly Value[]): unknown[];
}

type Value = string | number | null;

// oxlint-disable-next-line no-default-export -- as it is published
export default Database;
