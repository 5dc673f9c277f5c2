import { describe, expect, test } from 'vitest';
import { alertsBy, parseRange } from './range.ts';

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
});
