import { expect, test } from 'vitest';
import { compileMap } from './code/compile.ts';
import { sizedMap } from './sized-map.suite.ts';

test.each([
  [20, 20],
  [60, 83],
  [120, 168],
  [250, 381],
  [500, 797],
])('a map of %i nodes is right, and has about %i edges', (nodes, edges) => {
  const { model, faults } = compileMap({ file: 'map.yaml', text: sizedMap(nodes).text });
  expect(faults).toEqual([]);
  expect(model?.nodes.size).toBe(nodes);
  expect(model?.processes.size).toBe(3);
  expect(model?.streams).toHaveLength(2);
  expect(Math.abs((model?.edges.length ?? 0) - edges)).toBeLessThanOrEqual(10);
});

test('the same size gives the same map', () => {
  expect(sizedMap(120)).toEqual(sizedMap(120));
});
