import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCheckSettings } from './read.ts';
import { checkDefaults } from './settings.ts';
import {
  aboutApplication,
  loadCheckSettings,
  placesOf,
  secretsFrom,
  surroundingsFor,
} from './surroundings.ts';

const whole = `environments:
  staging:
    base: https://staging.example.org
    applications:
      shop: http://127.0.0.1:7301
    allow: [10.1.0.0/16, "[::1]:8080"]
    secrets:
      SHOP_KEY: env:STAGING_SHOP_KEY
      FORM: file:form.key
    datasources:
      orders: env:ORDERS_DB
  production:
plugins:
  disk:
    command: [check_disk, -w, 10%, -c, 5]
    environment: production
    application: shop
    every: 5m
    tags: ["@page", "@dependsOn(dns)"]
    timeout: 20s
defaults:
  attempts: 4
  retry: 15s
  of: 3 of 5
`;

const settingsOf = (text: string) => {
  const read = readCheckSettings('checks.yaml', text);
  if (!('settings' in read)) throw new Error(JSON.stringify(read.findings));
  return read.settings;
};
const findingsOf = (text: string): string[] => {
  const read = readCheckSettings('checks.yaml', text);
  return 'findings' in read
    ? read.findings.map(({ line, column, message }) => `${line}:${column} ${message}`)
    : [];
};

test('a whole file', () => {
  expect(settingsOf(whole)).toEqual({
    file: 'checks.yaml',
    environments: [
      {
        name: 'staging',
        base: 'https://staging.example.org',
        applications: { shop: 'http://127.0.0.1:7301' },
        allow: ['10.1.0.0/16', '[::1]:8080'],
        secrets: {
          SHOP_KEY: { kind: 'env', name: 'STAGING_SHOP_KEY' },
          FORM: { kind: 'file', path: 'form.key' },
        },
        datasources: { orders: { kind: 'env', name: 'ORDERS_DB' } },
      },
      {
        name: 'production',
        base: undefined,
        applications: {},
        allow: [],
        secrets: {},
        datasources: {},
      },
    ],
    plugins: [
      {
        name: 'disk',
        command: ['check_disk', '-w', '10%', '-c', '5'],
        environment: 'production',
        application: 'shop',
        every: 300_000,
        tags: ['@page', '@dependsOn(dns)'],
        timeout: 20_000,
        line: 14,
      },
    ],
    defaults: { ...checkDefaults, attempts: 4, retry: 15_000, of: { failures: 3, of: 5 } },
  });
});

test('an empty file says nothing', () => {
  expect(settingsOf('# nothing yet\n')).toMatchObject({ environments: [], plugins: [] });
});

test.each([
  [
    'environment: {}\n',
    '1:1 there is no "environment" in checks.yaml; did you mean "environments"?',
  ],
  ['environments: staging\n', '1:15 "environments" holds names with values, such as'],
  ['environments:\n  st aging: {}\n', '2:3 "st aging" is no name'],
  ['environments:\n  a: {base: shop}\n', '2:13 "shop" is no http or https address'],
  ['environments:\n  a: {base: "http://u:p@x.org"}\n', '2:13 "base" has a password in it'],
  ['environments:\n  a: {applications: {shop: }}\n', '2:22 "shop" has no address'],
  ['environments:\n  a: {allow: 10.0.0.1}\n', '2:14 "allow" is a list, such as'],
  ['environments:\n  a: {allow: [10.0.0.0/33]}\n', '2:15 "10.0.0.0/33" is no address'],
  ['environments:\n  a: {allow: [intra.example.org]}\n', '2:15 "intra.example.org" is no address'],
  ['environments:\n  a: {secrets: {K: hunter2}}\n', '2:20 "K" is env:NAME or file:PATH'],
  ['plugins:\n  d: {environment: a}\n', '2:3 "d" has no "command"'],
  ['plugins:\n  d: {command: [], environment: a}\n', '2:16 "command" has no program'],
  ['plugins:\n  d: {command: check_disk}\n', '2:16 "command" is a list, such as'],
  ['plugins:\n  d: {command: [x]}\n', '2:3 "d" has no "environment"'],
  [
    'environments: {staging: }\nplugins:\n  d: {command: [x], environment: stagin}\n',
    '3:34 there is no environment "stagin" in this file; did you mean "staging"?',
  ],
  ['defaults: {attempts: 0}\n', '1:22 "attempts" is a whole number from 1 to 100'],
  ['defaults: {every: 100ms}\n', '1:19 "every" is a duration from 1s to 7d'],
  ['defaults: {of: 5 of 3}\n', '1:16 "of" is such as "3 of 5"'],
  ['plugins:\n  d: {command: [x], tags: ["@pge"]}\n', '2:28 @pge is no tag that means something'],
  ['defaults: {every: 1m, every: 2m}\n', '1:23 this is no YAML'],
  ['defaults: [x\n', 'this is no YAML'],
])('%j', (text, message) => {
  const found = findingsOf(text).join('\n');
  expect(found).toContain(message);
  expect(found).not.toContain('hunter2');
});

