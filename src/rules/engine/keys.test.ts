import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeyTable } from './keys.ts';
import type { Scope } from './scope.ts';

const labels = fc.array(fc.constantFrom('', 'a', 'b', 'c', 'a\0b', '__proto__'), {
  minLength: 2,
  maxLength: 2,
});

describe('a table of keys', () => {
  test('has one scope for each combination of values', () => {
    const table = new KeyTable(['host', 'service'], 10);
    const a = table.scope(['h1', 's1']);
    const others = [table.scope(['h1', 's2']), table.scope(['h2', 's1']), table.scope(['h2', ''])];
    expect(table.scope(['h1', 's1'])).toBe(a);
    expect(new Set([a, ...others]).size).toBe(4);
    expect(table.size).toBe(4);
  });

  test('has no room beyond its most, and counts what it refuses', () => {
    const table = new KeyTable(['host'], 2);
    const a = table.scope(['a']);
    table.scope(['b']);
    expect(table.scope(['c'])).toBeUndefined();
    expect(table.scope(['a'])).toBe(a);
    expect([table.size, table.refused]).toEqual([2, 1]);
  });

  test('gives the keys that it forgets back', () => {
    const table = new KeyTable(['host'], 1);
    const a = table.scope(['a']);
    table.forget(1);
    expect(table.size).toBe(0);
    expect(table.scope(['b'])?.labels).toEqual(['b']);
    expect(table.scope(['a'])).not.toBe(a);
  });

  test('keeps what is not idle when it forgets', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(labels, fc.integer({ min: 0, max: 9 }))), (given) => {
        const table = new KeyTable(['host', 'service'], 1_000);
        const known = new Map<string, Scope>();
        for (const [values, seen] of given) {
          const scope = table.scope(values);
          if (!scope) throw new Error('there is room');
          scope.seen = seen;
          known.set(JSON.stringify(values), scope);
        }
        table.forget(5);
        const kept = [...known].filter(([, { seen }]) => seen >= 5);
        expect(new Set(table.scopes())).toEqual(new Set(kept.map(([, scope]) => scope)));
        for (const [values, scope] of kept)
          expect(table.scope(JSON.parse(values) as string[])).toBe(scope);
        expect(table.size).toBe(kept.length);
      }),
    );
  });

  test('finds each of very many', () => {
    const table = new KeyTable(['host', 'service'], 100_000);
    const at = (i: number): Scope | undefined => table.scope([`h${i % 100}`, `s${i}`]);
    const made = Array.from({ length: 20_000 }, (_, i) => at(i));
    expect(made.every((scope, i) => scope !== undefined && at(i) === scope)).toBe(true);
    expect(table.size).toBe(20_000);
  });
});
