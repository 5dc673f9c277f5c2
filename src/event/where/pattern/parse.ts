import { type Assertion, classes, lastCodePoint, type Pattern, type Span } from './tree.ts';
import { complement, normalise, withBothCases } from './tree.ts';

/** How long a regular expression may be, in UTF-16 code units. */
export const maxPatternLength = 1000;
/** How many steps it may have once its counted repeats are written out; RE2 sets the same bound. */
export const maxPatternSteps = 1000;
const maxGroupDepth = 50;

/** What cannot be used, and where in the pattern it stands (index from 0). */
export interface PatternProblem {
  readonly problem: string;
  readonly at: number;
}

/**
 * Reads a regular expression of the subset that RE2 (the engine of history) and the evaluator of
 * this folder read alike, in time linear in the text. What only a backtracking engine can do
 * (backreferences, lookaround) is refused by name.
 */
export function parsePattern(pattern: string): { readonly tree: Pattern } | PatternProblem {
  if (pattern.length > maxPatternLength)
    return {
      problem: `the regular expression has ${pattern.length} characters, at most ${maxPatternLength} are allowed`,
      at: maxPatternLength,
    };
  const reader = new PatternReader(pattern);
  try {
    const tree = reader.whole();
    return stepsOf(tree) <= maxPatternSteps
      ? { tree }
      : {
          problem: `the regular expression is too large: more than ${maxPatternSteps} steps with its repeats written out`,
          at: 0,
        };
  } catch (error) {
    if (error instanceof Unusable) return { problem: error.message, at: error.at };
    throw error;
  }
}

/** Carries a problem from the depth of the reader to `parsePattern`; it leaves no further. */
class Unusable extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

function stepsOf(tree: Pattern): number {
  switch (tree.kind) {
    case 'set':
    case 'assert':
      return 1;
    case 'sequence':
      return tree.of.reduce((sum, part) => sum + stepsOf(part), 0);
    case 'choice':
      return tree.of.reduce((sum, part) => sum + stepsOf(part) + 1, 0);
    case 'repeat':
      return (stepsOf(tree.of) + 1) * (Number.isFinite(tree.max) ? tree.max : tree.min + 1);
  }
}

const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, a: 7 };
const asserting: Readonly<Record<string, Assertion>> = {
  b: 'word',
  A: 'start',
  z: 'end',
};
const lookaround: readonly (readonly [string, string])[] = [
  ['(?=', 'lookahead (?=…)'],
  ['(?!', 'lookahead (?!…)'],
  ['(?<=', 'lookbehind (?<=…)'],
  ['(?<!', 'lookbehind (?<!…)'],
  ['(?>', 'an atomic group (?>…)'],
];
const counted = /\{([0-9]+)(,([0-9]*))?\}/y;
const groupStart = /\((?:\?:|\?P?<[A-Za-z_][A-Za-z0-9_]*>)?/y;
const hexadecimal = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|[xu]\{([0-9a-fA-F]{1,6})\})/y;

