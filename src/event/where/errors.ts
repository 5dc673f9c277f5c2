import { defineErrors } from '../../errors/coded-error.ts';

/** What can be wrong with a `where` query; each names the line and the column. See docs/errors.md. */
export const whereError = defineErrors('WHERE', {
  SYNTAX: { status: 400, title: 'The query is not written correctly' },
  LIMIT: { status: 400, title: 'The query is too large' },
  PATTERN: { status: 400, title: 'The regular expression cannot be used' },
});

/** Where in the text something stands. */
export interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
}

/** The place of the character at `index` (from 0) of `text`. */
export function placeOf(text: string, index: number): Place {
  const before = text.slice(0, index);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: index - lineStart + 1 };
}

/** `message` with its place in front: `column 7: …`, with the line where there are several. */
export function whereErrorAt(
  kind: 'SYNTAX' | 'LIMIT' | 'PATTERN',
  text: string,
  index: number,
  message: string,
): ReturnType<typeof whereError> {
  const place = placeOf(text, index);
  const line = text.includes('\n') ? `line ${place.line}, ` : '';
  return whereError(kind, `${line}column ${place.column}: ${message}`, place);
}
