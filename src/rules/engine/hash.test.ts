import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashOf } from './hash.ts';

describe('hashOf', () => {
  test('is the same for what JSON writes the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(hashOf(JSON.parse(JSON.stringify(value)))).toBe(hashOf(value));
      }),
    );
  });

  test('leaves out what is undefined', () => {
    expect(hashOf({ a: 1, b: undefined })).toBe(hashOf({ a: 1 }));
  });

  test.each([
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
    [
      [['a'], 'b'],
      ['a', ['b']],
    ],
    [{ a: 'b' }, ['a', 'b']],
    [1, '1'],
    [0.1, 0.2],
    [1e300, -1e300],
    [null, false],
    [{}, []],
    ['\u0001', '\u0002'],
  ])('differs: %j and %j', (a, b) => {
    expect(hashOf(a)).not.toBe(hashOf(b));
  });

  test('differs where JSON does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        expect(hashOf(a)).not.toBe(hashOf(b));
      }),
    );
  });
});
