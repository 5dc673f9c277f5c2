import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matcherOf } from './globs.ts';
import { readKeys } from './keys.ts';
import { readManifest } from './read.ts';

const whole = `app: shop                       # = service.name on every event
type: node
start: node dist/server.js
port: 3009
health: {ready: /healthcheck/ready, version: /healthcheck/ready#version}
owner: team-checkout
provides: [shop-api@2, {name: admin-api, version: 1, file: api/admin.yaml}]
needs: [orders-db, payments-api@1, ~mail]
build: {run: npm ci && npm run build, include: [dist/**, package-lock.json]}
database:
  orders-db: {migrations: migrations/, style: up-down-sql}
config:
  keys: config/keys.yaml
smoke: features/*.feature
strategy: {kind: blue-green, settle: 45s, drain: 30s, keep-old: 15m}
promote: {order: [integration, staging, production], auto: [integration]}
windows: [{allow: "Mon-Thu 09:30-17:00", tz: Europe/London}, {allow: "Fri 09:30-16:00"}]
`;

test('a whole manifest', () => {
  const { manifest, faults } = readManifest('territory.yaml', whole);
  expect(faults).toEqual([]);
  expect(manifest).toEqual({
    app: 'shop',
    type: 'node',
    start: 'node dist/server.js',
    port: 3009,
    health: { ready: '/healthcheck/ready', version: '/healthcheck/ready#version' },
    owner: 'team-checkout',
    provides: [
      { name: 'shop-api', version: '2', file: undefined },
      { name: 'admin-api', version: '1', file: 'api/admin.yaml' },
    ],
    needs: [
      { name: 'orders-db', version: undefined, soft: false },
      { name: 'payments-api', version: '1', soft: false },
      { name: 'mail', version: undefined, soft: true },
    ],
    build: {
      run: 'npm ci && npm run build',
      include: ['dist/**', 'package-lock.json'],
      limit: 900,
    },
    databases: [{ name: 'orders-db', migrations: 'migrations' }],
    keys: 'config/keys.yaml',
    smoke: ['features/*.feature'],
    strategy: { kind: 'blue-green', settle: 45, drain: 30, keepOld: 900 },
    promote: { order: ['integration', 'staging', 'production'], auto: ['integration'] },
    windows: [
      { kind: 'allow', when: 'Mon-Thu 09:30-17:00', tz: 'Europe/London' },
      { kind: 'allow', when: 'Fri 09:30-16:00', tz: 'UTC' },
    ],
  });
});

test('one line is enough', () => {
  expect(readManifest('territory.yaml', 'app: shop\n').manifest).toMatchObject({
    app: 'shop',
    type: 'bare',
    start: undefined,
    build: { run: undefined, include: [], limit: 900 },
    databases: [],
  });
});

describe('what is wrong has its place, and what may have been meant', () => {
  const faults = (text: string): string[] =>
    readManifest('territory.yaml', text).faults.map(
      ({ line, column, message }) => `${line}:${column} ${message}`,
    );
  test.each([
    ['', '1:1 the file is empty'],
    ['type: node\n', '1:1 "app" is missing'],
    ['app: shop\nprot: 3009\n', '2:1 there is no "prot" in territory.yaml. Did you mean "port"?'],
    ['app: shop\nport: 70000\n', '2:7 "port" is a whole number from 1 to 65535'],
    ['app: shop\nport: "80"\n', '2:7 "port" is a whole number'],
    ['app: ../shop\n', '1:6 "app" has letters'],
    ['app: shop\ntype: nod\n', '2:7 "type" is one of node, procfile, bare. Did you mean "node"?'],
    ['app: shop\nhealth: {ready: ready}\n', '2:17 "ready" is a path'],
    ['app: shop\nbuild: npm ci\n', '2:8 "build" holds names with values: run, include, limit'],
    [
      'app: shop\nbuild: {inclde: [a]}\n',
      '2:9 there is no "inclde" in build. Did you mean "include"?',
    ],
    ['app: shop\nbuild: {limit: soon}\n', '2:16 "limit" is a time such as 45s, 10m or 2h'],
    ['app: shop\nbuild: {limit: 900h}\n', '2:16 "limit" is a time from 1s to 24h'],
    ['app: shop\nconfig: {keys: ../../etc/passwd}\n', '2:16 "../../etc/passwd" is not below'],
    ['app: shop\nconfig: {keys: /etc/passwd}\n', '2:16 "/etc/passwd" is not below'],
    ['app: shop\ndatabase: orders\n', '2:11 "database" holds names of databases'],
    ['app: shop\napp: other\n', '2:1 "app" is there twice'],
    ['app: shop\nwindows: [{allow: "Mon-Thu"}]\n', '2:19 "Mon-Thu" cannot be read'],
    ['app: shop\nwindows: [{tz: UTC}]\n', '2:11 a window either allows or denies'],
    [
      'app: shop\nwindows: [{deny: "10:00-11:00", tz: Europe/Lundon}]\n',
      '2:37 "Europe/Lundon" is no time zone',
    ],
    ['app: shop\npromote: {order: [a], auto: [b]}\n', '2:30 "b" is not one of the environments'],
    ['app: [shop\n', 'this is no YAML'],
  ])('%j', (text, message) => {
    expect(faults(text).join('\n')).toContain(message);
    expect(readManifest('territory.yaml', text).manifest).toBeUndefined();
  });
});

