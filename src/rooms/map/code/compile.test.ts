import { describe, expect, test } from 'vitest';
import { type CompiledMap, compileMap } from './compile.ts';
import { exampleMap } from './map-text.suite.ts';

const compile = (text: string): CompiledMap => compileMap({ file: 'map.yaml', text });

/** `line:column severity message` of each fault. */
const told = ({ faults }: CompiledMap): string[] =>
  faults.map(
    ({ line, column, severity, message }) =>
      `${line}:${column}${severity === 'warning' ? ' (warning)' : ''} ${message}`,
  );

describe('the example of the format', () => {
  const { model, faults } = compile(exampleMap);

  test('has no faults', () => expect(faults).toEqual([]));

  test('its edges are of all five kinds', () => {
    const of = (kind: string) =>
      model?.edges.filter((edge) => edge.kind === kind).map(({ id }) => id);
    expect(of('flow')).toEqual(['users->lb', 'lb->shop']);
    expect(of('hard')).toEqual(['shop=>orders-db']);
    expect(of('soft')).toEqual(['shop~>mail']);
    expect(of('member')).toEqual(['lb=>web/*[web/1]', 'lb=>web/*[web/2]', 'lb=>web/*[web/3]']);
    expect(of('escalation')).toEqual(['helpdesk^>second-line', 'second-line^>dba']);
    expect(model?.edges.find(({ id }) => id === 'second-line^>dba')?.after).toBe(1_800_000);
  });

  test('its group and its process need what they say', () => {
    expect(model?.groups).toMatchObject([
      { id: 'lb=>web/*', from: 'lb', members: ['web/1', 'web/2', 'web/3'], need: 2, text: 'web/*' },
    ]);
    expect(model?.processes.get('checkout')).toMatchObject({
      criticality: 1,
      needs: ['lb', 'shop', 'payments'].map((id) => ({ id, kind: 'hard' })),
      sli: { measure: 'rate(order.placed)', ok: '> 0.5 of same hour last week' },
    });
  });

  test('its patterns of events have their conditions', () => {
    const [delivery] = model?.streams ?? [];
    expect(delivery?.stages.map(({ id }) => id)).toEqual([
      'code',
      'review',
      'build',
      'staging',
      'release',
    ]);
    expect(delivery?.stages[3]?.exit).toEqual([
      {
        subject: 'testsuiterun',
        predicate: 'finished',
        where: [
          { field: 'env', values: ['staging'] },
          { field: 'outcome', values: ['pass'] },
        ],
        text: 'testsuiterun.finished[env=staging,outcome=pass]',
      },
    ]);
    expect(delivery?.stages[1]?.active).toMatchObject([
      { start: { text: 'review.started' }, end: { text: 'change.reviewed' } },
    ]);
  });
});

const head = 'schema: territory.map/1\n';
const nodes = `${head}nodes:
  users: {quadrant: production, kind: actor, anchor: true}
  lb: {quadrant: production, kind: load-balancer}
  web/1: {quadrant: production, kind: app, group: web}
  web/2: {quadrant: production, kind: app, group: web}
  db: {quadrant: production, kind: database}
`;

