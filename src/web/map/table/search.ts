import { pickText } from '../../kit/pick-text.ts';

/** What the address of the table says. */
export interface TableSearch {
  /** The past that is shown: RFC 3339, or ms since the epoch. */
  readonly at?: string;
  /** What the drawer shows: a node, or `process:<id>`. */
  readonly node?: string;
  /** Words to look for. */
  readonly find?: string;
  /** `not-ok`, or one state; all when left out. */
  readonly state?: string;
}

/** Reads the address. */
export const tableSearch = (raw: Record<string, unknown>): TableSearch =>
  pickText(raw, ['at', 'node', 'find', 'state']);
