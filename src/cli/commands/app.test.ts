import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasCommand } from '../../intake/nagios/installed.suite.ts';
import { readManifest } from '../../rooms/releases/manifest/read.ts';
import { loadConfig } from '../../server/config/load.ts';
import { type Ran, runHere } from '../running.suite.ts';

/** A folder with these files. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'territory-app-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const search = `app: search
port: 3009
health: {ready: '/mainstream/search?q="search $HOME"'}
owner: team 'search'
needs: [search-index, ~spelling]
promote: {order: [staging, production]}
`;

describe('what is made is taken by what it is for', () => {
  const folder = folderOf({ 'territory.yaml': search });
  const out = join(folder, 'made');
  let made: Ran = { code: null, out: '', err: '' };
  beforeAll(async () => {
    made = await runHere(['app', 'bundle', folder, '--out', out, '--instances', '2']);
  });

  test('the files are named as they are written', () => {
    expect({ code: made.code, err: made.err }).toEqual({ code: 0, err: '' });
    for (const line of made.out.trim().split('\n'))
      expect(existsSync(line.split('  ')[0] ?? '')).toBe(true);
    expect(made.out).toContain('haproxy/search.staging.cfg');
  });

  test('rules: territory rules check, and they alert when they should', async () => {
    const rules = join(out, 'rules');
    const checked = await runHere(['rules', 'check', rules]);
    expect(checked).toMatchObject({ code: 0, err: '1 file, 5 rules, 0 problems\n' });
    writeFileSync(join(rules, 'search.test.ts'), rulesTest);
    const ran = await runHere(['rules', 'test', rules]);
    expect(ran.err + ran.out).toContain('3 tests passed');
    expect(ran.code).toBe(0);
  });

  test('map: territory map check, without a warning', async () => {
    const { code, out: said, err } = await runHere(['map', 'check', join(out, 'map/map.yaml')]);
    expect({ code, said, err }).toEqual({
      code: 0,
      said: '',
      err: '5 nodes, 4 edges, 0 processes; 0 errors, 0 warnings\n',
    });
  });

  test.skipIf(!hasCommand('haproxy', 'haproxy'))('load balancer: haproxy -c', () => {
    const own = join(folder, 'haproxy.cfg');
    writeFileSync(
      own,
      'frontend front\n  bind 127.0.0.1:7380\n  mode http\n  timeout client 30s\n  default_backend search\n',
    );
    for (const name of ['staging', 'production']) {
      const backend = join(out, `haproxy/search.${name}.cfg`);
      const { status, stderr } = spawnSync('haproxy', ['-c', '-f', own, '-f', backend]);
      expect({ status, said: stderr.toString() }).toEqual({ status: 0, said: '' });
    }
  });

  test('sources: the configuration of a server', () => {
    const loaded = loadConfig({ file: join(out, 'sources/search.yaml') });
    expect(loaded.ok).toBe(true);
  });
});

/** Runs in the rules' own world. */
const rulesTest = `import { test, world } from 'territory/rules/test';

const service = 'search';
const said = (w: ReturnType<typeof world>): string =>
  w.actions('alert').map((one) => one.severity).join();
function requests(failing: number): string {
  const w = world('./search.ts');
  for (let s = 0; s < 600; s += 10) {
    const bad = s < 60 ? 0 : failing;
    w.at(\`\${s}s\`, { service, name: 'http.requests', metric: 100 - bad, attributes: { code: '200' } });
    w.at(\`\${s}s\`, { service, name: 'http.requests', metric: bad, attributes: { code: '503' } });
  }
  return said(w);
}
function expectThat(found: string, wanted: string): void {
  if (found !== wanted) throw new Error(\`it said "\${found}", not "\${wanted}"\`);
}
test('the share of 5xx', () => {
  expectThat(requests(3), '');
  expectThat(requests(8), 'warning');
  expectThat(requests(30), 'critical');
});
test('another service is none of its', () => {
  const w = world('./search.ts');
  w.at('1s', { service: 'other', type: 'heartbeat', host: 'a' });
  w.advance('10m');
  expectThat(said(w), '');
});
test('who falls silent', () => {
  const w = world('./search.ts');
  w.at('1s', { service, type: 'heartbeat', host: 'a' });
  w.advance('10m');
  expectThat(said(w), 'critical');
});
`;

test('without a folder the files are printed, as JSON too', async () => {
  const folder = folderOf({ 'territory.yaml': 'app: tiny\n' });
  const { code, out, err } = await runHere(['app', 'bundle', folder, '--env', 'production:7301']);
  expect(code).toBe(0);
  expect(out).toMatch(/^==> sources\/tiny\.yaml <==\n/);
  expect(err).toContain('no checks and no load balancer');
  const json = JSON.parse((await runHere(['app', 'bundle', folder, '--json'])).out) as {
    files: unknown[];
  };
  expect(json.files).toHaveLength(6);
});

test.each([
  [['--env', 'no environment'], '"no environment" is no environment: NAME or NAME:PORT'],
  [['--env', 'a:0'], '0 is no port'],
  [['--instances', '0'], 'between 1 and 100 instances'],
  [['--server', 'ftp://x'], '"ftp://x" is no http or https address'],
])('%j is wrong usage', async (flags, message) => {
  const { code, err } = await runHere([
    'app',
    'bundle',
    folderOf({ 'territory.yaml': 'app: a' }),
    ...flags,
  ]);
  expect(code).toBe(2);
  expect(err).toContain(message);
});

test('faults of the manifest have their places', async () => {
  const folder = folderOf({ 'territory.yaml': 'app: shop\nprot: 3009\n' });
  const { code, err } = await runHere(['app', 'bundle', folder]);
  expect(code).toBe(2);
  expect(err).toMatch(/there is no "prot".* \(.*territory\.yaml:2:1\)/);
  expect((await runHere(['app', 'bundle', '/nowhere'])).err).toContain(
    '`territory init` writes a first one',
  );
});

describe('init', () => {
  const application = {
    'package.json': '{"name": "@acme/shop", "scripts": {"start": "node src/server.js"}}',
    'src/server.js': "app.get('/healthcheck/ready', ok);\napp.listen(process.env.PORT || 3009);\n",
    'migrations/0001.up.sql': 'create table a (x int);',
  };

  test('writes a manifest once', async () => {
    const folder = folderOf(application);
    const { code, out, err } = await runHere(['init', folder]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const text = readFileSync(join(folder, 'territory.yaml'), 'utf8');
    expect(out).toBe(`${join(folder, 'territory.yaml')}\n${text}`);
    const { manifest, faults } = readManifest('territory.yaml', text);
    expect(faults).toEqual([]);
    expect(manifest).toMatchObject({
      app: 'shop',
      type: 'node',
      port: 3009,
      health: { ready: '/healthcheck/ready' },
    });
    const again = await runHere(['init', folder]);
    expect(again.code).toBe(2);
    expect(again.err).toContain('is there already; --force writes over it');
    expect((await runHere(['init', folder, '--force'])).code).toBe(0);
    expect((await runHere(['app', 'bundle', folder])).code).toBe(0);
  });

  test('only looks with --print, and says what it guessed', async () => {
    const folder = folderOf({ Procfile: 'web: ./search\n' });
    const { out, err } = await runHere(['init', folder, '--print']);
    expect(out).toContain('type: procfile\nport: 3000\n');
    expect(err).toContain('guessed: port 3000');
    expect(existsSync(join(folder, 'territory.yaml'))).toBe(false);
  });
});
