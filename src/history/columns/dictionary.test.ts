import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Dictionary } from './dictionary.ts';

const add = (dictionary: Dictionary, text: string): number => {
  const bytes = Buffer.from(`(${text})`);
  return dictionary.add(bytes, 1, bytes.length - 1);
};

test('the same bytes get the same number, the empty text is number 0', () => {
  const dictionary = new Dictionary();
  expect(['', 'a', 'b', 'a', ''].map((text) => add(dictionary, text))).toEqual([0, 1, 2, 1, 0]);
  expect(dictionary.size).toBe(3);
  expect(dictionary.textOf(2)).toBe('b');
});

test('it behaves as a Map from text to number, also after growing and clearing', () => {
  const dictionary = new Dictionary();
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 80 }), { maxLength: 3000 }),
      (texts) => {
        dictionary.clear();
        const model = new Map([['', 0]]);
        for (const text of texts) {
          if (!model.has(text)) model.set(text, model.size);
          expect(add(dictionary, text)).toBe(model.get(text));
        }
        for (const [text, id] of model) expect(dictionary.textOf(id)).toBe(text);
      },
    ),
    { numRuns: 30 },
  );
});

test('a hundred thousand texts are told apart', () => {
  const dictionary = new Dictionary();
  for (let i = 1; i <= 100_000; i++) add(dictionary, `value-${i}`);
  expect(dictionary.size).toBe(100_001);
  expect(add(dictionary, 'value-77777')).toBe(77_777);
});
