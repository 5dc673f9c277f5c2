import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal } from '../decimal.ts';
import { Keys } from './keys.ts';
import { MetricLine } from './metric-line.ts';

const numberOf = (text: string): number => decimal(Buffer.from(`x${text}y`), 1, text.length + 1);

describe('numbers', () => {
  test.each<[string, number]>([
    ['0', 0],
    ['-12.50', -12.5],
    ['+7', 7],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['-1.5E-2', -0.015],
    ['123456789012345678', 123456789012345680],
    ['0.1234567890123456789', 0.12345678901234568],
  ])('%s', (text, value) => {
    expect(numberOf(text)).toBe(value);
  });

  test.each([
    '',
    '-',
    '+',
    '.',
    '1.2.3',
    '1e',
    'e5',
    '0x1',
    '1_0',
    ' 1',
    '1 ',
    '--1',
    'NaN',
    '1e999',
  ])('%j is none', (text) => {
    expect(numberOf(text)).toBeNaN();
  });

  test('are those that JavaScript reads', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(numberOf(String(value))).toBe(Number(String(value)));
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(fc.integer(), fc.nat(999_999), (whole, part) => {
        expect(numberOf(`${whole}.${part}`)).toBe(Number(`${whole}.${part}`));
      }),
    );
  });
});

describe('keys', () => {
  const line = new MetricLine();
  const read = (text: string): Buffer => {
    const bytes = Buffer.from(text);
    expect(line.read(bytes, 0, bytes.length)).toBeUndefined();
    return bytes;
  };

  test('are found by name, type, tags and origin, whatever the values', () => {
    const keys = new Keys<string>();
    const all = ['a:1|c', 'a:1|g', 'ab:1|c', 'a:1|c|#b', 'a:1|c|#b|c:d', 'a:1|c|c:b', 'a:1|c|e:b'];
    for (const text of all) {
      const bytes = read(text);
      expect(keys.find(bytes, line)).toBeUndefined();
      keys.add(bytes, line, text);
    }
    for (const text of all) {
      const bytes = read(text.replace(':1|', ':27:3|').concat('|@0.5'));
      expect(keys.find(bytes, line)).toBe(text);
    }
  });

  test('many of them, and fewer again', () => {
    const keys = new Keys<number>();
    for (let i = 0; i < 20_000; i++) keys.add(read(`name${i}:1|c|#tag:${i % 7}`), line, i);
    keys.keep((i) => i % 3 === 0);
    expect(keys.size).toBe(6_667);
    for (let i = 0; i < 20_000; i++) {
      const bytes = read(`name${i}:1|c|#tag:${i % 7}`);
      expect(keys.find(bytes, line)).toBe(i % 3 === 0 ? i : undefined);
    }
  });
});
