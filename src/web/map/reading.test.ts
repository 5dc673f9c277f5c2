import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileMap } from '../../rooms/map/code/compile.ts';
import type {
  HealthWord,
  MapAnswer,
  MapHealth,
  MapNodeView,
  MapProblemView,
  MapProcessView,
} from '../../server/api/contract-map.ts';
import { endsOf, limitLines, readingsOf } from './drawer/limits.ts';
import { byKind } from './problems/problem-kinds.ts';
import { firstMap } from './source/first-map.ts';
import { insertSnippet } from './source/insert-snippet.ts';
import { ownLines } from '../kit/line-marks.ts';
import { indexOf } from './table/map-index.ts';
import { treeOf } from './table/tree.ts';
import { becauseText, countedStates, needText, worstOf } from './table/words.ts';

const health = (shown: HealthWord, changes: Partial<MapHealth> = {}): MapHealth => ({
  observed: shown,
  inferred: 'ok',
  shown,
  because: [],
  since: null,
  contradiction: false,
  evidence: [],
  ...changes,
});
const evidence = (text: string, state: HealthWord = 'down'): MapHealth['evidence'][number] => ({
  kind: 'check',
  state,
  name: 'alive',
  text,
  time: 0,
  stale: false,
  stream: 'readings',
  offset: 7,
});
const node = (id: string, changes: Partial<MapNodeView> = {}): MapNodeView => ({
  id,
  quadrant: 'production',
  kind: 'app',
  title: id,
  anchor: false,
  release: false,
  roles: [],
  mix: {},
  names: {},
  metrics: [],
  links: [],
  processes: [],
  criticality: null,
  lastEvent: null,
  declared: { file: 'map.yaml', line: 1, column: 1 },
  health: health('ok'),
  ...changes,
});
const process = (id: string, changes: Partial<MapProcessView> = {}): MapProcessView => ({
  id,
  title: id,
  criticality: 1,
  needs: [],
  health: health('ok'),
  ...changes,
});

const shop: Pick<MapAnswer, 'nodes' | 'edges' | 'processes'> = {
  nodes: [
    node('web1', { group: 'web' }),
    node('git', { quadrant: 'pipeline' }),
    node('api', {
      title: 'API',
      owner: 'team blue',
      health: health('down', { because: ['api', 'db'] }),
    }),
    node('web2', { group: 'web', health: health('no-evidence') }),
    node('db', {
      health: health('down', { because: ['db'], evidence: [evidence('no heartbeat for 5 min')] }),
    }),
  ],
  edges: [
    { id: 'api=>db', from: 'api', to: 'db', kind: 'hard' },
    { id: 'api~>git', from: 'api', to: 'git', kind: 'soft' },
    { id: '1', from: 'api', to: 'web1', kind: 'member', group: 'api=>web/*', need: 1 },
    { id: '2', from: 'api', to: 'web2', kind: 'member', group: 'api=>web/*', need: 1 },
    { id: '3', from: 'git', to: 'api', kind: 'escalation', after: 1_800_000 },
  ],
  processes: [
    process('checkout', {
      needs: [{ id: 'api', kind: 'hard' }],
      health: health('down', { because: ['process:checkout', 'api', 'db'] }),
    }),
  ],
};
const index = indexOf(shop);
const usual = (): undefined => undefined;
const keys = (find: string, states: Parameters<typeof treeOf>[1]['states'] = 'all') =>
  treeOf(shop, { text: find, states }, usual).map(({ key, level }) => `${level} ${key}`);

test('the tree has the processes first, then the quadrants; groups are closed', () => {
  expect(keys('')).toEqual([
    '1 part:processes',
    '2 process:checkout',
    '1 part:production',
    '2 part:production/web',
    '2 api',
    '2 db',
    '1 part:pipeline',
    '2 git',
  ]);
});

