import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { readConfigText } from './file.ts';
import { type LoadedConfig, defaultConfig, loadConfig, showProblem } from './load.ts';
import { configurationPage } from './page.ts';
import { formatDuration, formatSize, parseDuration, parseSize } from '../../event/quantity.ts';
import { Settings, settings, variableOf } from './schema.ts';

const day = 86_400_000;

function fileOf(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'territory-config-')), 'territory.yaml');
  writeFileSync(path, text);
  return path;
}

function problemsOf(loaded: LoadedConfig): string[] {
  if (loaded.ok) throw new Error('expected problems');
  return loaded.problems.map((p) => showProblem(p).replace(/^.*territory\.yaml/, 'territory.yaml'));
}

test('without any input there are the defaults, and they satisfy the schema', () => {
  const config = defaultConfig();
  expect(Value.Check(Settings, config)).toBe(true);
  expect(config.port).toBe(7070);
  expect(config.log.retention.age).toBe(7 * day);
  expect(config.tls).toEqual({});
});

test('a flag wins over the environment, the environment over the file, and it is said which won', () => {
  const file = fileOf('port: 1001\nhost: ::1\nlog:\n  retention:\n    age: 1d\n');
  const loaded = loadConfig({
    file,
    env: { TERRITORY_PORT: '1002', TERRITORY_LOG_RETENTION_AGE: '2d', TERRITORY_TOKEN: 'x' },
    flags: { port: '1003' },
  });
  if (!loaded.ok) throw new Error(problemsOf(loaded).join('\n'));
  expect(loaded.config.port).toBe(1003);
  expect(loaded.config.log.retention.age).toBe(2 * day);
  expect(loaded.config.host).toBe('::1');
  expect(loaded.origins).toMatchObject({
    port: '--port',
    'log.retention.age': 'TERRITORY_LOG_RETENTION_AGE',
    host: file,
    logLevel: 'default',
  });
});

test('every problem of a file is reported at once with its line and column', () => {
  const text = `port: eighty
log:
  retension:
    age: 7d
  retention:
    age: 7 fortnights
hist: true
tail: 5
`;
  expect(problemsOf(loadConfig({ file: fileOf(text) }))).toEqual([
    'territory.yaml:1:7: port must be a whole number from 0 to 65535',
    'territory.yaml:3:3: there is no setting log.retension; did you mean log.retention?',
    'territory.yaml:6:10: log.retention.age must be a duration such as 250ms, 30s, 5m, 12h, 7d, or 0',
    'territory.yaml:7:1: there is no setting hist; did you mean host?',
    'territory.yaml:8:7: tail must be a group of settings',
  ]);
});

test.each([
  ['port: [1', 1],
  ['port: 1\nport: 2', 2],
  ['- port', 1],
  ['just words', 1],
])('broken YAML %j is reported with its line', (text, line) => {
  const { problems } = readConfigText(text, 'f');
  expect(problems[0]?.line).toBe(line);
});

test('an empty file and a file of comments are fine', () => {
  for (const text of ['', '# nothing yet\n', 'tls:\n'])
    expect(readConfigText(text, 'f').problems).toEqual([]);
});

test('unknown flags, bad environment variables and a missing file are named', () => {
  expect(
    problemsOf(
      loadConfig({ flags: { prot: '1' }, env: { TERRITORY_TAIL_MAX_CLIENTS: '-1' }, file: '/no' }),
    ),
  ).toEqual([
    '/no: the configuration cannot be read (ENOENT)',
    'TERRITORY_TAIL_MAX_CLIENTS: tail.maxClients must be a whole number from 1 to 10000',
    '--prot: there is no setting prot; did you mean port?',
  ]);
});

test('a certificate without its key is refused', () => {
  expect(problemsOf(loadConfig({ flags: { 'tls.cert': 'a.pem' } }))).toEqual([
    '--tls.cert: TLS needs tls.key as well',
  ]);
});

test('quantities come back from how they are written', () => {
  expect(parseDuration('1.5h')).toBe(5_400_000);
  expect(parseSize('64MiB')).toBe(67_108_864);
  expect(parseSize('1000000')).toBe(1_000_000);
  expect(parseDuration('7 days')).toBeUndefined();
  expect(parseSize('-1MB')).toBeUndefined();
  fc.assert(
    fc.property(fc.nat(10 ** 12), (n) => {
      expect(parseDuration(formatDuration(n))).toBe(n);
      expect(parseSize(formatSize(n))).toBe(n);
    }),
  );
});

test('names, flags and variables are unique', () => {
  expect(variableOf('log.identityWindow')).toBe('TERRITORY_LOG_IDENTITY_WINDOW');
  expect(new Set(settings.map((s) => s.variable)).size).toBe(settings.length);
  expect(settings.filter((s) => !s.description.endsWith('.'))).toEqual([]);
});

test('docs/reference/configuration.md is what the schema says', () => {
  const page = join(import.meta.dirname, '../../../docs/reference/configuration.md');
  if (process.env['UPDATE_DOCS']) writeFileSync(page, configurationPage());
  expect(readFileSync(page, 'utf8')).toBe(configurationPage());
});

test.each([
  ['["10.0.0.0/8", "192.168.1.20"]', undefined],
  ['["10.0.0.0/33"]', /\(0\) "10\.0\.0\.0\/33" is no network such as 10\.0\.0\.0\/8/],
  ['["web-1"]', /"web-1" is no network/],
])('intakes.allow %s', (allow, wrong) => {
  const loaded = loadConfig({ flags: { 'intakes.allow': allow } });
  const said = loaded.ok ? undefined : loaded.problems.map(({ message }) => message).join();
  expect(said ?? '').toMatch(wrong ?? /^$/);
});
