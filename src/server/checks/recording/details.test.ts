import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Details } from './details.ts';

const step = {
  text: 'I visit "/"',
  line: 3,
  kind: 'action',
  state: 'passed',
  seconds: 0.1,
} as const;

async function detailsIn(dir = mkdtempSync(join(tmpdir(), 'details-')), mostBytes = 1_000_000) {
  const details = new Details({
    dir,
    mostBytes: () => mostBytes,
    onProblem: (error) => {
      throw error;
    },
  });
  await details.open();
  return { dir, details };
}

test('the last runs are kept, and of those before the failures', async () => {
  const { dir, details } = await detailsIn();
  for (let slot = 1; slot <= 100; slot++)
    details.keep('a', slot, { steps: [step], isFailure: slot === 5 || slot > 95 });
  await details.settled();
  expect([1, 5, 79, 80, 81, 100].map((slot) => details.has('a', slot) !== undefined)).toEqual([
    false,
    true,
    false,
    false,
    true,
    true,
  ]);
  // That is their time; nothing went for want of room.
  expect(details.counters.removed).toBe(0);
  // It is known again after a restart.
  const again = await detailsIn(dir);
  expect(again.details.bytes).toBe(details.bytes);
  expect((await again.details.read('a', 5))?.steps).toEqual([step]);
  again.details.keep('a', 101, { steps: [], isFailure: false });
  await again.details.settled();
  expect(again.details.has('a', 5)).toBeDefined();
  expect(again.details.has('a', 81)).toBeUndefined();
});

test('together they take no more than they may; the oldest go first', async () => {
  const { dir, details } = await detailsIn(undefined, 3_000);
  const files = (): unknown[] =>
    readdirSync(dir, { recursive: true }).filter((file) => /\.(json|png)$/.test(String(file)));
  const screenshot = new Uint8Array(500);
  for (let slot = 1; slot <= 10; slot++)
    details.keep(slot % 2 === 0 ? 'a' : 'b', slot, { steps: [step], isFailure: true, screenshot });
  await details.settled();
  expect(details.bytes).toBeLessThanOrEqual(3_000);
  expect(details.counters.removed).toBe(10 - files().length / 2);
  expect(details.has('a', 2)).toBeUndefined();
  expect(details.has('a', 10)?.hasPicture).toBe(true);
  expect((await details.picture('a', 10))?.length).toBe(500);
  expect(files()).toHaveLength(2 * Math.floor(details.bytes / 600));
});
