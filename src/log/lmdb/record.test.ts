import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Admitted } from '../admission.ts';
import { decodeRecord, eachIdentity, encodeRecord } from './record.ts';

const partOf = (lines: readonly string[]): Admitted => ({
  bytes: Buffer.from(lines.map((line) => `${line}\n`).join('')),
  count: lines.length,
  identities: Uint32Array.from(lines.flatMap((line, n) => [n + 1, line.length])),
  subjects: [],
  duplicates: [],
  remembered: 0,
});
const head = { first: 2 ** 40 + 3, received: 1_763_000_000_123, position: 2 ** 33, source: '/ü' };

test('gives back what was put in, parts joined', () => {
  const value = encodeRecord(head, [partOf(['{}', '{"a":1}']), partOf(['{"b":"ä"}'])]);
  const record = decodeRecord(value, head.first);
  expect(record).toMatchObject({ ...head, count: 3, size: value.length });
  if ('damage' in record) throw new Error(record.damage);
  expect(Buffer.from(record.bytes).toString()).toBe('{}\n{"a":1}\n{"b":"ä"}\n');
  const identities: number[] = [];
  eachIdentity(value, (high, low) => identities.push(high, low));
  expect(identities).toEqual([1, 2, 2, 7, 1, 9]);
});

test('a record under another key is damaged', () => {
  const value = encodeRecord(head, [partOf(['{}'])]);
  expect(decodeRecord(value, head.first + 1)).toEqual({
    damage: `it says that it begins at ${head.first}`,
  });
});

test('any changed, missing or added byte is noticed', () => {
  const value = encodeRecord(head, [partOf(['{"a":1}', '{"b":2}'])]);
  fc.assert(
    fc.property(fc.nat(value.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Buffer.from(value);
      changed[at] = (changed[at] ?? 0) ^ flip;
      // The fourth byte is reserved and not looked at.
      expect('damage' in decodeRecord(changed, head.first)).toBe(at !== 3);
      expect('damage' in decodeRecord(value.subarray(0, at), head.first)).toBe(true);
    }),
  );
  expect('damage' in decodeRecord(Buffer.concat([value, Buffer.of(10)]), head.first)).toBe(true);
});

test('no bytes at all make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect('damage' in decodeRecord(Buffer.from(bytes), 1)).toBe(true);
      const begun = Buffer.concat([encodeRecord(head, []).subarray(0, 8), bytes]);
      expect(() => eachIdentity(begun, () => undefined)).not.toThrow();
    }),
  );
});
