import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileMap } from '../code/compile.ts';
import { snippetOf } from '../code/write.ts';
import { readImports } from './read-imports.ts';

const read = (...texts: readonly string[]) =>
  readImports(new Map(texts.map((text, i) => [`file${i + 1}.yaml`, text])));
const linesOf = (...texts: readonly string[]): string[] =>
  snippetOf(read(...texts))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** As Backstage's own examples have them. */
const catalogue = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: artist-web
  title: Artist Web
  description: The place to be, for great artists
  annotations:
    github.com/project-slug: acme/artist-web
spec:
  type: website
  lifecycle: production
  owner: artist-relations-team
  system: public-websites
  dependsOn:
    - resource:default/artists-db
    - component:artist-lookup
  consumesApis: [artist-api]
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: artist-lookup
  annotations:
    backstage.io/source-location: url:https://gitlab.com/acme/music/lookup/-/tree/main/
spec:
  type: service
  lifecycle: experimental
  owner: group:default/artist-relations-team
  providesApis: [artist-api]
  dependencyOf: ['component:default/reports']
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: artist-api}
spec: {type: openapi, lifecycle: production, owner: artist-relations-team, definition: {$text: ./api.yaml}}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: artists-db}
spec: {type: database, owner: dba}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: strings}
spec: {type: library, lifecycle: production, owner: x}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: artist-relations-team}
spec: {type: team, profile: {displayName: Artist Relations}, children: []}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: public-websites}
spec: {owner: x}
`;

describe('catalog-info.yaml of Backstage', () => {
  test('components and resources are nodes, an API is who provides it', () => {
    expect(linesOf(catalogue)).toEqual([
      'nodes:',
      'artist-web: {quadrant: production, kind: web, title: Artist Web, description: "The place to be, for great artists", owner: Artist Relations, group: public-websites, service: artist-web, repository: github.com/acme/artist-web}  # lifecycle: production',
      'artist-lookup: {quadrant: production, kind: app, owner: Artist Relations, service: artist-lookup, repository: gitlab.com/acme/music/lookup}  # lifecycle: experimental',
      'artists-db: {quadrant: production, kind: database, owner: dba, service: artists-db}',
      'reports: {quadrant: production, kind: app, service: reports}',
      'edges:',
      '- artist-web => artists-db',
      '- artist-web => artist-lookup',
      '- reports => artist-lookup',
    ]);
  });

  test('an API that nobody provides is a node', () => {
    const entity = (kind: string, name: string, spec: string): string =>
      `apiVersion: backstage.io/v1beta1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
    const lines = linesOf(
      entity('Component', 'shop', '{type: service, consumesApis: [payments, other/taxes]}'),
      entity('API', 'payments', '{type: grpc}'),
    );
    expect(lines).toContain('payments: {quadrant: production, kind: api}');
    expect(lines).toContain('other/taxes: {quadrant: production, kind: api, service: taxes}');
    expect(lines).toContain('- shop => payments');
  });

  test('a part that does not work is a whole that does not', () => {
    expect(
      linesOf(
        'kind: Component\nmetadata: {name: search-index}\nspec: {type: service, subcomponentOf: search}',
      ),
    ).toContain('- search => search-index');
  });

  test('two things of one name have two ids', () => {
    const of = (kind: string): string => `kind: ${kind}\nmetadata: {name: shop}\nspec: {}\n`;
    expect(read(of('Component'), of('Resource')).nodes.map(({ id }) => id)).toEqual([
      'shop',
      'shop-resource',
    ]);
  });

  test('what is wrong is told with its place', () => {
    const text = 'kind: Component\nmetadata: {name: shop}\nspec:\n  dependsOn: [a, "b c"]\n';
    expect(read(text).faults).toEqual([
      {
        severity: 'warning',
        message: 'this is no reference to an entity, such as component:shop',
        file: 'file1.yaml',
        line: 4,
        column: 18,
      },
    ]);
  });
});