describe('what is wrong is told where it stands', () => {
  test.each([
    ['edges:\n  - lb -> dbb', '9:11 there is no node "dbb". Did you mean "db"?'],
    ['edges:\n  - "lb -> dbb"', '9:12 there is no node "dbb". Did you mean "db"?'],
    [
      'edges:\n  - |\n    lb -> db\n    lb -> dbb',
      '11:11 there is no node "dbb". Did you mean "db"?',
    ],
    ['edges:\n  - lb ->\n      dbb', '10:7 there is no node "dbb". Did you mean "db"?'],
    ['edges: [lb => web/* need 3]', '8:21 3 of web/* are needed, and there are 2'],
    ['edges: [lb => group:web need 3]', '8:25 3 of group:web are needed, and there are 2'],
    ['edges: [lb => group:wep]', '8:15 no node has the group "wep". Did you mean "web"?'],
    [
      'edges: [lb => web]',
      '8:15 there is no node "web", but a group: write group:web for its members',
    ],
    ['edges: [lb => app/*]', '8:15 no id of a node fits "app/*"'],
    ['edges: [lb => lb]', '8:12 lb leads to itself'],
    ['edges: [lb]', /^8:11 an edge has two ends/],
    ['edges: [lb -> ]', '8:14 it ends where the id of a node is expected'],
    ['edges: [lb > db]', /^8:12 here is ">" where "->" \(flow\)/],
    ['edges: [lb ~> web/* need 1]', /^8:21 "need" stands behind what is needed/],
    ['edges: [lb => db after 3m]', /^8:18 "after" stands behind an escalation/],
    ['edges: [lb ^> db after soon]', '8:24 "after" is a duration such as 30m or 2h'],
    ['edges: ["lb => {web/1, web/2 need 1"]', '8:30 a "}" or a comma is missing'],
    ['edges: [{lb: db}]', /^8:9 an edge is a text/],
    ['edges: [lb -> db, lb -> db]', '8:22 (warning) this edge is drawn already, at line 8'],
    [
      'edges: [users -> pay]\nprocesses: {pay: {needs: [lb]}}',
      '8:18 "pay" is a process: what it needs stands under "processes"',
    ],
    ['edges:\n  - lb => {web/1, db} need 3', '9:23 3 of {web/1, db} are needed, and there are 2'],
    ['edges: [lb => {web/1, dbb} need 1]', '8:23 there is no node "dbb". Did you mean "db"?'],
    ['processes: {shop: {needs: [lb, {web/1, dbb} need 1]}}', /^8:40 there is no node "dbb"/],
    ['nodez: {}', '8:1 there is no "nodez" in a map. Did you mean "nodes"?'],
    ['processes: {shop: {}}', /^8:13 \(warning\) nothing tells how "shop" is/],
    ['processes: {shop: {needs: [~dbb]}}', '8:29 there is no node "dbb". Did you mean "db"?'],
    ['processes: {shop: {needs: [shop]}}', '8:28 "shop" needs itself'],
    ['processes: {shop: {needs: [db], criticality: 0}}', /^8:46 "criticality" is a whole number/],
    ['processes: {shop: {observed: {sli: "rate(", ok: "> 1"}}}', /^8:4\d /],
    ['processes: {shop: {observed: {sli: "rate(a.b)", ok: "around 1"}}}', /^8:54 /],
    ['stale: soon', '8:8 "stale" is a duration such as 90s, 30m, 12h or 7d'],
    [
      'bind: [{match: {service: x}}]',
      '8:17 no binding compares "service". Did you mean "service.name"?',
    ],
    [
      'bind: [{match: {source: "{node.sorce}"}}]',
      '8:32 nodes have no name "sorce". Did you mean "source"?',
    ],
    ['bind: [{match: {source: "x"}, node: dd}]', '8:37 there is no node "dd". Did you mean "db"?'],
  ])('%s', (text, fault) => {
    const faults = told(compile(`${nodes}${text}\n`));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(fault);
  });
});

test('conditions and braces need no quotes, wherever they stand', () => {
  const { model, faults } = compile(`${nodes}edges:
  - {users, db} -> lb
  - lb => {web/1, group:web} need 1 # one
  - "lb ~> {db}"
processes: {shop: {needs: [lb, ~{web/1, web/2}, "{db, lb} need 1", {db, web/1} need 2]}}
streams:
  d: {item: change, stages: [{id: a, node: lb, enter: [a.b[x=y,z=q], c.d], exit: "e.f[g=h|i,j=k]"}]}
`);
  expect(faults).toEqual([]);
  expect(model?.edges.map(({ id }) => id)).toEqual([
    'users->lb',
    'db->lb',
    'lb=>{web/1,group:web}[web/1]',
    'lb=>{web/1,group:web}[web/2]',
    'lb~>db',
  ]);
  expect(model?.groups.map(({ text, need }) => [text, need])).toEqual([
    ['{web/1, group:web}', 1],
    ['{db, lb}', 1],
    ['{db, web/1}', 2],
  ]);
  expect(model?.processes.get('shop')?.needs).toEqual([
    { id: 'lb', kind: 'hard' },
    { id: 'web/1', kind: 'soft' },
    { id: 'web/2', kind: 'soft' },
  ]);
  const [stage] = model?.streams[0]?.stages ?? [];
  expect(stage?.enter.map(({ text }) => text)).toEqual(['a.b[x=y,z=q]', 'c.d']);
  expect(stage?.exit[0]?.where).toEqual([
    { field: 'g', values: ['h', 'i'] },
    { field: 'j', values: ['k'] },
  ]);
});
