import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertsBy, formatRange, numberOf, parseRange, plainNumber } from './range.ts';

/** The table of the guidelines, "Threshold and Ranges". */
describe('ranges', () => {
  test.each([
    ['10', [-1, 11], [0, 10, 5]],
    ['10:', [9], [10, 1e9]],
    ['~:10', [11], [-1e9, 10]],
    ['10:20', [9, 21], [10, 20]],
    ['@10:20', [10, 15, 20], [9, 21]],
    ['@~:0', [-5, 0], [1]],
  ])('%s', (text, alerts, quiet) => {
    const range = parseRange(text);
    if (range === undefined) throw new Error('no range');
    expect(alerts.filter((value) => !alertsBy(range, value))).toEqual([]);
    expect(quiet.filter((value) => alertsBy(range, value))).toEqual([]);
  });

  test.each(['', '@', 'x', '20:10', '1:2:3', '~', '10:x'])('%j is none', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });

  test.each([
    ['0:10', '10'],
    ['10:', '10:'],
    ['~:10', '~:10'],
    ['~:', '~:'],
    ['0:', '0:'],
    ['@1,5:2e1', '@1.5:20'],
  ])('%s is written %s', (text, written) => {
    const range = parseRange(text);
    expect(range && formatRange(range)).toBe(written);
  });

  test('what is written is read as the same range', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    const end = fc.oneof(number, fc.constantFrom(-Infinity, Infinity, 0));
    fc.assert(
      fc.property(end, end, fc.boolean(), (one, other, inside) => {
        // -0 is written 0.
        const [start, to] = [Math.min(one, other) + 0, Math.max(one, other) + 0];
        fc.pre(start !== Infinity && to !== -Infinity);
        const range = { start, end: to, inside };
        expect(parseRange(formatRange(range))).toEqual(range);
      }),
    );
  });

  test.each([
    [1e-7, '0.0000001'],
    [-1.5e-9, '-0.0000000015'],
    [1.25e21, '1250000000000000000000'],
    [0.1, '0.1'],
    [-0, '0'],
  ])('%d is written %s', (value, text) => {
    expect(plainNumber(value)).toBe(text);
    expect(numberOf(text)).toBe(value + 0);
  });
});
