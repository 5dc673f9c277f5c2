import type { Comparison, Field, Value, Where } from './ast.ts';
import { isUnversioned } from './cdevent-type.ts';
import { whereErrorAt } from './errors.ts';
import { fieldName, fieldOf, isNumberColumn, keywords } from './field.ts';
import { lex, type Token } from './lexer.ts';
import { parsePattern } from './pattern/parse.ts';
import { likeParts, patternOf, textOf } from './text.ts';
import { parseTime } from '../time.ts';

/** How long a query may be, in UTF-16 code units. */
export const maxQueryLength = 8192;
/** How deep parentheses and `not` may nest. */
export const maxQueryDepth = 64;

/**
 * Reads a query. Throws TERR_WHERE_SYNTAX, TERR_WHERE_LIMIT or TERR_WHERE_PATTERN, each with line
 * and column (from 1) and with what was expected there.
 */
export function parseWhere(text: string): Where {
  if (text.length > maxQueryLength)
    throw whereErrorAt(
      'LIMIT',
      text,
      maxQueryLength,
      `the query has ${text.length} characters, at most ${maxQueryLength} are allowed`,
    );
  return new Parser(text).query();
}

/**
 * Reads the name of a field as it stands in a query, e.g. to group by it. Throws as `parseWhere`.
 */
export function parseField(text: string): Field {
  if (text.length > maxQueryLength)
    throw whereErrorAt('LIMIT', text, maxQueryLength, 'the name of the field is too long');
  return new Parser(text).onlyField();
}

