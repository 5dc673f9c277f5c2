import { keywords } from './field.ts';
import { scan, type Token } from './lexer.ts';

/** A piece of a query to be shown in one colour. */
export interface WhereToken {
  readonly kind: 'field' | 'keyword' | 'number' | 'string' | 'operator' | 'wrong';
  /** Where it begins and ends in the text, from 0, half-open. */
  readonly from: number;
  readonly to: number;
}

/**
 * The pieces of a query for highlighting, spaces left out; it may be half written. What cannot be
 * read is one piece `wrong` to the end.
 */
export function whereTokens(text: string): WhereToken[] {
  const { tokens, obstacle } = scan(text);
  const pieces = tokens
    .filter((token) => token.kind !== 'end')
    .map((token) => ({
      kind: kindOf(token),
      from: token.at,
      to: token.at + token.text.length,
    }));
  return obstacle === undefined
    ? pieces
    : [...pieces, { kind: 'wrong', from: obstacle.at, to: text.length }];
}

function kindOf({ kind, text }: Token): WhereToken['kind'] {
  if (kind === 'word') return keywords.includes(text.toLowerCase()) ? 'keyword' : 'field';
  return kind === 'number' || kind === 'string' ? kind : 'operator';
}
