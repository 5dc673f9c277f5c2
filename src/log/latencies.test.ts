import { expect, test } from 'vitest';
import { Latencies } from './latencies.ts';

test('percentiles are of the recent ones', () => {
  const latencies = new Latencies();
  expect(latencies.summary()).toEqual({ p50: 0, p99: 0, max: 0 });
  latencies.add(1_000_000);
  for (let ms = 1; ms <= 4096; ms++) latencies.add(ms % 100);
  const { p50, p99, max } = latencies.summary();
  expect([p50, p99, max]).toEqual([49, 98, 99]);
});
