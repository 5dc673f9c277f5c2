import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readConfig, readConfigText } from './read.ts';

const whole = `name: web-1
server: https://territory.example.org/
token: {file: runner.token}
home: runner
artefacts: ../artefacts
lanes: 2
evidence-every: 10s
environments:
  integration:
    ports: 7100-7119
    databases:
      orders-db: {sqlite: orders.db}
  production:
    instances: 2
    ready-within: 2m
    balancer: {socket: /run/haproxy/admin.sock}
    front: http://127.0.0.1:7380/{app}
    values:
      PAGE_SIZE: 50
      EMPTY: ""
      PAYMENT_KEY: {env: PAYMENT_KEY}
    databases:
      orders-db: {postgres: {env: ORDERS_DB}}
    apps:
      shop: {instances: 4, port: 3009, front: http://shop.example.org}
`;
const env = {
  PAYMENT_KEY: 'sk_live_1',
  ORDERS_DB: 'postgres://shop:p%40ss@db.example.org:5432/orders',
};

function folderOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'territory-runner-'));
  writeFileSync(join(folder, 'runner.yaml'), text);
  writeFileSync(join(folder, 'runner.token'), 'terr_secret\n');
  return folder;
}

test('a whole file: paths are from its folder, secrets are resolved and listed', () => {
  const folder = folderOf(whole);
  const config = readConfig(join(folder, 'runner.yaml'), env);
  expect(config).toMatchObject({
    file: join(folder, 'runner.yaml'),
    name: 'web-1',
    server: 'https://territory.example.org',
    token: 'terr_secret',
    home: join(folder, 'runner'),
    lanes: 2,
    evidenceEvery: 10_000,
    variables: ['ORDERS_DB', 'PAYMENT_KEY'],
  });
  const [integration, production] = config.environments;
  expect(integration).toEqual({
    name: 'integration',
    instances: 1,
    readyWithin: 60_000,
    ports: [7100, 7119],
    balancer: undefined,
    front: undefined,
    values: {},
    secrets: ['terr_secret'],
    databases: { 'orders-db': { kind: 'sqlite', file: join(folder, 'orders.db') } },
    apps: {},
  });
  expect(production).toMatchObject({
    instances: 2,
    readyWithin: 120_000,
    balancer: { socket: '/run/haproxy/admin.sock' },
    values: { PAGE_SIZE: '50', EMPTY: '', PAYMENT_KEY: 'sk_live_1' },
    secrets: ['sk_live_1', 'p%40ss', 'p@ss', 'terr_secret'],
    databases: { 'orders-db': { kind: 'postgres', url: env.ORDERS_DB } },
    apps: { shop: { instances: 4, port: 3009, front: 'http://shop.example.org' } },
  });
});

const small = (lines: string): string =>
  `server: http://127.0.0.1:7070\ntoken: {file: runner.token}\nhome: .\nenvironments:\n  staging:\n${lines}`;

test.each([
  ['', '1:1 the file is empty'],
  ['server: http://x\nhome: .\n', '"token" is missing'],
  ['sever: http://x\n', '1:1 there is no "sever" in FILE. Did you mean "server"?'],
  [small('    instances: many\n'), '6:16 "instances" is a whole number from 1 to 100'],
  [small('    instance: 2\n'), '6:5 there is no "instance" in staging. Did you mean "instances"?'],
  [small('    ports: 7199-7100\n'), '6:12 "ports" is a range of ports such as 7100-7199'],
  [
    small('    values: {KEY: {env: NOT_SET}}\n'),
    '6:25 the variable NOT_SET is not set in the environment of the runner',
  ],
  [small('    values: {KEY: {file: nowhere}}\n'), 'nowhere can not be read: ENOENT'],
  [small('    values: {KEY: {value: 1}}\n'), '6:20 there is no "value" in KEY'],
  [
    small('    databases: {db: {postgres: "mysql://x"}}\n'),
    '6:32 a PostgreSQL is given as postgres://',
  ],
  [
    small('    databases: {db: {}}\n'),
    '6:21 "db" has either the address of a PostgreSQL or the file of an SQLite',
  ],
  [small('    front: shop\n'), '6:12 "shop" is no http or https address'],
  [small('    balancer: {}\n'), '6:15 "balancer" has the path'],
  ['server: [x\n', 'this is no YAML'],
])('%j', (text, message) => {
  const file = join(folderOf(text), 'runner.yaml');
  const { config, faults } = readConfigText(file, text, env);
  expect(config).toBeUndefined();
  const told = faults.map((one) => `${one.line}:${one.column} ${one.message}`).join('\n');
  expect(told.replaceAll(file, 'FILE')).toContain(message);
});

test('no message has a secret in it', () => {
  const text = small('    databases: {db: {postgres: {env: WRONG}}}\n');
  const file = join(folderOf(text), 'runner.yaml');
  const { faults } = readConfigText(file, text, { WRONG: 'hunter2' });
  expect(faults).toHaveLength(1);
  expect(JSON.stringify(faults)).not.toContain('hunter2');
});

test('a file that is not there is named', () => {
  expect(() => readConfig('/nowhere/runner.yaml', {})).toThrow('/nowhere/runner.yaml is not there');
});

test('whatever the text, it is read or has an error', () => {
  const folder = folderOf(whole);
  const lines = whole.split('\n');
  const broken = fc
    .tuple(fc.nat(lines.length), fc.string())
    .map(([at, text]) => [...lines.slice(0, at), text, ...lines.slice(at + 1)].join('\n'));
  fc.assert(
    fc.property(fc.oneof(fc.string(), broken), (text) => {
      const { config, faults } = readConfigText(join(folder, 'runner.yaml'), text, env);
      expect(config === undefined).toBe(faults.some(({ severity }) => severity === 'error'));
    }),
  );
});
