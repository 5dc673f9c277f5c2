import { test, world, type World } from 'territory/rules/test';

/** A reading a minute, growing by so much an hour. */
function disk(w: World, hours: number, start: number, perHour: number): void {
  for (let m = 0; m < hours * 60; m++)
    w.at(`${m}m`, {
      name: 'system.filesystem.utilization',
      host: 'a',
      metric: Math.min(1, start + (perHour * m) / 60),
      attributes: { 'system.filesystem.mountpoint': '/var' },
    });
}

test('what will be full within a day is said a day before', () => {
  const w = world('./disk-full.ts');
  disk(w, 3, 0.5, 0.03);
  const rules = w
    .actions('alert')
    .filter((one) => one.severity !== 'ok')
    .map((one) => one.rule);
  if (rules[0] !== 'disk-will-be-full') throw new Error(`it said ${rules.join()}`);
  if (rules.includes('disk-full')) throw new Error('it is not full yet');
});

test('what grows slowly enough is left alone', () => {
  const w = world('./disk-full.ts');
  disk(w, 3, 0.5, 0.005);
  if (w.actions('alert').some((one) => one.severity !== 'ok')) throw new Error('no alert expected');
});

test('what is full is said at once', () => {
  const w = world('./disk-full.ts');
  disk(w, 1, 0.96, 0);
  const [alert] = w.actions('alert');
  if (alert?.title !== '/var of a is 96 % full') throw new Error(`it said ${alert?.title}`);
});
