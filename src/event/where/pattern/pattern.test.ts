import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePattern } from './parse.ts';
import { printRe2 } from './print.ts';
import { searcherOf } from './search.ts';
import type { Pattern } from './tree.ts';

function tree(pattern: string): Pattern {
  const parsed = parsePattern(pattern);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.tree;
}

/** Pieces that JavaScript's engine reads as this one does, with the flags `s` and `u`. */
const atoms = fc.constantFrom(
  'a',
  'b',
  '.',
  'ä',
  '😀',
  '[ab]',
  '[^a]',
  '\\d',
  '\\w',
  '\\W',
  '[\\d_-]',
  '^',
  '$',
  '\\b',
  '\\.',
  '\\n',
  '',
);
const quantifiers = fc.constantFrom(
  '',
  '',
  '',
  '*',
  '+',
  '?',
  '{2}',
  '{1,3}',
  '{0,1}',
  '*?',
  '{2,}',
);
const patterns = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4 },
    atoms,
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(${a}|${b})`),
    fc.tuple(tie('pattern'), quantifiers).map(([a, q]) => `(?:${a})${q}`),
  ),
})).pattern;
const texts = fc.string({
  unit: fc.constantFrom('a', 'b', 'ä', '😀', '1', '.', '_', ' ', '\n'),
  maxLength: 12,
});

test('it finds what the JavaScript engine finds', () => {
  fc.assert(
    fc.property(patterns, fc.array(texts, { minLength: 1, maxLength: 5 }), (pattern, many) => {
      const search = searcherOf(tree(pattern));
      for (const text of many) expect(search(text)).toBe(new RegExp(pattern, 'su').test(text));
    }),
    { numRuns: 3000 },
  );
});

test('what is printed for RE2 means the same', () => {
  fc.assert(
    fc.property(patterns, texts, (pattern, text) => {
      const again = searcherOf(tree(printRe2(tree(pattern))));
      expect(again(text)).toBe(searcherOf(tree(pattern))(text));
    }),
    { numRuns: 1000 },
  );
});

test('patterns that make a backtracking engine hang are searched in linear time', () => {
  const text = 'a'.repeat(20_000);
  for (const pattern of ['^(a+)+$b', '(a|aa)+b', '(a*)*b', '.*.*.*.*=', '(a?){100}a{100}b']) {
    const search = searcherOf(tree(pattern));
    const before = performance.now();
    expect(search(text)).toBe(false);
    expect(performance.now() - before).toBeLessThan(1000);
  }
});

test('states are bounded: a pattern that has 2^100 of them still ends', () => {
  const search = searcherOf(tree('(a|b)*a(a|b){100}c'));
  const text = Array.from({ length: 20_000 }, (_, i) => ((i * 7919) % 13 < 6 ? 'a' : 'b')).join('');
  expect(search(text)).toBe(false);
  expect(search(`${text}c`)).toBe(/a[ab]{100}c$/.test(`${text}c`));
});

test.each([
  ['(?<=a)b', 'lookbehind (?<=…) is not supported: it cannot be searched in linear time'],
  ['(?<n>a)\\k<n>', 'the backreference \\k is not supported: it cannot be searched in linear time'],
  ['(?>a)', 'an atomic group (?>…) is not supported: it cannot be searched in linear time'],
  ['a++', 'a possessive repeat is not supported'],
  ['a**', 'this repeats a repeat; put the first in (…)'],
  ['*a', 'there is nothing to repeat'],
  ['(a', 'this "(" is never closed'],
  ['a)', 'this ")" closes no group'],
  ['[a', 'this "[" is never closed'],
  ['[]', 'a literal "]" in a class is written "\\]"'],
  ['[z-a]', 'this range has no order; a literal "-" stands last in the class'],
  ['[[:alpha:]]', '[[:…:]] classes are not supported; write \\d, \\w or a range'],
  ['\\p{L}', '\\p{…} is not supported; write the ranges in […]'],
  ['\\B', '\\B is not supported; write what stands there'],
  ['\\q', 'unknown escape \\q'],
  ['a\\', 'the pattern ends in a lone backslash'],
  ['a{3,2}', '{3,2} is the wrong way round'],
  ['a{2000}', 'a repeat may count to 1000'],
  ['(?m)a', 'this kind of group is not supported; (?i) may stand at the start'],
  ['\\x{110000}', '\\x{110000} is beyond the last character of Unicode'],
  ['a'.repeat(1001), 'the regular expression has 1001 characters, at most 1000 are allowed'],
])('refuses %s', (pattern, problem) => {
  expect(parsePattern(pattern)).toMatchObject({ problem });
});

test('any text is read or refused, never thrown over', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...Array.from('ab()[]{}|*+?^$.\\-:,0129xuk<>=!idBä😀')) }),
      (pattern) => {
        expect(Object.keys(parsePattern(pattern))).toHaveLength(
          'problem' in parsePattern(pattern) ? 2 : 1,
        );
      },
    ),
    { numRuns: 5000 },
  );
});