test('whatever the text, it is read or has findings with places in it', () => {
  const lines = whole.split('\n');
  const broken = fc
    .tuple(fc.nat(lines.length), fc.string())
    .map(([at, text]) => [...lines.slice(0, at), text, ...lines.slice(at + 1)].join('\n'));
  fc.assert(
    fc.property(fc.oneof(fc.string(), broken), (text) => {
      const read = readCheckSettings('checks.yaml', text);
      if ('settings' in read) return;
      expect(read.findings.length).toBeGreaterThan(0);
      for (const { line, column } of read.findings) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(text.split('\n').length);
        expect(column).toBeGreaterThanOrEqual(1);
      }
    }),
  );
});

test('collections thousands deep are a finding', () => {
  expect(findingsOf(`defaults: ${'['.repeat(50_000)}`)[0]).toContain('this is no YAML');
});

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'territory-settings-'));
  mkdirSync(join(folder, 'shop'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test('surroundings: base, applications, secrets by name, and what may be gone to', async () => {
  const folder = folderOf({ 'checks.yaml': whole, 'form.key': 'f0rm\n' });
  const settings = await loadCheckSettings(join(folder, 'checks.yaml'));
  const env = { STAGING_SHOP_KEY: 'k3y' };
  const staging = surroundingsFor(settings, 'staging', folder, secretsFrom(env, folder));
  expect(staging.base).toBe('https://staging.example.org');
  expect(aboutApplication(staging, 'shop').base).toBe('http://127.0.0.1:7301');
  expect(aboutApplication(staging, 'toString').base).toBe('https://staging.example.org');
  expect(staging.secret('SHOP_KEY')).toBe('k3y');
  expect(staging.secret('FORM')).toBe('f0rm');
  expect(staging.secret('constructor')).toBeUndefined();
  // Its place is known, and nothing is there.
  expect(staging.datasource?.('orders')).toBeUndefined();
  expect(staging.outbound.refuses('10.1.2.3', 443)).toBeUndefined();
  expect(staging.outbound.refuses('127.0.0.1', 7301)).toBeUndefined();
  expect(staging.outbound.refuses('127.0.0.1', 22)).toContain('not allowed');
  expect(() => surroundingsFor(settings, 'stagin', folder, secretsFrom(env, folder))).toThrow(
    `no environment "stagin"; did you mean "staging"?`,
  );
});

test('files are read from the folder, never from outside', async () => {
  const folder = folderOf({ 'checks.yaml': whole, 'map.csv': 'a,b', 'shop/x.json': '{}' });
  symlinkSync('/etc/passwd', join(folder, 'shop', 'linked'));
  const settings = await loadCheckSettings(join(folder, 'checks.yaml'));
  const { file } = surroundingsFor(settings, 'staging', join(folder, 'shop'), () => undefined);
  await expect(file?.('x.json')).resolves.toBe('{}');
  await expect(file?.('../map.csv')).resolves.toBe('a,b');
  await expect(file?.('../../x')).rejects.toThrow('outside');
  await expect(file?.('/etc/passwd')).rejects.toThrow('outside');
  await expect(file?.('linked')).rejects.toThrow('outside');
  await expect(file?.('none')).rejects.toThrow('ENOENT');
});

test('what a given address opens', () => {
  expect(placesOf('http://localhost:3000/x')).toEqual(['127.0.0.1:3000', '[::1]:3000']);
  expect(placesOf('https://10.0.0.7')).toEqual(['10.0.0.7:443']);
  expect(placesOf('http://[fd00::1]:81')).toEqual(['[fd00::1]:81']);
  expect(placesOf('https://www.example.org')).toEqual([]);
});

test('a file that is not there is named', async () => {
  await expect(loadCheckSettings('/nowhere/checks.yaml')).rejects.toThrow(
    '/nowhere/checks.yaml is not there',
  );
});
