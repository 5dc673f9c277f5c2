import fc from 'fast-check';
import { compress } from 'snappyjs';
import { expect, test } from 'vitest';
import { CodedError } from '../../errors/coded-error.ts';
import { unsnappy } from './snappy.ts';

const limit = 1_000_000;

function codeOf(block: Buffer, most = limit): string | undefined {
  try {
    unsnappy(block, most);
    return undefined;
  } catch (error) {
    if (error instanceof CodedError) return error.code;
    throw error;
  }
}

test('unpacks what snappyjs packs', () => {
  const text = fc.oneof(
    fc.uint8Array({ maxLength: 5_000 }),
    fc
      .array(fc.constantFrom('abc', 'a', 'xyzxyzxyz', '\0'.repeat(100)), { maxLength: 300 })
      .map((parts) => new Uint8Array(Buffer.from(parts.join('')))),
  );
  fc.assert(
    fc.property(text, (bytes) => {
      const packed = Buffer.from(compress(bytes));
      expect(Buffer.compare(unsnappy(packed, limit), bytes)).toBe(0);
    }),
  );
});

test.each([
  ['a copy of distance 2 and length 4', [6, 1 << 2, 0x61, 0x62, 0x01, 2], 'ababab'],
  ['a copy with a distance of two bytes', [4, 0, 0x61, (2 << 2) | 2, 1, 0], 'aaaa'],
  ['a copy with a distance of four bytes', [4, 0, 0x61, (2 << 2) | 3, 1, 0, 0, 0], 'aaaa'],
  ['a literal whose length has a byte of its own', [2, 60 << 2, 1, 0x61, 0x62], 'ab'],
  ['nothing', [0], ''],
])('reads %s', (_, bytes, text) => {
  expect(unsnappy(Buffer.from(bytes), limit).toString()).toBe(text);
});

test.each([
  ['nothing at all', []],
  ['a length that does not end', [0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
  ['a negative literal, at which snappyjs loops', [100, 252, 0xfa, 0xff, 0xff, 0xff, 0, 0, 0, 0]],
  ['a literal beyond the end', [4, 3 << 2, 0x61]],
  ['more than its head says', [1, 1 << 2, 0x61, 0x62]],
  ['less than its head says', [3, 1 << 2, 0x61, 0x62]],
  ['a copy from before the start', [4, 0x01, 1]],
  ['a copy from nowhere', [5, 0, 0x61, 0x01, 0]],
  ['a tag cut off', [5, 0, 0x61, 0x02, 1]],
])('refuses %s', (_, bytes) => {
  expect(codeOf(Buffer.from(bytes))).toBe('TERR_INTAKE_BODY');
});

test('a bomb is refused by its head alone', () => {
  const bomb = Buffer.from(compress(Buffer.alloc(2_000_000)));
  expect(codeOf(bomb)).toBe('TERR_INTAKE_TOO_LARGE');
  expect(codeOf(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]))).toBe('TERR_INTAKE_TOO_LARGE');
});

test('a head that promises what can not follow sets nothing aside', () => {
  expect(codeOf(Buffer.from([0xc0, 0x84, 0x3d, 0]))).toBe('TERR_INTAKE_BODY');
});

test('no bytes do more than fail', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(codeOf(Buffer.from(bytes), 10_000)).not.toBe('');
    }),
    { numRuns: 5_000 },
  );
});
