import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IdentityWindow } from './identity-window.ts';

test('remembers what was added', () => {
  const window = new IdentityWindow(10);
  expect(window.add(1, 2)).toBe(true);
  expect(window.add(1, 2)).toBe(false);
  expect(window.has(1, 2)).toBe(true);
  expect(window.has(2, 1)).toBe(false);
});

test('forgets the oldest when it is full, and counts it', () => {
  const window = new IdentityWindow(2);
  for (const low of [1, 2, 3]) window.add(0, low);
  expect([1, 2, 3].map((low) => window.has(0, low))).toEqual([false, true, true]);
  expect(window.forgotten).toBe(1);
});

test('a failed commit takes its own out again', () => {
  const window = new IdentityWindow(10);
  for (const low of [1, 2, 3]) window.add(0, low);
  window.removeNewest(2);
  expect([1, 2, 3].map((low) => window.has(0, low))).toEqual([true, false, false]);
});

test('is what a list of the last ones would be', () => {
  const step = fc.oneof(
    { weight: 9, arbitrary: fc.record({ high: fc.nat(3), low: fc.nat(40) }) },
    { weight: 1, arbitrary: fc.record({ undo: fc.nat(5) }) },
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.array(step, { maxLength: 200 }),
      (cap, steps) => {
        const window = new IdentityWindow(cap);
        const model: string[] = [];
        for (const s of steps) {
          if ('undo' in s) {
            window.removeNewest(s.undo);
            model.splice(Math.max(0, model.length - s.undo));
            continue;
          }
          const key = `${s.high}:${s.low}`;
          expect(window.add(s.high, s.low)).toBe(!model.includes(key));
          if (!model.includes(key)) model.push(key);
          if (model.length > cap) model.shift();
        }
        expect(window.size).toBe(model.length);
        for (let high = 0; high <= 3; high++)
          for (let low = 0; low <= 40; low++)
            expect(window.has(high, low)).toBe(model.includes(`${high}:${low}`));
      },
    ),
  );
});

test('memory stays bounded however many pass through', () => {
  const window = new IdentityWindow(100_000);
  let x = 1;
  for (let n = 0; n < 1_000_000; n++) {
    x = Math.imul(x, 1664525) + 1013904223;
    window.add(n, x >>> 0);
  }
  expect(window.size).toBe(100_000);
  expect(window.forgotten).toBe(900_000);
  expect(window.memoryBytes).toBeLessThan(100_000 * 8 + 262_144 * 4 + 1);
  for (let n = 900_000; n < 1_000_000; n += 10_007) expect(window.has(n, 0)).toBe(false);
});

test('starts small and grows past its first size without forgetting', () => {
  const window = new IdentityWindow(1_000_000);
  expect(window.memoryBytes).toBeLessThan(20_000);
  for (let n = 0; n < 50_000; n++) window.add(n, n);
  for (let n = 0; n < 50_000; n++) expect(window.has(n, n)).toBe(true);
});

test.each([
  ['that differ in one word only', (n: number) => [0, n]],
  ['in steps of the table', (n: number) => [n << 20, n << 20]],
  ['whose words cancel each other out', (n: number) => [n + 1, Math.imul(n + 1, 0x9e3779b1) >>> 0]],
])('hashes %s do not make it slow', (_, hash) => {
  const window = new IdentityWindow(200_000, 200_000, 12_345);
  const started = performance.now();
  for (let n = 0; n < 200_000; n++) window.add(...(hash(n) as [number, number]));
  // Well spread it takes a twentieth of this, in one run of slots minutes.
  expect(performance.now() - started).toBeLessThan(2_000);
});
