import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Point } from '../../src/rules/correlate/weighted-t.ts';
import type { Metric } from './series.ts';

/** The real series of a checkout of the Numenta Anomaly Benchmark (numenta/NAB), with its labels. */
export function numenta(folder: string): Metric[] {
  const labels = JSON.parse(
    readFileSync(join(folder, 'labels/combined_windows.json'), 'utf8'),
  ) as Record<string, [string, string][]>;
  const files = readdirSync(join(folder, 'data'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /^real.*\.csv$/.test(file))
    .toSorted()
    .map((file) => ({
      name: file,
      points: readFileSync(join(folder, 'data', file), 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line): Point => {
          const [time = '', value = ''] = line.split(',');
          return [timeOf(time), Number(value)];
        })
        .toSorted((a, b) => a[0] - b[0]),
      unusual: (labels[file] ?? []).map(([from, to]) => [timeOf(from), timeOf(to)] as const),
    }));
}

const timeOf = (text: string): number =>
  Date.parse(`${text.trim().replace(' ', 'T').slice(0, 19)}Z`);
