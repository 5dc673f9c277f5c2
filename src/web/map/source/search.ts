import { pickText } from '../../kit/pick-text.ts';

/** What the address of the map's text says. */
export interface SourceSearch {
  /** The file that the place is in: the map itself when left out. */
  readonly file?: string;
  /** Where to go in the text, from 1. */
  readonly line?: string;
  readonly column?: string;
  /** Id of an error of the map whose lines are to be put in. */
  readonly add?: string;
}

/** Reads the address. */
export const sourceSearch = (raw: Record<string, unknown>): SourceSearch =>
  pickText(raw, ['file', 'line', 'column', 'add']);
