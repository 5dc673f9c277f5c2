import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromLabels, isFieldName } from './labels.ts';

test.each([
  [[], {}],
  [[['service', 'shop']], { service: 'shop' }],
  [
    [
      ['env', 'prod'],
      ['host', 'web1'],
      ['code', '200'],
    ],
    { host: 'web1', environment: 'prod', attributes: { code: '200' } },
  ],
  [
    [
      ['service', 'old'],
      ['service.name', 'shop'],
      ['hostname', 'a'],
      ['host', 'b'],
    ],
    { service: 'shop', host: 'a', attributes: { service: 'old', host: 'b' } },
  ],
  [
    [
      ['service.name', ''],
      ['service', 'shop'],
    ],
    { service: 'shop', attributes: { 'service.name': '' } },
  ],
] as const)('%j', (labels, expected) => {
  expect(fromLabels(labels)).toEqual(expected);
});

const name = fc.oneof(
  fc.constantFrom('service', 'service.name', 'host', 'hostname', 'host.name', 'env', 'environment'),
  fc.constantFrom('code', '__proto__', 'constructor'),
);

test('no label is lost, and the best name of a field is taken, in whatever order they come', () => {
  const labels = fc.uniqueArray(fc.tuple(name, fc.string()), { selector: ([key]) => key });
  fc.assert(
    fc.property(labels, fc.infiniteStream(fc.nat()), (pairs, random) => {
      const sorted = pairs.map((pair) => [random.next().value, pair] as const);
      const mixed = sorted.toSorted(([a], [b]) => a - b).map(([, pair]) => pair);
      const one = fromLabels(pairs);
      expect(fromLabels(mixed)).toEqual(one);
      const { attributes = {}, ...fields } = one;
      const kept = [...Object.values(attributes), ...Object.values(fields)];
      expect(kept.toSorted()).toEqual(pairs.map(([, value]) => value).toSorted());
      expect(Object.values(fields)).not.toContain('');
      expect(Object.keys(attributes).filter((key) => !isFieldName(key))).toEqual(
        expect.arrayContaining(pairs.map(([key]) => key).filter((key) => !isFieldName(key))),
      );
    }),
  );
});