class PatternReader {
  private readonly text: string;
  private readonly ignoreCase: boolean;
  private at: number;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
    this.ignoreCase = text.startsWith('(?i)');
    this.at = this.ignoreCase ? 4 : 0;
  }

  whole(): Pattern {
    const tree = this.choice();
    if (this.at < this.text.length) throw new Unusable('this ")" closes no group', this.at);
    return tree;
  }

  private choice(): Pattern {
    const of = [this.sequence()];
    while (this.take('|')) of.push(this.sequence());
    const [only] = of;
    return of.length === 1 && only !== undefined ? only : { kind: 'choice', of };
  }

  private sequence(): Pattern {
    const of: Pattern[] = [];
    while (this.at < this.text.length && !'|)'.includes(this.here())) of.push(this.repeated());
    const [only] = of;
    return of.length === 1 && only !== undefined ? only : { kind: 'sequence', of };
  }

  private repeated(): Pattern {
    const one = this.one();
    const times = this.times();
    if (times === undefined) return one;
    this.take('?');
    if (this.here() === '+') throw new Unusable('a possessive repeat is not supported', this.at);
    if (this.here() === '*' || this.here() === '?' || this.count() !== undefined)
      throw new Unusable('this repeats a repeat; put the first in (…)', this.at);
    return { kind: 'repeat', of: one, min: times[0], max: times[1] };
  }

  private times(): readonly [number, number] | undefined {
    const start = this.at;
    if (this.take('*')) return [0, Infinity];
    if (this.take('+')) return [1, Infinity];
    if (this.take('?')) return [0, 1];
    const count = this.count();
    if (count === undefined) return undefined;
    this.at += count[0].length;
    const min = Number(count[1]);
    const max = count[2] === undefined ? min : count[3] === '' ? Infinity : Number(count[3]);
    if (min > max) throw new Unusable(`{${min},${max}} is the wrong way round`, start);
    if (min > 1000 || (max > 1000 && max !== Infinity))
      throw new Unusable('a repeat may count to 1000', start);
    return [min, max];
  }

  private count(): RegExpExecArray | undefined {
    counted.lastIndex = this.at;
    return counted.exec(this.text) ?? undefined;
  }

  private one(): Pattern {
    const character = this.here();
    if ('*+?'.includes(character) || this.count() !== undefined)
      throw new Unusable('there is nothing to repeat', this.at);
    switch (character) {
      case '(':
        return this.group();
      case '[':
        return this.set(this.bracket());
      case '\\':
        return this.escape();
      case '.':
        this.at++;
        return { kind: 'set', spans: [[0, lastCodePoint]] };
      case '^':
      case '$':
        this.at++;
        return { kind: 'assert', what: character === '^' ? 'start' : 'end' };
      default:
        return this.single(this.codePoint());
    }
  }

  private group(): Pattern {
    const start = this.at;
    for (const [mark, name] of lookaround)
      if (this.text.startsWith(mark, start))
        throw new Unusable(`${name} is not supported: it cannot be searched in linear time`, start);
    groupStart.lastIndex = start;
    const open = groupStart.exec(this.text)?.[0] ?? '(';
    if (open === '(' && this.text.startsWith('(?', start))
      throw new Unusable('this kind of group is not supported; (?i) may stand at the start', start);
    if (++this.depth > maxGroupDepth)
      throw new Unusable(`groups may nest ${maxGroupDepth} deep`, start);
    this.at += open.length;
    const tree = this.choice();
    if (!this.take(')')) throw new Unusable('this "(" is never closed', start);
    this.depth--;
    return tree;
  }

  private escape(): Pattern {
    const letter = this.text.charAt(this.at + 1);
    const what = asserting[letter];
    if (what !== undefined) {
      this.at += 2;
      return { kind: 'assert', what };
    }
    return this.classOrSingle();
  }

  private classOrSingle(): Pattern {
    const spans = classes[this.text.charAt(this.at + 1)];
    if (spans === undefined) return this.single(this.escapedCodePoint());
    this.at += 2;
    return { kind: 'set', spans };
  }

  /** A character class; `this.at` is at its `[`. */
  private bracket(): readonly Span[] {
    const start = this.at++;
    const negated = this.take('^');
    if (this.here() === ']')
      throw new Unusable('a literal "]" in a class is written "\\]"', this.at);
    const spans: Span[] = [];
    while (this.here() !== ']') {
      if (this.at >= this.text.length) throw new Unusable('this "[" is never closed', start);
      spans.push(...this.bracketItem());
    }
    this.at++;
    const normal = this.ignoreCase ? withBothCases(normalise(spans)) : normalise(spans);
    return negated ? complement(normal) : normal;
  }

  private bracketItem(): readonly Span[] {
    if (/^\[[:.=]/.test(this.text.slice(this.at, this.at + 2)))
      throw new Unusable('[[:…:]] classes are not supported; write \\d, \\w or a range', this.at);
    const start = this.at;
    const spans = this.bracketEnd();
    const ranges = this.here() === '-' && this.text.charAt(this.at + 1) !== ']';
    const [[from, last] = [0, 0]] = spans;
    if (!ranges || this.at + 1 >= this.text.length) return spans;
    this.at++;
    const [[to, end] = [0, 0], ...more] = this.bracketEnd();
    if (spans.length > 1 || more.length > 0 || from !== last || to !== end || from > to)
      throw new Unusable('this range has no order; a literal "-" stands last in the class', start);
    return [[from, to]];
  }

  private bracketEnd(): readonly Span[] {
    if (this.here() === '\\') {
      const spans = classes[this.text.charAt(this.at + 1)];
      if (spans !== undefined) {
        this.at += 2;
        return spans;
      }
    }
    const codePoint = this.here() === '\\' ? this.escapedCodePoint() : this.codePoint();
    return [[codePoint, codePoint]];
  }

  private escapedCodePoint(): number {
    const start = this.at;
    hexadecimal.lastIndex = start;
    const hex = hexadecimal.exec(this.text);
    const letter = this.text.charAt(start + 1);
    if (hex !== null) {
      this.at += hex[0].length;
      const codePoint = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16);
      if (codePoint <= lastCodePoint) return codePoint;
      throw new Unusable(`${hex[0]} is beyond the last character of Unicode`, start);
    }
    const control = controls[letter];
    if (control === undefined && (letter === '' || /[\p{L}\p{N}]/u.test(letter)))
      throw new Unusable(whyNot(letter), start);
    this.at++;
    const literal = this.codePoint();
    return control ?? literal;
  }

  private codePoint(): number {
    const codePoint = this.text.codePointAt(this.at) ?? 0;
    this.at += codePoint > 0xffff ? 2 : 1;
    return codePoint;
  }

  private single(codePoint: number): Pattern {
    const spans: Span[] = [[codePoint, codePoint]];
    return { kind: 'set', spans: this.ignoreCase ? withBothCases(spans) : spans };
  }

  private set(spans: readonly Span[]): Pattern {
    return { kind: 'set', spans };
  }

  private here(): string {
    return this.text.charAt(this.at);
  }

  private take(character: string): boolean {
    if (this.here() !== character) return false;
    this.at++;
    return true;
  }
}

function whyNot(letter: string): string {
  if (letter === '') return 'the pattern ends in a lone backslash';
  if (/[0-9k]/.test(letter))
    return `the backreference \\${letter} is not supported: it cannot be searched in linear time`;
  if (letter === 'p' || letter === 'P')
    return `\\${letter}{…} is not supported; write the ranges in […]`;
  // RE2 also finds it between the bytes of one character.
  if (letter === 'B') return '\\B is not supported; write what stands there';
  return `unknown escape \\${letter}`;
}
