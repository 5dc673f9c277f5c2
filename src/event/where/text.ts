import { whereErrorAt } from './errors.ts';
import type { Token } from './lexer.ts';

const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

interface Unescaped {
  readonly text: string;
  /** How many characters of the source it took, the backslash included. */
  readonly length: number;
}

/** The text that a string token stands for. */
export function textOf(token: Token, query: string): string {
  let text = '';
  for (const piece of pieces(token, query)) text += piece.text;
  return text;
}

/** The parts between the `%` of a =~ pattern; `\%` is a literal percent sign. */
export function likeParts(token: Token, query: string): string[] {
  const parts = [''];
  for (const piece of pieces(token, query, '%')) {
    if (piece.text === '%' && piece.length === 1) parts.push('');
    else parts[parts.length - 1] += piece.text;
  }
  return parts;
}

/** The pattern of a ~= as it stands, so that `\d` needs no second backslash; `\"` is a quote. */
export function patternOf(token: Token): string {
  return token.text
    .slice(1, -1)
    .replaceAll(/\\(.)/gsu, (pair, escaped: string) =>
      escaped === '"' || escaped === "'" ? escaped : pair,
    );
}

function* pieces(token: Token, query: string, alsoEscaped = ''): Generator<Unescaped> {
  const body = token.text.slice(1, -1);
  for (let i = 0; i < body.length;) {
    const piece =
      body[i] === '\\' ? unescape(body, i, alsoEscaped) : { text: body.charAt(i), length: 1 };
    if (piece === undefined)
      throw whereErrorAt(
        'SYNTAX',
        query,
        token.at + 1 + i,
        `unknown escape "\\${body.charAt(i + 1)}"; a literal backslash is written "\\\\"`,
      );
    yield piece;
    i += piece.length;
  }
}

function unescape(body: string, at: number, alsoEscaped: string): Unescaped | undefined {
  const letter = body.charAt(at + 1);
  if (letter === 'u') {
    const hex = /^[0-9a-fA-F]{4}$/.exec(body.slice(at + 2, at + 6))?.[0];
    return hex === undefined
      ? undefined
      : { text: String.fromCharCode(Number.parseInt(hex, 16)), length: 6 };
  }
  const text = letter === alsoEscaped ? letter : escapes[letter];
  return text === undefined || text === '' ? undefined : { text, length: 2 };
}

/** A text as a quoted string of the language. */
export function quote(text: string): string {
  return `"${escapeText(text)}"`;
}

/** The parts of a =~ pattern as a quoted string of the language. */
export function quoteLike(parts: readonly string[]): string {
  return `"${parts.map((part) => escapeText(part).replaceAll('%', '\\%')).join('%')}"`;
}

/** A pattern as a quoted string of the language. */
export function quotePattern(pattern: string): string {
  return `"${pattern.replaceAll('"', '\\"')}"`;
}

function escapeText(text: string): string {
  return text.replaceAll(/["\\\n\r\t\b\f]/g, (c) => {
    const letter = Object.keys(escapes).find((key) => escapes[key] === c);
    return `\\${letter ?? c}`;
  });
}
