import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CompiledMap, compileMap, importsOf } from './compile.ts';
import { exampleMap } from './map-text.suite.ts';

const compile = (text: string): CompiledMap => compileMap({ file: 'map.yaml', text });
const messages = (text: string): string[] => compile(text).faults.map(({ message }) => message);

/** What holds of whatever is compiled. */
function isSound(text: string): void {
  const { model, faults } = compile(text);
  const lines = text.split('\n').length;
  for (const { file, line, column, message } of faults) {
    expect(file).toBe('map.yaml');
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines + 1);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(message).not.toBe('');
  }
  expect(model === undefined).toBe(faults.some(({ severity }) => severity === 'error'));
  for (const { from, to } of model?.edges ?? [])
    expect([model?.nodes.has(from), model?.nodes.has(to)]).toEqual([true, true]);
  importsOf(text);
}

const pieces = exampleMap.split(/(?<=[\s{},:[\]])/);
const piece = fc.oneof(
  fc.constantFrom(...pieces),
  fc.constantFrom(
    '&a ',
    '*a',
    '<<: *a\n',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '|\n',
    '? ',
    '\t',
    '#',
  ),
  fc.constantFrom(
    '->',
    '=>',
    '~>',
    '^>',
    'need 2',
    'after 3m',
    'group:web',
    'process:checkout',
    '*',
  ),
  fc.string({ maxLength: 5 }),
);

describe('nothing makes it throw', () => {
  test('not any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), isSound), {
      numRuns: 150,
    });
  });

  test('not pieces of maps in any order', () => {
    const text = fc.array(piece, { maxLength: 60 }).map((all) => all.join(''));
    fc.assert(fc.property(text, isSound), { numRuns: 150 });
  });

  test('not a map of which a part is replaced', () => {
    const change = fc.record({
      at: fc.nat(exampleMap.length),
      length: fc.nat(12),
      put: fc.oneof(piece, fc.constant('')),
    });
    const text = fc
      .array(change, { minLength: 1, maxLength: 3 })
      .map((changes) =>
        changes.reduce(
          (sum, { at, length, put }) => sum.slice(0, at) + put + sum.slice(at + length),
          exampleMap,
        ),
      );
    fc.assert(fc.property(text, isSound), { numRuns: 150 });
  });

  test.each(['[', '- ', '{a: ', '? '])('not %s twenty thousand times', (sign) => {
    expect(messages(sign.repeat(20_000))).toEqual([
      expect.stringMatching(/more than 60 collections within each other/),
    ]);
  });
});

