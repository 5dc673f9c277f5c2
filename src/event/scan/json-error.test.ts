import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findJsonError } from './json-error.ts';

test.each([
  ['{"a":1,}', 1, 8, 'a name in quotes'],
  ['{"a" 1}', 1, 6, '":"'],
  ['{"a":1 "b":2}', 1, 8, '"," or "}"'],
  ['[1\n 2]', 2, 2, '"," or "]"'],
  ['{"a":\n  tru}', 2, 3, 'a value'],
  ['', 1, 1, 'a value'],
  ['{"a":"b', 1, 8, 'the closing quote'],
  ['"a\\xb"', 1, 3, 'a valid escape'],
  ['{"a":"tab\there"}', 1, 10, 'no control character inside a text'],
  ['{} {}', 1, 4, 'the end'],
  ['{a:1}', 1, 2, 'a name in quotes'],
  ['[01]', 1, 3, '"," or "]"'],
])('%s', (text, line, column, expected) => {
  expect(findJsonError(text)).toEqual({ line, column, expected });
});

test('hostile nesting and length are walked without recursion', () => {
  expect(findJsonError('['.repeat(100_000))?.column).toBe(100_001);
  expect(findJsonError(`"${'a\\n'.repeat(1_000_000)}`)?.expected).toBe('the closing quote');
});

test('finds an error exactly where JSON.parse throws', () => {
  const damaged = fc
    .tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 }))
    .map(([json, at, put]) => {
      const place = at % (json.length + 1);
      return json.slice(0, place) + put + json.slice(place + 1);
    });
  fc.assert(
    fc.property(fc.oneof(fc.json(), damaged), (text) => {
      let parses = true;
      try {
        JSON.parse(text);
      } catch {
        parses = false;
      }
      expect(findJsonError(text) === undefined).toBe(parses);
    }),
    { numRuns: 2000 },
  );
});
