import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseWhere } from '../../event/where/parse.ts';
import { compileMap } from '../map/code/compile.ts';
import { readScenarios } from '../releases/artefact/scenarios.ts';
import { readManifest } from '../releases/manifest/read.ts';
import { bundleOf } from './bundle.ts';
import type { BundleOptions } from './declared.ts';

const search = `app: search
type: procfile
port: 3009
health: {ready: "/mainstream/search?q=search_healthcheck"}
owner: team-search
needs: [search-index, ~spelling]
`;
const options: BundleOptions = {
  environments: [
    { name: 'staging', port: 7201 },
    { name: 'production', port: 7301 },
  ],
  instances: 2,
  server: 'https://territory.example.org',
};

function bundle(yaml: string, more: Partial<BundleOptions> = {}) {
  const { manifest } = readManifest('territory.yaml', yaml);
  if (!manifest) throw new Error('the manifest is not right');
  const { files, left } = bundleOf(manifest, { ...options, ...more });
  const textOf = (path: string): string => files.find((one) => one.path === path)?.text ?? '';
  return { files, left, textOf };
}

test('six lines give the whole bundle', () => {
  const { files, left } = bundle(search);
  expect(left).toEqual([]);
  expect(files.map(({ path, what }) => `${path}: ${what}`)).toMatchInlineSnapshot(`
    [
      "features/search.feature: its health and its routing, as checks",
      "sources/search.yaml: its log files, for the configuration of Territory",
      "sources/search.env: its metrics and logs by OpenTelemetry, for its own environment",
      "rules/search.ts: alerts, to be put into the folder of rules",
      "haproxy/search.staging.cfg: its backend in the load balancer of staging",
      "haproxy/search.production.cfg: its backend in the load balancer of production",
      "map/map.yaml: the application on the map",
      "dashboard/search.md: links to its charts and pages",
      "dashboard/search.json: the same questions, for POST /api/v1/query",
    ]
  `);
  for (const { path, text } of files) expect(text).toMatchSnapshot(path);
});

test('the same declaration gives the same bytes', () => {
  expect(bundle(search).files).toEqual(bundle(search).files);
});

test('one line gives what follows from it, and says what does not', () => {
  const { files, left } = bundle('app: tiny\n', {
    environments: [{ name: 'production', port: undefined }],
  });
  expect(files.map(({ path }) => path)).toEqual([
    'sources/tiny.yaml',
    'sources/tiny.env',
    'rules/tiny.ts',
    'map/map.yaml',
    'dashboard/tiny.md',
    'dashboard/tiny.json',
  ]);
  expect(left).toEqual([
    'no checks and no load balancer: add "health: {ready: /PATH}", answered with 200',
    'no load balancer where no port is known: add "port", or give --env NAME:PORT',
  ]);
});

test('the slots are those of its strategy', () => {
  const servers = (kind: string): string[] =>
    [
      ...bundle(`${search}strategy: {kind: ${kind}}\n`)
        .textOf('haproxy/search.production.cfg')
        .matchAll(/^ {2}server (\S+ \S+)/gm),
    ].map(([, one = '']) => one);
  expect(servers('blue-green')).toEqual([
    'blue-1 127.0.0.1:7301',
    'blue-2 127.0.0.1:7302',
    'green-1 127.0.0.1:7303',
    'green-2 127.0.0.1:7304',
  ]);
  expect(servers('rolling')).toEqual(['1 127.0.0.1:7301', '2 127.0.0.1:7302']);
});

describe('whatever the manifest says', () => {
  const text = fc.string({ minLength: 1, maxLength: 30 });
  const any = fc.record({
    app: fc.stringMatching(/^[a-zA-Z0-9]([a-zA-Z0-9._-]{0,20}[a-zA-Z0-9])?$/),
    port: fc.integer({ min: 1, max: 60_000 }),
    health: fc.record({ ready: text.map((one) => `/${one}`) }),
    owner: text,
    needs: fc.array(text, { maxLength: 3 }),
    database: fc.dictionary(text, fc.constant({}), { maxKeys: 2 }),
  });
  const all = (check: (made: ReturnType<typeof bundle>, app: string) => void): void =>
    fc.assert(
      fc.property(any, (said) => {
        const yaml = JSON.stringify(said);
        fc.pre(readManifest('territory.yaml', yaml).manifest !== undefined);
        check(bundle(yaml), said.app);
      }),
    );

  test('its map compiles', () => {
    all(({ textOf }) => {
      const { model, faults } = compileMap({ file: 'map.yaml', text: textOf('map/map.yaml') });
      expect(faults.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(model?.nodes.size).toBeGreaterThan(1);
    });
  });

  test('its feature has two scenarios, and no path ends a quote', () => {
    all(({ textOf }, app) => {
      const feature = textOf(`features/${app}.feature`);
      expect(
        readScenarios('x.feature', feature)
          .map(({ scenario }) => scenario)
          .toSorted(),
      ).toEqual([`${app} is healthy`, `${app} is routed to`]);
      for (const line of feature.split('\n').filter((one) => one.includes('I visit')))
        expect(line).toMatch(
          /^ {4}When I visit "\/[\x21\x23-\x26\x28-\x7e]*"( without following redirects)?$/,
        );
    });
  });

  test('its questions can be asked', () => {
    all(({ textOf }, app) => {
      const { charts } = JSON.parse(textOf(`dashboard/${app}.json`)) as {
        charts: { question: { where: string; ratio?: string } }[];
      };
      for (const { question } of charts) {
        expect(() => parseWhere(question.where)).not.toThrow();
        expect(() => parseWhere(question.ratio ?? 'true')).not.toThrow();
      }
    });
  });

  test('its sources are YAML that names it', () => {
    all(({ textOf }, app) => {
      expect(parse(textOf(`sources/${app}.yaml`))).toMatchObject({
        intakes: { files: { tail: [{ service: app, environment: 'staging' }, {}] } },
      });
    });
  });
});
