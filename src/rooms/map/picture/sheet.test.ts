import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileMap } from '../code/compile.ts';
import type { MapModel } from '../model.ts';
import { sizedMap } from '../sized-map.suite.ts';
import { anyMap } from './any-map.suite.ts';
import { maxBoxes } from './collapse.ts';
import { type Expand, type Sheet, sheetOf } from './sheet.ts';

function compiled(text: string): MapModel {
  const { model, faults } = compileMap({ file: 'map.yaml', text });
  if (!model) throw new Error(JSON.stringify(faults));
  return model;
}

const small = (lines: string): MapModel => compiled(`schema: territory.map/1\n${lines}`);
const boxIds = (sheet: Sheet): string[] => sheet.boxes.map(({ id }) => id);

const shop = small(`
nodes:
  users: {quadrant: production, kind: actor, anchor: true}
  lb: {quadrant: production, kind: load-balancer}
  web/1: {quadrant: production, kind: web, group: web}
  web/2: {quadrant: production, kind: web, group: web}
  shop: {quadrant: production, kind: app}
  helpdesk: {quadrant: support, kind: role}
  dba: {quadrant: support, kind: role}
edges:
  - users -> lb
  - lb => web/* need 1
  - web/* ~> shop
  - web/1 => shop
  - helpdesk ^> dba after 90m
processes:
  checkout: {criticality: 1, needs: [lb]}
`);

describe('what is drawn', () => {
  test('nodes of one group are one box until it is opened', () => {
    const sheet = sheetOf(shop, []);
    expect(boxIds(sheet)).toEqual(['users', 'lb', 'group:web', 'shop', 'helpdesk', 'dba']);
    expect(sheet).toMatchObject({ expandable: ['web'], expanded: [] });
    for (const expand of [['web'], ['group:web'], '*'] as const) {
      const open = sheetOf(shop, expand);
      expect(boxIds(open)).toEqual(['users', 'lb', 'web/1', 'web/2', 'shop', 'helpdesk', 'dba']);
      expect(open).toMatchObject({ expandable: ['web'], expanded: ['web'] });
    }
  });

  test('edges between two boxes are one line of the most binding kind', () => {
    const { lines } = sheetOf(shop, []);
    expect(
      lines.map(({ from, to, kind, label, edges }) => [from, to, kind, label, edges.length]),
    ).toEqual([
      ['users', 'lb', 'flow', undefined, 1],
      ['lb', 'group:web', 'member', '1 of 2', 2],
      ['group:web', 'shop', 'hard', undefined, 3],
      ['helpdesk', 'dba', 'escalation', 'after 90m', 1],
    ]);
  });

  test('a long title is cut, and its box is no wider for it', () => {
    const title = 'A very long name that somebody gave to a database';
    const { boxes } = sheetOf(
      small(`nodes:\n  a: {quadrant: production, kind: app, title: "${title}"}`),
      [],
    );
    expect(boxes[0]?.title).toBe('A very long name that some…');
    expect(boxes[0]?.width).toBeLessThanOrEqual(232);
  });

  test('a group in two quadrants has a box in each', () => {
    const sheet = sheetOf(
      small(`nodes:
  a: {quadrant: production, kind: app, group: ours}
  b: {quadrant: production, kind: app, group: ours}
  c: {quadrant: pipeline, kind: test, group: ours}
  d: {quadrant: pipeline, kind: test, group: ours}
  e: {quadrant: support, kind: role, group: ours}`),
      [],
    );
    expect(boxIds(sheet)).toEqual(['group:ours@production', 'group:ours@pipeline', 'e']);
  });
});

describe('a large map', () => {
  test.each([20, 60, 120, 250, 500])('of %i nodes is at most 80 boxes', (nodes) => {
    const model = compiled(sizedMap(nodes).text);
    const { boxes } = sheetOf(model, []);
    expect(boxes.length).toBeLessThanOrEqual(maxBoxes);
    // What a process needs directly is looked for first.
    for (const { needs } of model.processes.values())
      for (const { id } of needs) expect(boxes.map((box) => box.id)).toContain(id);
  });

  test('opening one group leaves all others as they are', () => {
    const model = compiled(sizedMap(500).text);
    const before = sheetOf(model, []);
    for (const name of before.expandable) {
      const after = sheetOf(model, [name]);
      const gone = before.boxes.filter(({ id }) => !boxIds(after).includes(id));
      expect(gone.map(({ id }) => id)).toEqual([`group:${name}`]);
    }
    const [first = '', second = ''] = before.expandable;
    const both = boxIds(sheetOf(model, [first, second]));
    expect(both).not.toContain(`group:${first}`);
    expect(both).not.toContain(`group:${second}`);
  });

  test('all opened is every node', () => {
    const model = compiled(sizedMap(500).text);
    expect(boxIds(sheetOf(model, '*')).toSorted()).toEqual([...model.nodes.keys()].toSorted());
  });
});

test('every node is in one box, and every edge in one line or within a box', () => {
  fc.assert(
    fc.property(anyMap(220), fc.constantFrom<Expand>([], ['a', 'web'], '*'), (model, expand) => {
      const { boxes, lines } = sheetOf(model, expand);
      const inBoxes = boxes.flatMap(({ nodes }) => nodes);
      expect(inBoxes.toSorted()).toEqual([...model.nodes.keys()].toSorted());
      const boxOf = new Map(boxes.flatMap(({ id, nodes }) => nodes.map((node) => [node, id])));
      for (const { id, nodes, quadrant } of boxes)
        for (const node of nodes)
          expect([id, model.nodes.get(node)?.quadrant]).toEqual([id, quadrant]);
      const outside = model.edges.filter(({ from, to }) => boxOf.get(from) !== boxOf.get(to));
      const inLines = lines.flatMap(({ edges }) => edges);
      expect(inLines.toSorted()).toEqual(outside.map(({ id }) => id).toSorted());
      expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
    }),
    { numRuns: 60 },
  );
});

test('at most 80 boxes are drawn of any map, and each may be opened by a name of its own', () => {
  fc.assert(
    fc.property(anyMap(220), (model) => {
      const { boxes, expandable } = sheetOf(model, []);
      expect(boxes.length).toBeLessThanOrEqual(maxBoxes);
      expect(new Set(expandable).size).toBe(expandable.length);
      expect(sheetOf(model, '*').expanded.length).toBeGreaterThanOrEqual(expandable.length);
    }),
    { numRuns: 60 },
  );
});
