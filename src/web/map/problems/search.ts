import { pickText } from '../../kit/pick-text.ts';

/** What the address of the map's errors says. */
export interface ProblemsSearch {
  /** The past that is shown: RFC 3339, or ms since the epoch. */
  readonly at?: string;
  /** What the drawer shows: a node, or `process:<id>`. */
  readonly node?: string;
}

/** Reads the address. */
export const problemsSearch = (raw: Record<string, unknown>): ProblemsSearch =>
  pickText(raw, ['at', 'node']);
