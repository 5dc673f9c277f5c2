import { expect, test } from 'vitest';
import type { Catalogue } from '../../server/api/contract.ts';
import { parseWhere } from '../../event/where/parse.ts';
import { faultOf } from './check.ts';
import { complete } from './complete.ts';
import { allOf } from './quote.ts';

const kind = (...values: string[]): Catalogue['kinds']['name'] => ({
  entries: values.map((value) => ({ value, lastSeen: 0, count: 1, values: ['200', '500'] })),
  overflowed: false,
});
const catalogue: Catalogue = {
  kinds: {
    source: kind(),
    type: kind('metric'),
    service: kind('shop', 'say "hi"'),
    host: kind('web-1', 'web-2'),
    environment: kind(),
    name: kind('cpu'),
    label: kind('code'),
  },
};

test.each([
  ['', 'id '],
  ['ser', 'service '],
  ['cod', 'label.code '],
  ['service ', '= '],
  ['metric ', '> '],
  ['service = s', '"shop" '],
  ['service = "sho', '"shop" '],
  ['service = "say', '"say \\"hi\\"" '],
  ['label.code = "5', '"500" '],
  ['service = "shop" ', 'and '],
  ['service = "shop" and ho', 'host '],
  ['host = "web-1" or host = "', '"web-1" '],
  ['not ', 'id '],
])('%j may go on with %j', (before, first) => {
  expect(complete(before, catalogue)[0]?.text).toBe(first);
});

test.each(['service = "shop"', 'tagged "x', 'metric > "half', '(host)'])(
  '%j has no completion',
  (text) => {
    expect(complete(text, catalogue)).toEqual([]);
  },
);

test('a fault names its column, and what is right or empty has none', () => {
  expect(faultOf('service == "shop"')).toMatchObject({ column: 9 });
  expect(faultOf('service = "shop" and')?.message).toMatch(/^column 21: /);
  expect(faultOf('service = "shop"')).toBeUndefined();
  expect(faultOf('  ')).toBeUndefined();
});

test('filters are joined as they were meant', () => {
  expect(allOf(undefined, ' ', 'host')).toBe('host');
  expect(parseWhere(allOf('host or name', 'state'))).toEqual(
    parseWhere('(host or name) and state'),
  );
});
