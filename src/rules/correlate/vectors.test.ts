import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeCanary } from './canary.ts';
import { changePoints, type ChangePointOptions } from './change-points.ts';
import { perfherderChanges, type PerfherderOptions } from './perfherder.ts';

/** Public series with what their own projects find in them; their sources stand in the file. */
const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../test/vectors/changepoint.json'), 'utf8'),
) as {
  perfherder: {
    name: string;
    params: PerfherderOptions;
    t: number[];
    v: number[];
    changes: number[];
  }[];
  otava: { series: number[]; cases: (ChangePointOptions & { indexes: number[] })[] };
  kayenta: {
    name: string;
    params: string;
    direction: 'Either' | 'Increase' | 'Decrease';
    expect: 'High' | 'Low' | 'Pass';
    experiment: number[];
    control: number[];
  }[];
};

test('the file has cases', () => {
  expect([vectors.perfherder.length, vectors.otava.cases.length, vectors.kayenta.length]).toEqual([
    3, 10, 10,
  ]);
});

test.for(vectors.perfherder)('Perfherder: $name', ({ t, v, params, changes }) => {
  const series = t.map((time, i) => [time, v[i] ?? Number.NaN] as const);
  expect(perfherderChanges(series, params)).toEqual(changes);
});

test.for(vectors.otava.cases)(
  'Otava: p $maxP, magnitude $minMagnitude, window $window',
  ({ indexes, ...options }) => {
    expect(changePoints(vectors.otava.series, options).map((point) => point.index)).toEqual(
      indexes,
    );
  },
);

test.for(vectors.kayenta)('Kayenta: $name', ({ params, direction, expect: want, ...samples }) => {
  const numbers = [...params.matchAll(/\d+\.\d+/g)].map(Number);
  const [tolerance = 0, confidence = 0, low, high] = numbers;
  const effect =
    low === undefined || high === undefined ? undefined : ({ by: 'meanRatio', low, high } as const);
  const answer = judgeCanary(samples.experiment, samples.control, {
    tolerance,
    confidence,
    direction: ({ Either: 'both', Increase: 'up', Decrease: 'down' } as const)[direction],
    ...(effect && { effect }),
  });
  expect(answer).toBe(want === 'Pass' ? 'same' : want.toLowerCase());
});