describe('texts of all sorts', () => {
  test('an empty file says how a map begins', () => {
    for (const text of ['', '\n', '# nothing yet\n', '---\n', 'null'])
      expect(messages(text)).toEqual([
        'the file is empty; a map begins with "schema: territory.map/1"',
      ]);
  });

  test('a map without a schema, or with another, is none', () => {
    expect(messages('nodes: {}')).toEqual(['a map begins with "schema: territory.map/1"']);
    expect(messages('schema: territory.map/2')).toEqual([
      'the format "territory.map/2" is not known; this is territory.map/1',
    ]);
  });

  test('a byte order mark and line ends of Windows change nothing', () => {
    const { model } = compile(exampleMap);
    const other = compile(`\uFEFF${exampleMap.replaceAll('\n', '\r\n')}`);
    expect(other.faults).toEqual([]);
    expect(other.model?.hash).toBe(model?.hash);
    expect(compile('\uFEFFschema: x').faults[0]).toMatchObject({ line: 1, column: 9 });
    expect(compile('schema: territory.map/1\r\nnodez: {}\r\n').faults[0]).toMatchObject({
      line: 2,
      column: 1,
    });
  });

  test('tabs are no indentation', () => {
    const { faults } = compile('schema: territory.map/1\nnodes:\n\tshop: {}\n');
    expect(faults[0]).toMatchObject({ severity: 'error', line: 3 });
    expect(faults[0]?.message).toMatch(/^this is no YAML: .*tab/i);
  });

  test('a second document is refused at its beginning', () => {
    const { faults } = compile('schema: territory.map/1\n---\nschema: territory.map/1\n');
    expect(faults).toMatchObject([{ line: 2, column: 1 }]);
    expect(faults[0]?.message).toMatch(/one map/);
  });

  test('a list is no map', () => {
    expect(messages('- a\n- b')).toEqual(['a map begins with "schema: territory.map/1"']);
  });

  test('aliases are read, and what they would blow up is refused', () => {
    const { model, faults } = compile(`schema: territory.map/1
x-base: &app {quadrant: production, kind: app, owner: team-a}
nodes:
  users: {quadrant: production, kind: actor, anchor: true}
  shop: *app
  cart: {<<: *app, owner: team-b}
`);
    expect(faults).toEqual([]);
    expect(model?.nodes.get('shop')).toMatchObject({ kind: 'app', owner: 'team-a' });
    expect(model?.nodes.get('cart')).toMatchObject({ kind: 'app', owner: 'team-b' });
    const bomb = ['x-a0: &a0 [shop, shop]'];
    for (let i = 1; i < 30; i++) bomb.push(`x-a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`);
    isSound(`schema: territory.map/1\n${bomb.join('\n')}\nedges: *a29\n`);
    const many = Array.from({ length: 1_500 }, () => '*n').join(', ');
    expect(messages(`schema: territory.map/1\nx-n: &n a\nedges: [${many}]`)).toContain(
      'there are more than 1000 uses of aliases',
    );
    isSound('schema: territory.map/1\nnodes: &n {a: *n}\n');
  });

  test('a text that is too long is refused', () => {
    expect(messages(`# ${'x'.repeat(900_000)}`)).toEqual(['a map has at most 900,000 characters']);
  });

  test('more faults than anybody reads are not listed', () => {
    const edges = Array.from({ length: 500 }, (_, i) => `  - a${i} -> b${i}`).join('\n');
    const { faults } = compile(`schema: territory.map/1\nedges:\n${edges}\n`);
    expect(faults).toHaveLength(201);
    expect(faults.map(({ message }) => message)).toContain(
      'there are more errors, which are not listed',
    );
  });

  test('a text is read in a time that grows with its length alone', () => {
    const node = '{quadrant: production, kind: app, anchor: true}';
    const few = Array.from({ length: 90 }, (_, i) => `  n${i}: ${node}`).join('\n');
    const map = (edges: string): string =>
      `schema: territory.map/1\nnodes:\n${few}\nedges:\n${edges}`;
    const lines = Array.from({ length: 60_000 }, (_, i) => `    n1 -> n${i % 90}`).join('\n');
    expect(messages(map(`  - |\n${lines}\n`))).toContain('n1 leads to itself');
    expect(messages(map('  - n* -> n*\n'.repeat(10_000)))).toContain(
      'a map has at most 10,000 edges',
    );
    const globs = Array.from({ length: 1_001 }, (_, i) => `  - n1${'*'.repeat(i + 1)} -> n1`);
    expect(messages(map(`${globs.join('\n')}\n`))).toContain(
      'there are more than 1,000 different globs',
    );
  });

  test('a map has at most so many nodes, edges and processes', () => {
    const node = '{quadrant: production, kind: app, anchor: true}';
    const nodes = Array.from({ length: 2_001 }, (_, i) => `  n${i}: ${node}`).join('\n');
    expect(messages(`schema: territory.map/1\nnodes:\n${nodes}\n`)).toEqual([
      'a map has at most 2,000 nodes',
    ]);
    const few = Array.from({ length: 150 }, (_, i) => `  n${i}: ${node}`).join('\n');
    expect(messages(`schema: territory.map/1\nnodes:\n${few}\nedges: [n* -> n*]\n`)).toEqual([
      'a map has at most 10,000 edges',
    ]);
    const processes = Array.from({ length: 201 }, (_, i) => `  p${i}: {needs: [a]}`).join('\n');
    expect(
      messages(`schema: territory.map/1\nnodes: {a: ${node}}\nprocesses:\n${processes}\n`),
    ).toEqual(['a map has at most 200 processes']);
  });
});
