import { expect, test } from 'vitest';
import type { Measure } from './measure.ts';
import { OwnReadings } from './own-readings.ts';

const at = (time: number) => ({ time, host: 'vm', interval: 10_000 });
const counter = (value: number, rare = false): Measure => ({
  name: rare ? 'territory.limit.hits' : 'territory.log.appended',
  help: '',
  kind: 'counter',
  rare,
  value,
});

test('a counter is told by how fast it grew since the round before', () => {
  const readings = new OwnReadings();
  expect(readings.make([counter(5)], at(0))).toEqual([]);
  expect(readings.make([counter(25)], at(10_000))).toMatchObject([
    { name: 'territory.log.appended.per_second', metric: 2, ttl: 30 },
  ]);
  expect(readings.make([counter(25)], at(20_000))).toMatchObject([{ metric: 0 }]);
});

test('a rare counter is silent while it stands still', () => {
  const readings = new OwnReadings();
  readings.make([counter(0, true)], at(0));
  expect(readings.make([counter(0, true)], at(10_000))).toEqual([]);
  expect(readings.make([counter(10, true)], at(20_000))).toMatchObject([{ metric: 1 }]);
});
