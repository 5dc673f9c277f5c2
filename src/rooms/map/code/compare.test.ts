import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type MapModel, emptyMap } from '../model.ts';
import { compareMaps } from './compare.ts';
import { compileMap } from './compile.ts';
import { exampleMap } from './map-text.suite.ts';

function model(text: string): MapModel {
  const { model: made, faults } = compileMap({ file: 'map.yaml', text });
  if (!made) throw new Error(JSON.stringify(faults));
  return made;
}
const before = model(exampleMap);
const nothing = { added: [], removed: [], changed: [] };

test('a map that is written otherwise has the same hash and no differences', () => {
  const blocks = exampleMap.split(/^(?=[a-z]+:)/m);
  const [nodes = '', ...rest] = blocks.filter((block) => block.startsWith('nodes'));
  const lines = nodes.split('\n').slice(1, -1);
  const turned = `nodes:\n${lines.toReversed().join('\n')}\n`;
  const others = blocks.filter((block) => !block.startsWith('nodes'));
  const text = [turned, ...rest, ...others.toReversed()].join('').replace(/ +#.*/g, '');
  expect(text).not.toBe(exampleMap);
  expect(model(text).hash).toBe(before.hash);
  expect(before.hash).toMatch(/^[0-9a-f]{16}$/);
  expect(compareMaps(before, model(text))).toEqual(nothing);
});

test.each([
  [
    'kind: mail, service: mail}',
    'kind: mail, service: mail, owner: ops}',
    { ...nothing, changed: ['mail'] },
  ],
  ['  mail: ', '  post: ', { ...nothing, added: ['post'], removed: ['mail'] }, ['shop ~> mail']],
  ['web/* need 2', 'web/* need 1', { ...nothing, changed: ['lb=>web/*'] }],
  ['after 30m', 'after 1h', { ...nothing, changed: ['second-line^>dba'] }],
  [
    '- shop => orders-db',
    '- shop ~> orders-db',
    { ...nothing, added: ['shop~>orders-db'], removed: ['shop=>orders-db'] },
  ],
  ['criticality: 1', 'criticality: 2', { ...nothing, changed: ['process:checkout'] }],
  ['[env=production]', '[env=live]', { ...nothing, changed: ['stream:delivery'] }],
  ['- {match: {source: "{node.source}"}}', '', { ...nothing, changed: ['bind'] }],
  ['title: Shop', 'title: Shops', { ...nothing, changed: ['map'] }],
])('%s becomes %s', (from, to, difference, alsoOut: readonly string[] = []) => {
  const text = alsoOut.reduce((sum, one) => sum.replace(one, 'shop ~> post'), exampleMap);
  const after = model(text.replace(from, to));
  const expected =
    alsoOut.length === 0
      ? difference
      : {
          ...difference,
          added: [...difference.added, 'shop~>post'],
          removed: [...difference.removed, 'shop~>mail'],
        };
  expect(compareMaps(before, after)).toEqual(expected);
  expect(after.hash).not.toBe(before.hash);
});

test('against nothing all is added, and the way back removes it', () => {
  const { added, removed } = compareMaps(emptyMap, before);
  expect(added).toEqual(expect.arrayContaining(['shop', 'process:checkout', 'stream:recovery']));
  expect(removed).toEqual([]);
  expect(compareMaps(before, emptyMap).removed).toEqual(added);
});

test('two maps have the same hash if, and only if, nothing is different', () => {
  const lines = exampleMap.split('\n');
  const some = fc
    .uniqueArray(fc.nat(lines.length - 1), { maxLength: 4 })
    .map((out) => lines.filter((_, i) => !out.includes(i)).join('\n'))
    .map((text) => compileMap({ file: 'map.yaml', text }).model)
    .filter((made) => made !== undefined);
  fc.assert(
    fc.property(some, some, (a, b) => {
      const { added, removed, changed } = compareMaps(a, b);
      expect(a.hash === b.hash).toBe(added.length + removed.length + changed.length === 0);
    }),
    { numRuns: 40 },
  );
});
