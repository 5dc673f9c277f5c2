import { pickText } from '../kit/pick-text.ts';

/** What the address of the picture says; everything is optional. */
export interface MapSearch {
  /** Groups that are open, with commas; `*`: all. */
  readonly expand?: string;
  /** Id of the process that it is about: everything else fades. */
  readonly process?: string;
  /** Id in the drawer: of a node, or `process:<id>`. */
  readonly node?: string;
  /** As it was at that time, RFC 3339. */
  readonly at?: string;
}

/** Reads the address. */
export const mapSearch = (raw: Record<string, unknown>): MapSearch =>
  pickText(raw, ['expand', 'process', 'node', 'at']);
