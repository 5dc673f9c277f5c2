/** Code points from `[0]` to `[1]`, both included; of a set sorted and apart from each other. */
export type Span = readonly [from: number, to: number];

/** A regular expression as a value: the subset that RE2 and this evaluator read alike. */
export type Pattern =
  | { readonly kind: 'set'; readonly spans: readonly Span[] }
  | { readonly kind: 'sequence'; readonly of: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly of: readonly Pattern[] }
  | {
      readonly kind: 'repeat';
      readonly of: Pattern;
      readonly min: number;
      /** Infinity: without end. */
      readonly max: number;
    }
  | { readonly kind: 'assert'; readonly what: Assertion };

/** Start and end are those of the text, never of a line; a word is [0-9A-Za-z_]+. */
export type Assertion = 'start' | 'end' | 'word';

export const lastCodePoint = 0x10ffff;

const digits: readonly Span[] = [[0x30, 0x39]];
const word: readonly Span[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
const space: readonly Span[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
];

/** The classes that have a letter: ASCII, as in RE2. */
export const classes: Readonly<Record<string, readonly Span[]>> = {
  d: digits,
  D: complement(digits),
  w: word,
  W: complement(word),
  s: space,
  S: complement(space),
};

/** Spans sorted and joined where they touch. */
export function normalise(spans: readonly Span[]): Span[] {
  const sorted = spans.toSorted((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** Every code point that is not in `spans`, which must be normal. */
export function complement(spans: readonly Span[]): Span[] {
  const rest: Span[] = [];
  let next = 0;
  for (const [from, to] of spans) {
    if (from > next) rest.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= lastCodePoint) rest.push([next, lastCodePoint]);
  return rest;
}

/**
 * The spans with the other case of each letter: of ASCII letters anywhere, of others only where
 * they stand alone.
 */
export function withBothCases(spans: readonly Span[]): Span[] {
  const both: Span[] = [...spans];
  for (const [from, to] of spans) {
    shifted(both, [Math.max(from, 0x41), Math.min(to, 0x5a)], 32);
    shifted(both, [Math.max(from, 0x61), Math.min(to, 0x7a)], -32);
    if (from === to && from > 0x7f) both.push(...otherCases(from));
  }
  return normalise(both);
}

function shifted(into: Span[], [from, to]: Span, by: number): void {
  if (from <= to) into.push([from + by, to + by]);
}

function otherCases(codePoint: number): Span[] {
  const letter = String.fromCodePoint(codePoint);
  return [letter.toLowerCase(), letter.toUpperCase()]
    .map((other) => Array.from(other))
    .filter((other) => other.length === 1)
    .map(([other = letter]) => other.codePointAt(0) ?? codePoint)
    .map((other) => [other, other]);
}