test('a filter leaves what fits, with what it stands in, and opens groups', () => {
  expect(keys('WEB2')).toEqual(['1 part:production', '2 part:production/web', '3 web2']);
  expect(keys('blue app')).toEqual(['1 part:production', '2 api']);
  expect(keys('', 'no-evidence')).toEqual(keys('web2'));
  expect(keys('', 'not-ok')).toContain('3 web2');
  expect(keys('', 'not-ok')).not.toContain('2 git');
  expect(keys('nothing of that')).toEqual([]);
});

test('what a person opens and closes stays so, and each row knows its place', () => {
  const opened = new Map([
    ['part:processes', false],
    ['part:production/web', true],
  ]);
  const rows = treeOf(shop, { text: '', states: 'all' }, (key) => opened.get(key));
  expect(rows.map(({ key, place, siblings }) => [key, place, siblings])).toEqual([
    ['part:processes', 1, 3],
    ['part:production', 2, 3],
    ['part:production/web', 1, 3],
    ['web1', 1, 2],
    ['web2', 2, 2],
    ['api', 2, 3],
    ['db', 3, 3],
    ['part:pipeline', 3, 3],
    ['git', 1, 1],
  ]);
  expect(rows.find(({ key }) => key === 'web2')?.parent).toBe('part:production/web');
});

test('a cause is said in one sentence, from the cause to what stands between', () => {
  const text = (id: string): string | undefined => {
    const thing = index.thing(id);
    return thing && becauseText(thing.health, index);
  };
  expect(text('process:checkout')).toBe('db is down, through API: no heartbeat for 5 min');
  expect(text('api')).toBe('db is down: no heartbeat for 5 min');
  expect(text('db')).toBe('no heartbeat for 5 min');
  expect(text('git')).toBe('');
  expect(text('web2')).toBe('nothing is known of it');
});

test('needs are read in both directions, those of a group together', () => {
  const texts = (ids: readonly { readonly kind: string }[]) => ids.map(({ kind }) => kind);
  expect(index.needs('api').map((need) => needText(need, index.titleOf))).toEqual([
    'db',
    'git (soft)',
    '1 of web1, web2',
  ]);
  expect(index.needs('git').map((need) => needText(need, index.titleOf))).toEqual([
    'escalates to API after 30 min',
  ]);
  const many = { kind: 'member', need: 2, name: 'web/*', ids: ['1', '2', '3', '4'] } as const;
  expect(needText(many, index.titleOf)).toBe('2 of the 4 web/*');
  expect(texts(index.neededBy('api'))).toEqual(['escalation', 'hard']);
  expect(index.neededBy('web1')[0]?.ids).toEqual(['api']);
});

test('not to know is worse than ok, and never ok', () => {
  expect(worstOf(['ok', 'no-evidence'])).toBe('no-evidence');
  expect(worstOf(['no-evidence', 'at-risk', 'ok'])).toBe('at-risk');
  expect(worstOf([])).toBeUndefined();
  expect(countedStates(['ok', 'down', 'no-evidence', 'ok'])).toBe('1 down, 1 no evidence, 2 ok');
});

test.each([
  ['500', [500]],
  ['10:', [10]],
  ['~:10', [10]],
  ['0:10', [10]],
  ['@5:10', [5, 10]],
  ['-1.5:2', [-1.5, 2]],
  ['', []],
  ['nonsense', []],
])('the ends of the range %j are %j', (range, ends) => {
  expect(endsOf(range)).toEqual(ends);
});

test('the chart of a metric asks by the names of its node, and has its limits', () => {
  expect(readingsOf({ service: 'shop', environment: 'live' }, 'p99')).toBe(
    '(name = "p99") and (service = "shop") and (environment = "live")',
  );
  expect(readingsOf({ host: 'web*' }, 'load')).toBe('(name = "load") and (host =~ "web%")');
  expect(readingsOf({}, 'load')).toBe('name = "load"');
  const limits = [{ metric: 'p99', warning: '500', critical: '1000' }, { metric: 'load' }];
  expect(limitLines(node('a', { limits }), 'p99')).toEqual([
    { severity: 'warning', value: 500 },
    { severity: 'critical', value: 1000 },
  ]);
});

