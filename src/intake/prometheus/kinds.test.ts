import { expect, test } from 'vitest';
import { familiesOf, type Family, metricTypeOf, unitOf } from './kinds.ts';

test.each<readonly [string, Family | undefined, boolean, string | undefined]>([
  ['requests_total', undefined, false, 'cumulative'],
  ['latency_bucket', 'unknown', false, 'cumulative'],
  ['temperature', undefined, false, undefined],
  ['temperature', 'gauge', false, 'gauge'],
  ['jobs_count', 'gauge', false, 'gauge'],
  ['rpc', 'summary', true, 'quantile'],
  ['rpc_sum', 'summary', false, 'cumulative'],
  ['requests', 'counter', false, 'cumulative'],
  ['requests_created', 'counter', false, 'gauge'],
  ['build_info', 'info', false, 'gauge'],
])('%s of a %s is %s', (name, family, quantile, type) => {
  expect(metricTypeOf(name, family, quantile)).toBe(type);
});

test.each([
  ['wait_seconds', '', 's'],
  ['wait_seconds_sum', '', 's'],
  ['cpu_seconds_total', '', 's'],
  ['wait_seconds_bucket', 'seconds', undefined],
  ['size', 'bytes', 'By'],
  ['size', 'furlongs', 'furlongs'],
  ['used_ratio', '', '1'],
  ['seconds', '', undefined],
])('%s in %j is in %s', (name, given, unit) => {
  expect(unitOf(name, given)).toBe(unit);
});

test('a sample may belong to the family of its name, or of that without its ending', () => {
  expect(familiesOf('a_total')).toEqual(['a_total', 'a']);
  expect(familiesOf('a')).toEqual(['a']);
});
