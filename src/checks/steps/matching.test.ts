import { expect, test } from 'vitest';
import { Unknown } from '../run/failed.ts';
import { matching } from './matching.ts';

test('the whole and its groups', () => {
  expect(matching(/b(c)?(d)/, 'abd')).toEqual(['bd', '', 'd']);
  expect(matching(/x/, 'abd')).toBeUndefined();
});

test('an expression that does not end is stopped, and the next one is run', () => {
  const started = performance.now();
  expect(() => matching(/^(a+)+$/, `${'a'.repeat(60)}b`)).toThrow(Unknown);
  expect(performance.now() - started).toBeLessThan(5000);
  expect(matching(/a/, 'a')).toEqual(['a']);
});

test('what stands beyond 4 MiB is not looked at', () => {
  expect(matching(/b/, `${'a'.repeat(4 * 1024 * 1024)}b`)).toBeUndefined();
});