class Parser {
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private next = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
    this.tokens = lex(text);
  }

  query(): Where {
    if (this.peek().kind === 'end') throw this.wrong('a condition (true matches every event)');
    const where = this.or();
    if (this.peek().kind !== 'end') throw this.wrong('"and", "or" or the end of the query');
    return where;
  }

  onlyField(): Field {
    const field = this.field();
    if (this.peek().kind !== 'end') throw this.wrong('the end of the name');
    return field;
  }

  private or(): Where {
    let where = this.and();
    while (this.takeWord('or')) where = { kind: 'or', of: [where, this.and()] };
    return where;
  }

  private and(): Where {
    let where = this.not();
    while (this.takeWord('and')) where = { kind: 'and', of: [where, this.not()] };
    return where;
  }

  private not(): Where {
    if (!this.takeWord('not')) return this.primary();
    return this.deeper(() => ({ kind: 'not', of: this.not() }));
  }

  private primary(): Where {
    const token = this.peek();
    if (token.text === '(') {
      this.next++;
      return this.deeper(() => {
        const where = this.or();
        if (this.peek().text !== ')') throw this.wrong('")", "and" or "or"');
        this.next++;
        return where;
      });
    }
    if (this.takeWord('tagged')) return { kind: 'tagged', tag: textOf(this.string(), this.text) };
    const literal = this.constant();
    if (literal !== undefined) return { kind: 'literal', value: literal === true };
    return this.condition(this.field());
  }

  private condition(field: Field): Where {
    const operator = this.peek();
    if (operator.kind !== 'operator') return { kind: 'present', field };
    this.next++;
    switch (operator.text) {
      case '=':
      case '!=':
        return equality(field, this.value(field), operator.text === '!=');
      case '=~':
        this.wantText(field, operator);
        return { kind: 'like', field, parts: likeParts(this.string(), this.text) };
      case '~=':
        this.wantText(field, operator);
        return { kind: 'regex', field, pattern: this.pattern() };
      default:
        return {
          kind: 'compare',
          field,
          op: operator.text as Comparison,
          value: this.number(field),
        };
    }
  }

  private field(): Field {
    const token = this.peek();
    if (token.kind !== 'word' || keywords.includes(token.text.toLowerCase()))
      throw this.wrong('the name of a field, "not", "tagged" or "("');
    this.next++;
    if (this.peek().kind !== 'dot' || !this.touches()) return fieldOf(token.text);
    return this.quotedKeys(token);
  }

  /** `label."odd key"`, `data.order."odd key".id`: keys in quotes behind a name. */
  private quotedKeys(start: Token): Field {
    const [first = '', ...path] = start.text.split('.');
    const keys: string[] = [];
    while (this.peek().kind === 'dot' && this.touches()) keys.push(...this.key(keys.length > 0));
    if (first === 'data') return { kind: 'data', path: [...path, ...keys] };
    const [name] = keys;
    if (!['label', 'attributes'].includes(start.text) || keys.length !== 1 || !name)
      throw whereErrorAt(
        'SYNTAX',
        this.text,
        start.at,
        'a key in quotes stands behind "label.", "attributes." or a path into "data", and is not empty',
      );
    return { kind: 'attribute', name };
  }

  private key(mayBePlain: boolean): string[] {
    this.next++;
    const token = this.peek();
    if (!this.touches() || (token.kind !== 'string' && !(mayBePlain && token.kind === 'word')))
      throw this.wrong('a key in quotes');
    this.next++;
    return token.kind === 'string' ? [textOf(token, this.text)] : token.text.split('.');
  }

  private value(field: Field): Value {
    const token = this.peek();
    const constant = this.constant();
    if (constant !== undefined) {
      if (constant !== null && isNumberColumn(field)) throw this.numberWanted(field, token);
      return constant;
    }
    if (token.kind === 'number') return this.number(field);
    if (token.kind !== 'string')
      throw this.wrong('a value: text in quotes, a number, true, false or nil');
    if (isNumberColumn(field)) return this.number(field);
    this.next++;
    return textOf(token, this.text);
  }

  /** A number, and for the columns that are times also RFC 3339 text. */
  private number(field: Field): number {
    const token = this.peek();
    if (token.kind === 'string' && isTime(field)) {
      this.next++;
      const time = parseTime(textOf(token, this.text));
      if (time !== undefined) return time;
      throw this.wrongAt(token, 'a time such as "2026-01-31T12:00:00Z" or ms since the epoch');
    }
    if (token.kind !== 'number') throw this.numberWanted(field, token);
    this.next++;
    const number = Number(token.text);
    if (!Number.isFinite(number))
      throw whereErrorAt('SYNTAX', this.text, token.at, `the number ${token.text} is too large`);
    return number === 0 ? 0 : number;
  }

  private pattern(): string {
    const token = this.string();
    const pattern = patternOf(token);
    const parsed = parsePattern(pattern);
    if ('problem' in parsed)
      throw whereErrorAt('PATTERN', this.text, token.at + 1 + parsed.at, parsed.problem);
    return pattern;
  }

  private string(): Token {
    const token = this.peek();
    if (token.kind !== 'string') throw this.wrong('text in quotes');
    this.next++;
    return token;
  }

  /** true, false or null, when that is what stands here. */
  private constant(): boolean | null | undefined {
    if (this.takeWord('true')) return true;
    if (this.takeWord('false')) return false;
    return this.takeWord('nil') || this.takeWord('null') ? null : undefined;
  }

  private deeper(inner: () => Where): Where {
    const token = this.peek();
    if (++this.depth > maxQueryDepth)
      throw whereErrorAt(
        'LIMIT',
        this.text,
        token.at,
        `parentheses and "not" may nest ${maxQueryDepth} deep`,
      );
    const where = inner();
    this.depth--;
    return where;
  }

  private peek(): Token {
    const token = this.tokens[this.next];
    if (token === undefined) throw new Error('the parser went beyond the end token');
    return token;
  }

  /** Whether the token here stands directly behind the one before it. */
  private touches(): boolean {
    const before = this.tokens[this.next - 1];
    return before !== undefined && before.at + before.text.length === this.peek().at;
  }

  private takeWord(word: string): boolean {
    const token = this.peek();
    if (token.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    this.next++;
    return true;
  }

  private wantText(field: Field, operator: Token): void {
    if (isNumberColumn(field))
      throw whereErrorAt(
        'SYNTAX',
        this.text,
        operator.at,
        `${fieldName(field)} is a number and has no text to match; compare it with =, !=, <, <=, > or >=`,
      );
  }

  private numberWanted(field: Field, found: Token): Error {
    const time = isTime(field) ? ' or a time in quotes' : '';
    const why = found.kind === 'string' ? ' without quotes (texts have no order)' : '';
    return this.wrongAt(found, `a number${why}${time} to compare ${fieldName(field)} with`);
  }

  private wrong(expected: string): Error {
    return this.wrongAt(this.peek(), expected);
  }

  private wrongAt(token: Token, expected: string): Error {
    const found = token.kind === 'end' ? 'the query ends' : `found ${shorten(token.text)}`;
    return whereErrorAt('SYNTAX', this.text, token.at, `expected ${expected}, but ${found}`);
  }
}

function equality(field: Field, value: Value, not: boolean): Where {
  const ofType = field.kind === 'column' && field.name === 'type';
  return ofType && typeof value === 'string' && isUnversioned(value)
    ? { kind: 'anyVersion', field, type: value, not }
    : { kind: 'equal', field, value, not };
}

function isTime(field: Field): boolean {
  return field.kind === 'column' && (field.name === 'time' || field.name === 'received');
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
