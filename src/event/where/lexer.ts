import { whereErrorAt } from './errors.ts';

/** What a token is; `word` covers names and keywords. */
export type TokenKind = 'word' | 'number' | 'string' | 'operator' | 'paren' | 'dot' | 'end';

/** A piece of a query. */
export interface Token {
  readonly kind: TokenKind;
  /** As it stands in the query; of a string with its quotes. */
  readonly text: string;
  /** Index of its first character in the query, from 0. */
  readonly at: number;
}

/** Sticky, each linear in the length of the token. The order matters: `!=` before a lone `!`. */
const shapes: readonly (readonly [TokenKind, RegExp])[] = [
  ['word', /[\p{L}_][\p{L}\p{N}_-]*(?:\.[\p{L}\p{N}_][\p{L}\p{N}_-]*)*/uy],
  ['number', /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/uy],
  ['string', /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/suy],
  ['operator', /!=|<=|>=|=~|~=|=|<|>/uy],
  ['paren', /[()]/uy],
  ['dot', /\./uy],
];

/** What people write from the habit of another language, and what it is called here. */
const habits: Readonly<Record<string, string>> = {
  '==': '=',
  '===': '=',
  '!==': '!=',
  '<>': '!=',
  '&&': 'and',
  '||': 'or',
  '!~': 'not … ~=',
  '!': 'not',
};
const habit = /={2,3}|!==|<>|&&|\|\||!~|!(?!=)/uy;

/** What stands where no token can begin. */
interface Obstacle {
  readonly at: number;
  readonly message: string;
}

/**
 * The tokens of a query with an `end` behind them. Throws TERR_WHERE_SYNTAX for a character that
 * begins none, an open string, and operators of other languages (`==`, `&&`), naming ours.
 */
export function lex(text: string): readonly Token[] {
  const { tokens, obstacle } = scan(text);
  if (obstacle !== undefined) throw whereErrorAt('SYNTAX', text, obstacle.at, obstacle.message);
  return tokens;
}

/** The tokens as far as they can be read, and what stopped it. */
export function scan(text: string): {
  readonly tokens: readonly Token[];
  readonly obstacle: Obstacle | undefined;
} {
  const tokens: Token[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const token = tokenAt(text, at);
    if ('message' in token) return { tokens, obstacle: token };
    tokens.push(token);
    at = skipSpace(text, at + token.text.length);
  }
  tokens.push({ kind: 'end', text: '', at });
  return { tokens, obstacle: undefined };
}

function tokenAt(text: string, at: number): Token | Obstacle {
  const foreign = match(habit, text, at);
  if (foreign !== undefined)
    return { at, message: `"${foreign}" is not an operator here; write "${habits[foreign]}"` };
  for (const [kind, shape] of shapes) {
    const found = match(shape, text, at);
    if (found !== undefined) return { kind, text: found, at };
  }
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (character === '"' || character === "'")
    return { at, message: `the text that begins here has no closing ${character}` };
  return { at, message: `unexpected character "${character}"` };
}

function match(shape: RegExp, text: string, at: number): string | undefined {
  shape.lastIndex = at;
  return shape.exec(text)?.[0];
}

function skipSpace(text: string, at: number): number {
  let next = at;
  while (next < text.length && ' \t\r\n'.includes(text.charAt(next))) next++;
  return next;
}
