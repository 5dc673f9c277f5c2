import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Pieces } from './pieces.ts';

test('what was added comes back whole, and only once', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 3_000 })), fc.uint8Array(), (parts, last) => {
      const pieces = new Pieces();
      for (let round = 0; round < 2; round++) {
        for (const part of parts) pieces.add(Buffer.from(part));
        const whole = Buffer.concat([...parts, last]);
        expect(pieces.length).toBe(whole.length - last.length);
        expect(pieces.take(Buffer.from(last)).equals(whole)).toBe(true);
        expect(pieces.length).toBe(0);
      }
    }),
  );
});
