/** What may be wrong in a redirect map. See docs/formats/redirects.md. */
export type RedirectRule =
  | 'form'
  | 'canonical'
  | 'duplicate'
  | 'chain'
  | 'loop'
  | 'ends-gone'
  | 'status'
  | 'scheme'
  | 'host'
  | 'target';

/** Something that is wrong in a redirect map, with its place. */
export interface Finding {
  readonly file: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  readonly rule: RedirectRule;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}
