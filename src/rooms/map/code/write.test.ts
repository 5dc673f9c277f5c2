import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DraftEdge, DraftNode, MapDraft } from '../draft-map.ts';
import { quadrants } from '../model.ts';
import { compileMap } from './compile.ts';
import { snippetOf, writeDraft } from './write.ts';

const draft: MapDraft = {
  nodes: [
    {
      id: 'shop',
      quadrant: 'production',
      kind: 'app',
      names: { service: 'shop', environment: 'production' },
      comment: 'seen 1,204 times, last 2026-11-26T03:00:00Z',
    },
    { id: 'orders-db', quadrant: 'production', kind: 'database', names: { service: 'orders-db' } },
    {
      id: 'git',
      quadrant: 'pipeline',
      kind: 'repository',
      names: { repository: 'github.com/a/b' },
    },
  ],
  edges: [{ from: 'shop', to: 'orders-db', kind: 'hard', comment: '312 calls' }],
};

describe('a draft as map.yaml', () => {
  test('has a line for each node and edge, with why it is there', () => {
    expect(writeDraft(draft).split('\n').slice(3)).toEqual([
      '',
      'nodes:',
      '  # pipeline',
      '  git: {quadrant: pipeline, kind: repository, repository: github.com/a/b}',
      '',
      '  # production',
      '  # users: {quadrant: production, kind: actor, anchor: true}  # who uses it, on top',
      '  shop: {quadrant: production, kind: app, service: shop, environment: production}  # seen 1,204 times, last 2026-11-26T03:00:00Z',
      '  orders-db: {quadrant: production, kind: database, service: orders-db}',
      '',
      'edges:',
      '  - shop => orders-db  # 312 calls',
      '',
    ]);
  });

  test('of nothing is a map of nothing', () => {
    const { model, faults } = compileMap({
      file: 'map.yaml',
      text: writeDraft({ nodes: [], edges: [] }),
    });
    expect(faults).toEqual([]);
    expect(model?.nodes.size).toBe(0);
  });

  test('in part has its lines alone, and names what they belong to where it has both', () => {
    expect(snippetOf({ nodes: draft.nodes.slice(1, 2), edges: [] })).toBe(
      '  orders-db: {quadrant: production, kind: database, service: orders-db}\n',
    );
    expect(snippetOf({ nodes: [], edges: draft.edges })).toBe(
      '  - shop => orders-db  # 312 calls\n',
    );
    expect(snippetOf({ ...draft, nodes: draft.nodes.slice(1, 2) })).toBe(
      'nodes:\n  orders-db: {quadrant: production, kind: database, service: orders-db}\nedges:\n  - shop => orders-db  # 312 calls\n',
    );
  });
});

const anyText = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    'null',
    'true',
    '12',
    '~',
    '- a',
    '{',
    'a: b',
    'a #b',
    '*',
    '&a',
    '<<',
    '1e3',
    '',
  ),
  fc.constantFrom('web/1', 'a.b[c=d]', '"', "'", 'shop\nnodes:', 'need', 'after', 'a->b'),
);
const anyNode: fc.Arbitrary<DraftNode> = fc.record(
  {
    id: anyText,
    quadrant: fc.constantFrom(...quadrants),
    kind: anyText,
    title: anyText,
    owner: anyText,
    group: anyText,
    comment: anyText,
    names: fc.record(
      { service: anyText, source: anyText, nonsense: anyText },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['id', 'quadrant', 'kind'] },
);
const anyDraft: fc.Arbitrary<MapDraft> = fc.array(anyNode, { maxLength: 12 }).chain((nodes) => {
  const ids = fc.oneof(fc.constantFrom(...nodes.map(({ id }) => id), 'nobody'), anyText);
  const edge: fc.Arbitrary<DraftEdge> = fc.record(
    {
      from: ids,
      to: ids,
      kind: fc.constantFrom('flow', 'hard', 'soft', 'escalation'),
      comment: anyText,
    },
    { requiredKeys: ['from', 'to', 'kind'] },
  );
  return fc.record({ nodes: fc.constant(nodes), edges: fc.array(edge, { maxLength: 12 }) });
});

test('whatever a draft has, what is written compiles without error, with every node', () => {
  fc.assert(
    fc.property(anyDraft, (any) => {
      const text = writeDraft(any);
      const { model, faults } = compileMap({ file: 'map.yaml', text });
      expect(faults.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(model?.nodes.size).toBe(new Set(any.nodes.map(({ id }) => id)).size);
    }),
    { numRuns: 300 },
  );
});

test('a draft with more than a map may have is cut, and says so', () => {
  const nodes = Array.from({ length: 2_500 }, (_, i): DraftNode => ({
    id: `n${i}`,
    quadrant: 'production',
    kind: 'app',
  }));
  const text = writeDraft({ nodes, edges: [] });
  const { model, faults } = compileMap({ file: 'map.yaml', text });
  expect(faults.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(model?.nodes.size).toBe(2_000);
  expect(text).toContain('There was more than a map may have');
});
