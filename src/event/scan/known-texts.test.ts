import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KnownTexts } from './known-texts.ts';

function read(known: KnownTexts, text: string): string {
  const bytes = Buffer.from(`<${text}>`);
  known.read(bytes);
  return known.text(1, bytes.length - 1);
}

test('a text that comes again is not made again', () => {
  const known = new KnownTexts();
  const texts = ['ok', 'web-1', 'ä', 'production', '', 'ok', 'web-1', 'ä', 'production'];
  expect(texts.map((text) => read(known, text))).toEqual(texts);
  expect(known).toMatchObject({ made: 4, replaced: 0 });
});

test('a long text is made each time', () => {
  const known = new KnownTexts();
  const [held, long] = ['x'.repeat(64), 'x'.repeat(65)];
  for (const text of [held, long, held, long]) expect(read(known, text)).toBe(text);
  expect(known.made).toBe(3);
});

test('it never holds more than it may: a new text takes the place of another', () => {
  const known = new KnownTexts(8);
  for (let i = 0; i < 1000; i++) expect(read(known, `value-${i}`)).toBe(`value-${i}`);
  expect(known.made).toBe(1000);
  expect(known.replaced).toBe(1000 - 32);
  expect(read(known, 'value-999')).toBe('value-999');
  expect(known.made).toBe(1000);
});

test('a thousand texts that are all in use stay known', () => {
  const known = new KnownTexts();
  for (let round = 0; round < 10; round++)
    for (let i = 0; i < 1000; i++) read(known, `host-${i}.example.org`);
  expect(known.made).toBeLessThan(1050);
});

test('whatever comes, and however small the table, it is the text of the bytes', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 5 }),
    fc.string({ unit: fc.constantFrom('\0', 'a', 'b'), maxLength: 9 }),
    fc.string({ unit: 'grapheme', maxLength: 80 }),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 200 }), fc.constantFrom(1, 4, 64), (texts, sets) => {
      const known = new KnownTexts(sets);
      for (const one of [...texts, ...texts]) expect(read(known, one)).toBe(one);
    }),
  );
});
