import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dataDir, startServer } from '../../server/compose/running.suite.ts';
import { type Ran, runHere } from '../running.suite.ts';

const map = `schema: territory.map/1
nodes:
  users: {quadrant: production, kind: actor, anchor: true}
  lb: {quadrant: production, kind: load-balancer, service: haproxy}
  shop: {quadrant: production, kind: app, service: shop}   # ours
  orders-db: {quadrant: production, kind: database, service: orders-db}
edges:
  - users -> lb -> shop
  - shop => orders-db
processes:
  checkout: {criticality: 1, needs: [shop]}
`;

function folder(files: Readonly<Record<string, string>>): string {
  const place = mkdtempSync(join(tmpdir(), 'territory-map-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(place, name, '..'), { recursive: true });
    writeFileSync(join(place, name), text);
  }
  return place;
}

describe('a map is checked without a server', () => {
  const check = (place: string, ...args: readonly string[]): Promise<Ran> =>
    runHere(['map', 'check', join(place, 'map.yaml'), ...args]);

  test('one that is right', async () => {
    expect(await check(folder({ 'map.yaml': map }))).toEqual({
      code: 0,
      out: '',
      err: '4 nodes, 3 edges, 1 process; 0 errors, 0 warnings\n',
    });
  });

  test('an error is told with file, line and column, and ends with 2', async () => {
    const place = folder({ 'map.yaml': map.replace('=> orders-db', '=> order-db') });
    expect(await check(place)).toEqual({
      code: 2,
      out: `${place}/map.yaml:9:13: there is no node "order-db". Did you mean "orders-db"?\n`,
      err: '1 error, 0 warnings\n',
    });
    const { out, code } = await check(place, '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject([{ severity: 'error', line: 9, column: 13 }]);
  });

  test('warnings alone end with 0', async () => {
    const place = folder({ 'map.yaml': map.replace('kind: app', 'kind: ap') });
    const { code, out } = await check(place);
    expect(code).toBe(0);
    expect(out).toMatch(/map\.yaml:5:38: warning: the kind "ap" has no picture .*"app"\?\n$/);
  });

  test('what it imports is read beside it, and its faults are told in its place', async () => {
    const imports = 'import: [services/shop/territory.yaml, none.yaml, ../out.yaml]\n';
    const place = folder({
      'map.yaml': map.replace('nodes:\n', `${imports}nodes:\n`),
      'services/shop/territory.yaml': 'needs: [orders-db]\n',
    });
    const { code, out } = await check(place);
    expect(code).toBe(2);
    expect(out.replaceAll(place, '.').split('\n')).toEqual([
      './map.yaml:2:40: none.yaml is not there',
      './map.yaml:2:51: ../out.yaml is not there',
      expect.stringMatching(/^\.\/services\/shop\/territory\.yaml:1:1: "app" is missing/),
      '',
    ]);
  });

  test('from stdin', async () => {
    const ran = await runHere(['map', 'check', '-'], {
      input: 'schema: territory.map/1\nnod: {}\n',
    });
    expect(ran).toMatchObject({ code: 2 });
    expect(ran.out).toMatch(/^-:2:1: there is no "nod" in a map/);
  });

  test('a file that is not there', async () => {
    const ran = await runHere(['map', 'check', '/nowhere/map.yaml']);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain('can not read /nowhere/map.yaml: it is not there');
  });
});

describe('other files are imported', () => {
  const territory = 'app: shop\nowner: team-checkout\nneeds: [orders-db, search]\n';

  test('as lines for a map', async () => {
    const place = folder({ 'territory.yaml': territory });
    expect(await runHere(['map', 'import', join(place, 'territory.yaml')])).toEqual({
      code: 0,
      err: '',
      out: `nodes:
  shop: {quadrant: production, kind: app, owner: team-checkout, service: shop}
  orders-db: {quadrant: production, kind: app, service: orders-db}
  search: {quadrant: production, kind: app, service: search}
edges:
  - shop => orders-db
  - shop => search
`,
    });
  });

  test('into a map, of which the rest stays as it is', async () => {
    const place = folder({ 'territory.yaml': territory, 'map.yaml': map });
    const file = join(place, 'map.yaml');
    const args = ['map', 'import', join(place, 'territory.yaml'), '--into', file];
    const ran = await runHere(args);
    expect(ran).toEqual({
      code: 0,
      out: '',
      err: `1 node and 1 edge put into ${file}; 0 errors, 0 warnings\n`,
    });
    const node = '  search: {quadrant: production, kind: app, service: search}\n';
    const edge = '  - shop => search\n';
    expect(readFileSync(file, 'utf8')).toBe(
      map.replace('edges:\n', `${node}edges:\n`).replace('processes:', `${edge}processes:`),
    );
    expect((await runHere(args)).err).toMatch(/^0 nodes and 0 edges/);
  });

  test('but not into a map when one of them has an error', async () => {
    const place = folder({ 'territory.yaml': 'needs: [a', 'map.yaml': map });
    const file = join(place, 'map.yaml');
    const ran = await runHere(['map', 'import', join(place, 'territory.yaml'), '--into', file]);
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/territory\.yaml:1:\d+: this is no YAML/);
    expect(readFileSync(file, 'utf8')).toBe(map);
  });
});

test('a server is asked how its map is, what would be, and what was seen', async () => {
  const data = dataDir();
  mkdirSync(join(data, 'map'), { recursive: true });
  writeFileSync(join(data, 'map', 'map.yaml'), map);
  const { url, token, send } = await startServer({ data });
  const env = { TERRITORY_URL: url, TERRITORY_TOKEN: token };
  const run = (...args: readonly string[]): Promise<Ran> => runHere(['map', ...args], { env });
  // It reads its facts first.
  await expect.poll(async () => (await run('show')).code, { timeout: 20_000 }).toBe(0);
  const simulated = await run('simulate', '--down', 'shop');
  expect(simulated).toMatchObject({ code: 0, err: '' });
  expect(simulated.out).toMatch(/^if shop went down: checkout down\n/);
  expect(simulated.out).toMatch(/^process:checkout +no evidence +down +← shop$/m);
  expect((await run('simulate', '--down', 'nobody')).code).toBe(2);

  await send([
    { type: 'check', source: 'nagios', service: 'orders-db', name: 'ping', state: 'critical' },
  ]);
  await expect
    .poll(async () => (await run('show', '--bad')).out, { timeout: 20_000 })
    .toMatch(/^ {2}orders-db +down /m);
  const { code, out } = await run('show');
  expect(code).toBe(0);
  expect(out).toMatch(/^ {2}checkout +down +← shop ← orders-db +\d{4}-/m);
  expect(out).toMatch(/^ {2}lb +no evidence$/m);
  expect(out).toMatch(/^Business processes\n/m);
  const { nodes } = JSON.parse((await run('show', '--json')).out) as { nodes: unknown[] };
  expect(nodes).toHaveLength(4);
  expect((await run('show', '--at', '2020-01-01')).out).toContain('before anything was recorded');

  const draft = await run('draft');
  expect(draft).toMatchObject({ code: 0 });
  expect(draft.out).toMatch(/^schema: territory\.map\/1$/m);
  const checked = await runHere(['map', 'check', '-'], { input: draft.out });
  expect(checked.err).toMatch(/ 0 errors/);

  const problems = await run('check');
  expect(problems).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse((await run('check', '--json')).out)).toBeInstanceOf(Array);
});
