import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MapDraft } from '../draft-map.ts';
import { compileMap } from './compile.ts';
import { exampleMap } from './map-text.suite.ts';
import { mergeInto } from './merge-into.ts';

const draft: MapDraft = {
  nodes: [
    { id: 'shop', quadrant: 'production', kind: 'app', names: { service: 'shop' } },
    { id: 'haproxy', quadrant: 'production', kind: 'load-balancer', names: { service: 'haproxy' } },
    { id: 'search', quadrant: 'production', kind: 'search', names: { service: 'search' } },
  ],
  edges: [
    { from: 'shop', to: 'orders-db', kind: 'hard' },
    { from: 'shop', to: 'mail', kind: 'hard' },
    { from: 'shop', to: 'search', kind: 'hard' },
    { from: 'haproxy', to: 'shop', kind: 'hard' },
  ],
};
const node = '  search: {quadrant: production, kind: search, service: search}\n';
const edges = '  - shop => search\n  - lb => shop\n';

/** The lines that are new. */
const newLines = (before: string, after: string): string[] => {
  const there = before.split('\n');
  return after.split('\n').filter((line) => !there.includes(line));
};

test('what a map has not goes behind its last node and edge, all else stays as it is', () => {
  const merged = mergeInto(exampleMap, draft);
  const [before = '', after = ''] = exampleMap.split('edges:\n');
  const [drawn = '', rest = ''] = after.split('processes:');
  expect(merged?.text).toBe(`${before}${node}edges:\n${drawn}${edges}processes:${rest}`);
  const { faults } = compileMap({ file: 'map.yaml', text: merged?.text ?? '' });
  expect(faults).toEqual([]);
});

test('done twice it changes nothing', () => {
  const once = mergeInto(exampleMap, draft)?.text ?? '';
  expect(mergeInto(once, draft)?.text).toBe(once);
});

const head = 'schema: territory.map/1\n';
const body = 'nodes:\n  shop: {quadrant: production, kind: app}\n';

test.each([
  ['has nothing yet', head],
  ['has empty parts', `${head}nodes: {}  # soon\nedges: []\n`],
  ['has parts without a value', `${head}nodes:\nedges:\nstale: 3d\n`],
  [
    'ends without a line end',
    `${head}${body}edges:
- shop -> search`,
  ],
  ['has its parts on one line', `${head}nodes: {shop: {quadrant: production, kind: app}} # here\n`],
  [
    'is indented otherwise',
    `${head}nodes:\n      shop:\n        quadrant: production\n        kind: app\n`,
  ],
  ['ends in comments', `${head}${body}  # the end\n\n# really\n`],
  ['has no edges', `${head}${body}`],
])('into a map that %s', (_, text) => {
  const only: MapDraft = {
    nodes: draft.nodes.slice(2),
    edges: [{ from: 'search', to: 'shop', kind: 'hard' }],
  };
  const withShop = { ...only, nodes: [...draft.nodes.slice(0, 1), ...only.nodes] };
  const merged = mergeInto(text, withShop)?.text ?? '';
  const { model, faults } = compileMap({ file: 'map.yaml', text: merged });
  expect(faults.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect([...(model?.nodes.keys() ?? [])]).toEqual(['shop', 'search']);
  expect(newLines(text, merged).join('\n')).toMatch(/search => shop/);
  for (const comment of text.match(/#.*/g) ?? []) expect(merged).toContain(comment);
});

test('conditions of events stay as they are written, whatever is written anew', () => {
  const stages = `streams: {d: {item: change, stages: [{id: a, node: shop, enter: a.b[x=y,z=q], exit: c.d[e=f]}]}}\n`;
  const text = `${head}nodes: {shop: {quadrant: production, kind: app}}\n${stages}`;
  const merged = mergeInto(text, { ...draft, edges: [] })?.text ?? '';
  expect(merged).toContain('a.b[x=y,z=q]');
  expect(compileMap({ file: 'map.yaml', text: merged }).model?.streams).toHaveLength(1);
});

test('never throws, and what was without error stays so', () => {
  const part = fc.constantFrom(...exampleMap.split(/(?<=\n)/));
  const text = fc.array(part, { maxLength: 30 }).map((lines) => head + lines.join(''));
  fc.assert(
    fc.property(text, (any) => {
      const nodesOnly = { ...draft, edges: [] };
      const merged = mergeInto(any, nodesOnly);
      const before = compileMap({ file: 'map.yaml', text: any });
      const after = compileMap({ file: 'map.yaml', text: merged?.text ?? any });
      expect(after.model === undefined).toBe(before.model === undefined);
    }),
    { numRuns: 100 },
  );
});
