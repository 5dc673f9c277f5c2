import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IdentityHash, identityOf } from './identity.ts';

function ofBytes(source: string, id: string): readonly [number, number] {
  const padding = Buffer.from('xyz');
  const [s, i] = [Buffer.from(source), Buffer.from(id)];
  const all = Buffer.concat([padding, s, padding, i, padding]);
  const hash = new IdentityHash();
  hash.startBytes(all, 3, 3 + s.length);
  hash.bytes(all, 6 + s.length, 6 + s.length + i.length);
  hash.finish();
  return [hash.high, hash.low];
}

describe('the identity of an event', () => {
  test('is stable: a log of yesterday is deduplicated today', () => {
    expect(identityOf('/ci', 'build-1')).toEqual(identityOf('/ci', 'build-1'));
    expect(identityOf('/ci', 'build-1')).toMatchInlineSnapshot(`
      [
        2912928915,
        4179635193,
      ]
    `);
  });

  test('is 0, 0 only where there is no id', () => {
    expect(identityOf('/ci', undefined)).toEqual([0, 0]);
    expect(identityOf('', '')).not.toEqual([0, 0]);
  });

  test('keeps source and id apart', () => {
    expect(identityOf('ab', 'c')).not.toEqual(identityOf('a', 'bc'));
    expect(identityOf('a', '')).not.toEqual(identityOf('', 'a'));
  });

  test('is the same for a string and for its bytes, whatever the characters', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constant('\ud800x'),
    );
    fc.assert(
      fc.property(text, text, (source, id) => {
        expect(identityOf(source, id)).toEqual(ofBytes(source, id));
      }),
    );
  });

  test('one hasher can be used again, with the same source or another', () => {
    const hash = new IdentityHash();
    for (const [source, id] of [
      ['/a', '1'],
      ['/a', '2'],
      ['/b', '1'],
      ['/a', '1'],
    ] as const) {
      hash.start(source);
      hash.text(id);
      hash.finish();
      expect([hash.high, hash.low]).toEqual(identityOf(source, id));
    }
  });

  test('spreads: no collision in 64 bits, and as few in each half as chance allows', () => {
    const n = 200_000;
    const [whole, high, low] = [new Set<string>(), new Set<number>(), new Set<number>()];
    const hash = new IdentityHash();
    for (let i = 0; i < n; i++) {
      hash.start(i % 2 ? '/hosts/web-1' : '/hosts/web-2');
      hash.text(String(i >> 1));
      hash.finish();
      whole.add(`${hash.high} ${hash.low}`);
      high.add(hash.high);
      low.add(hash.low);
    }
    expect(whole.size).toBe(n);
    // Birthday bound: n²/2³³ is 4.7 expected collisions in 32 bits; 25 is out of all chance.
    expect(n - high.size).toBeLessThan(25);
    expect(n - low.size).toBeLessThan(25);
  });
});