test('whatever the text, it is read or has a fault', () => {
  const lines = whole.split('\n');
  const broken = fc
    .tuple(fc.nat(lines.length), fc.string(), fc.boolean())
    .map(([at, text, cut]) =>
      [...lines.slice(0, at), text, ...lines.slice(at + (cut ? 1 : 0))].join('\n'),
    );
  fc.assert(
    fc.property(fc.oneof(fc.string(), broken), (text) => {
      const { manifest, faults } = readManifest('territory.yaml', text);
      expect(manifest === undefined).toBe(faults.some(({ severity }) => severity === 'error'));
    }),
  );
});

describe('configuration keys', () => {
  test('in the order of their names; of a secret only a fingerprint', () => {
    const text =
      'PAGE_SIZE: {default: 20, type: number}\nKEY: {secret: true, default: hunter2, required: true}\nON: {default: true}\nNAME: {default: ""}\nBARE:\n';
    const { keys, faults } = readKeys('keys.yaml', text);
    expect(keys).toMatchObject([
      { name: 'BARE', required: false, secret: false, default: null, defaultSha: null },
      { name: 'KEY', required: true, secret: true, default: null },
      { name: 'NAME', default: '' },
      { name: 'ON', default: 'true' },
      { name: 'PAGE_SIZE', default: '20', type: 'number' },
    ]);
    expect(keys[1]?.defaultSha).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(keys)).not.toContain('hunter2');
    expect(faults).toMatchObject([{ severity: 'warning', line: 2 }]);
  });

  test.each([
    ['- A\n', '1:1 a file of keys holds names'],
    ['A: {requird: true}\n', '1:5 there is no "requird" in A. Did you mean "required"?'],
    ['A: {required: yes please}\n', '1:15 "required" is true or false'],
    ['"A B": {}\n', '1:1 "A B" is no name of a key'],
    ['A: {}\nA: {}\n', '2:1 "A" is there twice'],
  ])('%j', (text, message) => {
    const [fault] = readKeys('keys.yaml', text).faults;
    expect(`${fault?.line}:${fault?.column} ${fault?.message}`).toContain(message);
  });
});

describe('globs', () => {
  test.each([
    ['dist/**', 'dist/a/b.js', true],
    ['dist/**', 'dist2/a.js', false],
    ['dist', 'dist/a/b.js', true],
    ['dist', 'dist', true],
    ['*.js', 'a.js', true],
    ['*.js', 'src/a.js', false],
    ['**/*.js', 'a.js', true],
    ['**/*.js', 'src/deep/a.js', true],
    ['src/**/a.js', 'src/a.js', true],
    ['features/*.feature', 'features/a.feature', true],
    ['a?.js', 'ab.js', true],
    ['a?.js', 'a/.js', false],
    ['{a,b}/*.js', 'b/x.js', true],
    ['[a-c].js', 'b.js', true],
    ['[!a-c].js', 'b.js', false],
    ['a.js', 'axjs', false],
    ['a(1)+.js', 'a(1)+.js', true],
    ['[*].js', '*.js', true],
  ])('%s takes %s: %s', (glob, path, takes) => {
    expect(matcherOf([glob])(path)).toBe(takes);
  });
});