describe('territory.yaml of an application', () => {
  const shop = `app: shop                       # = service.name on every event
type: node
port: 3009
health: {ready: /healthcheck/ready, version: /healthcheck/ready#version}
owner: team-checkout
provides: [shop-api@2]
needs: [orders-db, payments-api@1, ~mail]
database:
  orders-db: {migrations: migrations/, style: up-down-sql}
strategy: {kind: blue-green, settle: 45s, drain: 30s, keep-old: 15m}
`;

  test('is a node that needs others', () => {
    expect(linesOf(shop)).toEqual([
      'nodes:',
      'shop: {quadrant: production, kind: app, owner: team-checkout, service: shop}',
      'orders-db: {quadrant: production, kind: database, service: orders-db}',
      'payments-api: {quadrant: production, kind: app, service: payments-api}',
      'mail: {quadrant: production, kind: app, service: mail}',
      'edges:',
      '- shop => orders-db',
      '- shop => payments-api',
      '- shop ~> mail',
    ]);
  });

  test('an API that another application provides is that application', () => {
    const pay =
      'app: payments\nprovides: [payments-api@1]\nneeds: {bank: {optional: true}, shop: }\n';
    expect(linesOf(shop, pay)).toEqual(
      expect.arrayContaining(['- shop => payments', '- payments ~> bank', '- payments => shop']),
    );
  });

  test('may be found in a catalogue as well', () => {
    const { nodes, edges } = read(catalogue, 'app: shop\nneeds: [artist-api, artists-db]\n');
    expect(nodes).toHaveLength(5);
    expect(edges.filter(({ from }) => from === 'shop').map(({ to }) => to)).toEqual([
      'artist-lookup',
      'artists-db',
    ]);
  });

  test('what else is no file to import', () => {
    expect(read('data: /var/lib/territory\n').faults).toMatchObject([
      { severity: 'error', line: 1, column: 1 },
    ]);
    expect(read('').faults).toMatchObject([{ severity: 'warning' }]);
    expect(read('app: [x').faults[0]?.message).toMatch(/^this is no YAML/);
  });
});

describe('under import: of a map', () => {
  const files = new Map([
    ['shop.yaml', 'app: shop\nowner: team-a\nneeds: [orders-db, mail, search]\n'],
    ['catalog-info.yaml', catalogue],
  ]);
  const head = 'schema: territory.map/1\nimport: [shop.yaml]\nnodes:\n';
  const compile = (text: string) => compileMap({ file: 'map.yaml', text, imported: files });

  test('what is declared goes before what is imported, and what is not said is taken over', () => {
    const { model, faults } =
      compile(`${head}  users: {quadrant: production, kind: actor, anchor: true}
  shop: {kind: service, at: {x: 10, y: 20}}
  db: {quadrant: production, kind: database, service: orders-db}
  mail: {quadrant: production, kind: mail}
edges:
  - shop ~> mail
`);
    expect(faults).toEqual([]);
    expect(model?.nodes.get('shop')).toMatchObject({
      quadrant: 'production',
      kind: 'service',
      owner: 'team-a',
      at: { x: 10, y: 20 },
      names: { service: 'shop' },
      place: { file: 'map.yaml', line: 5 },
    });
    expect([...(model?.nodes.keys() ?? [])].toSorted()).toEqual([
      'db',
      'mail',
      'search',
      'shop',
      'users',
    ]);
    expect(model?.edges.map(({ id }) => id)).toEqual(['shop~>mail', 'shop=>db', 'shop=>search']);
    expect(model?.edges[1]?.place).toEqual({ file: 'shop.yaml', line: 3, column: 9 });
  });

  test('what can not be read is told where it is named', () => {
    const { model, faults } = compileMap({
      file: 'map.yaml',
      text: 'schema: territory.map/1\nimport: [a.yaml, b.yaml, shop.yaml, shop.yaml]\n',
      imported: files,
      unread: new Map([['b.yaml', 'b.yaml is larger than 1 MB']]),
    });
    expect(model).toBeUndefined();
    const errors = faults.filter(({ line }) => line === 2);
    expect(errors.map(({ line, column, message }) => [line, column, message])).toEqual([
      [2, 10, 'a.yaml is not there'],
      [2, 18, 'b.yaml is larger than 1 MB'],
      [2, 37, 'shop.yaml is imported already'],
    ]);
  });

  test('an error in an imported file is an error of the map, in its place', () => {
    const { model, faults } = compileMap({
      file: 'map.yaml',
      text: 'schema: territory.map/1\nimport: [a.yaml]\n',
      imported: new Map([['a.yaml', 'app: x\nneeds: [']]),
    });
    expect(model).toBeUndefined();
    expect(faults).toMatchObject([{ file: 'a.yaml', line: 2, severity: 'error' }]);
  });
});

test('nothing makes it throw, and what it makes is a map', () => {
  const piece = fc.oneof(
    fc.constantFrom(...catalogue.split(/(?<=[\s:])/)),
    fc.constantFrom('app: a\n', 'needs: [a, ~b, c@1]\n', '---\n', '- ', '{', '*a', '&a '),
    fc.string({ unit: 'binary', maxLength: 5 }),
  );
  const text = fc.array(piece, { maxLength: 80 }).map((all) => all.join(''));
  fc.assert(
    fc.property(text, text, (one, other) => {
      const { faults } = read(one, other);
      const isWrong = faults.some(({ severity }) => severity === 'error');
      const { model } = compileMap({
        file: 'map.yaml',
        text: 'schema: territory.map/1\nimport: [a, b]\n',
        imported: new Map([
          ['a', one],
          ['b', other],
        ]),
      });
      expect(model === undefined).toBe(isWrong);
    }),
    { numRuns: 150 },
  );
});
