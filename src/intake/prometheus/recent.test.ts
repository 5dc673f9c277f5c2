import { expect, test } from 'vitest';
import { Recent } from './recent.ts';

const keys = Array.from({ length: 1_000 }, (_, i) => `key ${i}`);

test('what is in use stays, what is not gives way, and memory is bounded', () => {
  // Room for some fifteen entries in each of the two generations.
  const recent = new Recent<number>(10_000);
  for (const [i, key] of keys.entries()) {
    recent.set(key, i);
    recent.get('key 0');
  }
  expect(recent.get('key 0')).toBe(0);
  expect(recent.get('key 999')).toBe(999);
  expect(recent.get('key 500')).toBeUndefined();
  expect(recent.size).toBeLessThan(35);
  recent.clear();
  expect(recent.get('key 0')).toBeUndefined();
});

test('a key that would fill much of it is not remembered', () => {
  const recent = new Recent<number>(10_000);
  recent.set('x'.repeat(1_000), 1);
  expect(recent.size).toBe(0);
});