const problem = (changes: Partial<MapProblemView>): MapProblemView => ({
  id: '',
  kind: 'stale',
  message: '',
  since: 0,
  age: 0,
  severity: 'warning',
  evidence: [],
  ...changes,
});

test('errors of the map stand by kind, what misleads most first, and of a kind the oldest', () => {
  const groups = byKind([
    problem({ id: 'young', since: 5 }),
    problem({ id: 'old', since: 1 }),
    problem({ id: 'warning', kind: 'file' }),
    problem({ id: 'error', kind: 'file', since: 9, severity: 'error' }),
  ]);
  expect(groups.map(({ kind, problems }) => [kind, problems.map(({ id }) => id)])).toEqual([
    ['file', ['error', 'warning']],
    ['stale', ['old', 'young']],
  ]);
});

const text = `# our shop
nodes:
  shop: {kind: app}   # ours

  # people
  users: {kind: actor}

edges:
- users -> shop

processes: {}
`;

test('lines are put where they belong, and what is there stays as it is written', () => {
  const nodes = insertSnippet(text, 'nodes:\n    mail:\n      kind: app\n');
  expect(nodes).toEqual({
    text: text.replace('actor}\n', 'actor}\n  mail:\n    kind: app\n'),
    line: 7,
  });
  expect(insertSnippet(text, 'mail: {kind: app}\n- shop => mail').text).toBe(
    text
      .replace('actor}\n', 'actor}\n  mail: {kind: app}\n')
      .replace('-> shop\n', '-> shop\n- shop => mail\n'),
  );
  expect(insertSnippet(text, 'processes:\n  buy: {criticality: 1}').text).toBe(
    text.replace('processes: {}', 'processes:\n  buy: {criticality: 1}'),
  );
  expect(insertSnippet('schema: territory.map/1\n', '  mail: {kind: app}')).toEqual({
    text: 'schema: territory.map/1\n\nnodes:\n  mail: {kind: app}\n',
    line: 4,
  });
  expect(insertSnippet('', '  - a => b')).toEqual({ text: 'edges:\n  - a => b\n', line: 2 });
});

test('putting lines in never takes a line away', () => {
  const line = fc.constantFrom(
    'nodes:',
    'edges:',
    '  a: {}',
    '- a => b',
    '  - b',
    '',
    '# c',
    'x: y',
  );
  fc.assert(
    fc.property(fc.array(line), fc.array(line, { minLength: 1 }), (lines, added) => {
      const before = lines.join('\n');
      const after = insertSnippet(before, added.join('\n'));
      const kept = after.text.split('\n');
      for (const one of lines.filter((l) => l !== '')) expect(kept).toContain(one);
      expect(after.line).toBeGreaterThanOrEqual(1);
      expect(after.line).toBeLessThanOrEqual(kept.length);
    }),
  );
});

test('of two texts the lines that only one has are marked', () => {
  expect(ownLines('a\nb\nb\nc', 'a\nb\nd')).toEqual([false, false, true, true]);
  expect(ownLines('a', 'a')).toEqual([false]);
});

test('the small map to start with has no fault', () => {
  expect(compileMap({ file: 'map.yaml', text: firstMap }).faults).toEqual([]);
});

test('lines put into the small map are a map again', () => {
  const added = 'nodes:\n  mail: {quadrant: production, kind: mail}\nedges:\n  - shop ~> mail\n';
  const { model, faults } = compileMap({
    file: 'map.yaml',
    text: insertSnippet(firstMap, added).text,
  });
  expect(faults).toEqual([]);
  expect(model?.edges.map(({ id }) => id)).toContain('shop~>mail');
});
