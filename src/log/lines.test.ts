import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dropLines, skipLines, subjectsOf } from './lines.ts';

const encode = (lines: readonly string[]): Buffer =>
  Buffer.from(lines.map((line) => `${line}\n`).join(''));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const lines = fc.array(
  fc.string({ maxLength: 5 }).map((s) => s.replaceAll('\n', '')),
  {
    maxLength: 8,
  },
);

test('dropping lines leaves the others', () => {
  fc.assert(
    fc.property(lines, fc.array(fc.nat(7)), (given, indices) => {
      const dropped = [...new Set(indices)]
        .filter((i) => i < given.length)
        .toSorted((a, b) => a - b);
      const kept = given.filter((_, index) => !dropped.includes(index));
      expect(text(dropLines(encode(given), dropped))).toBe(text(encode(kept)));
    }),
  );
});

test('skipping lines leaves the rest', () => {
  fc.assert(
    fc.property(lines, fc.nat(9), (given, count) => {
      expect(text(skipLines(encode(given), count))).toBe(text(encode(given.slice(count))));
    }),
  );
});

test('a subject is that of the fact, not one within its data', () => {
  const bytes = encode(['{"data":{"subject":"inner"}}', '{"subject":"x"}', '{"subject":7}', '[]']);
  expect(subjectsOf('facts', bytes)).toEqual([[1, 'x']]);
  expect(subjectsOf('readings', bytes)).toEqual([]);
});
