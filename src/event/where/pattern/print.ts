import type { Assertion, Pattern, Span } from './tree.ts';

const assertions: Readonly<Record<Assertion, string>> = {
  start: '\\A',
  end: '\\z',
  word: '\\b',
};

/** The pattern in RE2's syntax, every set written out, so that no flag or dialect matters. */
export function printRe2(tree: Pattern): string {
  switch (tree.kind) {
    case 'set':
      return printSet(tree.spans);
    case 'assert':
      return assertions[tree.what];
    case 'sequence':
      return tree.of.map((part) => grouped(part, part.kind === 'choice')).join('');
    case 'choice':
      return tree.of.map(printRe2).join('|');
    case 'repeat':
      return grouped(tree.of, tree.of.kind !== 'set') + printTimes(tree.min, tree.max);
  }
}

function grouped(tree: Pattern, needed: boolean): string {
  return needed ? `(?:${printRe2(tree)})` : printRe2(tree);
}

function printTimes(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

function printSet(spans: readonly Span[]): string {
  const [first, ...more] = spans;
  // RE2 has no empty set to write; this matches nothing, since no text goes on behind its end.
  if (first === undefined) return '(?:\\z\\x{0})';
  if (more.length === 0 && first[0] === first[1]) return printCodePoint(first[0]);
  return `[${spans.map(([from, to]) => (from === to ? printCodePoint(from) : `${printCodePoint(from)}-${printCodePoint(to)}`)).join('')}]`;
}

function printCodePoint(codePoint: number): string {
  const character = String.fromCodePoint(codePoint);
  const surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  if (codePoint < 0x20 || surrogate || (codePoint >= 0x7f && codePoint <= 0xa0))
    return `\\x{${codePoint.toString(16)}}`;
  return /[!-/:-@[-^`{-~]/.test(character) ? `\\${character}` : character;
}
