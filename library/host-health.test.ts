import { test, world, type World } from 'territory/rules/test';

const minutes = (w: World, from: number, to: number, metric: number): void => {
  for (let m = from; m < to; m++)
    w.at(`${m}m`, {
      name: 'system.memory.utilization',
      host: 'a',
      metric,
      attributes: { 'system.memory.state': 'used' },
    });
};
/** What was said, without that it goes on. */
const severities = (w: World): string =>
  w
    .actions('alert')
    .map((one) => one.severity)
    .filter((severity, i, all) => severity !== all[i - 1])
    .join();

test('memory that is short for five minutes alerts, and ends', () => {
  const w = world('./host-health.ts');
  minutes(w, 0, 10, 0.97);
  minutes(w, 10, 20, 0.5);
  if (severities(w) !== 'critical,ok') throw new Error(`it said ${severities(w)}`);
});

test('a moment of it says nothing', () => {
  const w = world('./host-health.ts');
  minutes(w, 0, 3, 0.97);
  minutes(w, 3, 20, 0.5);
  if (w.actions('alert').some((one) => one.severity !== 'ok')) throw new Error('no alert expected');
});

test('processors that have no idle time alert', () => {
  const w = world('./host-health.ts');
  for (let s = 0; s < 600; s += 10)
    w.at(`${s}s`, {
      name: 'system.cpu.utilization',
      host: 'a',
      metric: 0.01,
      attributes: { 'cpu.mode': 'idle' },
    });
  const [alert] = w.actions('alert');
  if (alert?.rule !== 'host-cpu' || alert.severity !== 'critical')
    throw new Error('host-cpu expected');
});
