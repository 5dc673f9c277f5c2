import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { compress } from 'snappyjs';
import { expect, test } from 'vitest';
import { CodedError } from '../../../errors/coded-error.ts';
import { unsnappy } from '../snappy.ts';
import {
  field,
  message,
  now,
  read,
  received,
  sample,
  series1,
  v2,
  varint,
} from './encode.suite.ts';

const captured = unsnappy(readFileSync('test/vectors/wire/http_write-1.bin'), 1 << 20);

/** The code that decoding ends with, if any; anything but a CodedError is a mistake of ours. */
function codeOf(proto: Uint8Array, headers = {}, more = {}): string | undefined {
  try {
    read({ ...received(proto, headers), ...more });
    return undefined;
  } catch (error) {
    if (error instanceof CodedError) return error.code;
    throw error;
  }
}

const code = expect.toBeOneOf([
  undefined,
  ...['BODY', 'DECODE', 'TOO_LARGE', 'TOO_MANY'].map((one) => `TERR_INTAKE_${one}`),
]);

test('random bytes do no more than fail', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, second) => {
      expect(codeOf(bytes, second ? v2 : {})).toEqual(code);
    }),
    { numRuns: 2_000 },
  );
});

test('a capture that was changed or cut does no more than fail', () => {
  const small = captured.subarray(0, 2_000);
  fc.assert(
    fc.property(fc.nat(1_999), fc.nat(255), fc.nat(2_000), (at, byte, end) => {
      const changed = Buffer.from(small.subarray(0, end));
      if (at < changed.length) changed[at] = byte;
      expect(codeOf(changed)).toEqual(code);
    }),
    { numRuns: 1_000 },
  );
});

test('long labels of many samples do not become more than memory', () => {
  const labels = { __name__: 'a', long: 'x'.repeat(8_000) };
  const samples = Array.from({ length: 60_000 }, (_, i) => field(2, sample(i + 1, now)));
  expect(codeOf(series1(labels, ...samples), {}, { maxBody: 1 << 20 })).toBe(
    'TERR_INTAKE_TOO_LARGE',
  );
});

test('2.0: one long text named again and again does not become more than memory', () => {
  const table = message(...['', '__name__', 'x'.repeat(100_000)].map((text) => field(4, text)));
  const refs = Buffer.concat(Array.from({ length: 200 }, () => varint(2)));
  const series = field(5, message(field(1, refs), field(2, sample(1, now))));
  const body = message(table, ...Array.from({ length: 1_000 }, () => series));
  expect(codeOf(body, v2, { maxBody: 1 << 20 })).toBe('TERR_INTAKE_TOO_LARGE');
});

test('2.0: a first symbol that is not empty, too many symbols, too many labels', () => {
  expect(codeOf(field(4, 'a'), v2)).toBe('TERR_INTAKE_DECODE');
  expect(codeOf(Buffer.from('2200'.repeat(600_000), 'hex'), v2)).toBe('TERR_INTAKE_TOO_MANY');
  const refs = field(1, Buffer.alloc(2_000));
  const series = field(5, message(refs, field(2, sample(1, now))));
  expect(read(received(message(field(4, ''), series), v2)).refused[0]?.message).toContain(
    'more than 256 labels',
  );
});

test('a bomb is refused before it is unpacked', () => {
  const bomb = Buffer.from(compress(Buffer.alloc(17 << 20)));
  expect(codeOf(Buffer.alloc(0), {}, { body: bomb })).toBe('TERR_INTAKE_TOO_LARGE');
});
