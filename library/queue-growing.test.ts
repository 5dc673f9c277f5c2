import { test, world, type World } from 'territory/rules/test';

function depths(w: World, values: readonly number[]): void {
  for (const [m, metric] of values.entries())
    w.at(`${m}m`, { name: 'queue.depth', service: 'encoder', metric });
  w.advance('2m');
}
const rules = (w: World): string =>
  w
    .actions('alert')
    .filter((one) => one.severity !== 'ok')
    .map((one) => one.rule)
    .join();

test('ten minutes of growth alert', () => {
  const w = world('./queue-growing.ts');
  depths(
    w,
    Array.from({ length: 13 }, (_, i) => 10 + i),
  );
  if (rules(w) !== 'queue-growing') throw new Error(`it said ${rules(w)}`);
});

test('up and down is what queues do', () => {
  const w = world('./queue-growing.ts');
  depths(
    w,
    Array.from({ length: 30 }, (_, i) => (i % 5) * 10),
  );
  if (rules(w) !== '') throw new Error(`it said ${rules(w)}`);
});

test('a deep queue alerts even when it shrinks', () => {
  const w = world('./queue-growing.ts');
  depths(
    w,
    Array.from({ length: 10 }, (_, i) => 20_000 - i),
  );
  if (rules(w) !== 'queue-deep') throw new Error(`it said ${rules(w)}`);
});
