import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';

const belowServer = [
  'errors',
  'launch',
  'event',
  'log',
  'history',
  'intake',
  'rules',
  'rooms',
  'release',
  'checks',
] as const;
const allButWebAndCli = [...belowServer, 'client', 'runner', 'server'] as const;

/**
 * Data flows one way: intake -> log -> rules, rooms, history -> server -> web, cli.
 * Each row names the folders (or single files) that a folder of src/ may import from, beside
 * itself. A port's users see the port, never a back end.
 */
const maySee: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  launch: [],
  // Runs in the programs of others.
  client: [],
  sketches: [],
  event: ['errors'],
  log: ['errors', 'event'],
  history: ['errors', 'launch', 'event'],
  intake: ['errors', 'event', 'sketches', 'log/log.ts', 'log/errors.ts'],
  rules: ['errors', 'event', 'sketches'],
  rooms: ['errors', 'event', 'rules'],
  release: ['errors', 'event', 'rooms', 'intake/git'],
  checks: ['errors', 'event'],
  // On the machines that are deployed to: it knows the server by its API only.
  runner: [
    'errors',
    'launch',
    'event',
    'rooms',
    'release',
    'checks',
    'server/api/contract-deploys.ts',
  ],
  server: belowServer,
  web: [
    'event',
    'server/api/contract.ts',
    'server/api/contract-alerts.ts',
    'server/api/contract-artefacts.ts',
    'server/api/contract-backtest.ts',
    'server/api/contract-builds.ts',
    'server/api/contract-checks.ts',
    'server/api/contract-demo.ts',
    'server/api/contract-deploys.ts',
    'server/api/contract-gates.ts',
    'server/api/contract-intakes.ts',
    'server/api/contract-library.ts',
    'server/api/contract-map.ts',
    'server/api/contract-map-detail.ts',
    'server/api/contract-map-drawing.ts',
    'server/api/contract-map-flow.ts',
    'server/api/contract-map-source.ts',
    'server/api/contract-redirects.ts',
    'server/api/contract-releases.ts',
    'server/api/contract-rules.ts',
    'server/api/contract-thread.ts',
    'server/api/contract-webhooks.ts',
    'rooms/map/picture/shapes.ts',
    'rules/backtest/result.ts',
    'rules/correlate/verdict.ts',
  ],
  cli: [...allButWebAndCli, 'demo'],
  // Starts everything else, and lives in it.
  demo: [...allButWebAndCli],
};

/** What the browser may run of ours beside src/web: pure, and small. */
const runsInBrowser = ['event/where/', 'event/event.ts', 'rooms/map/picture/shapes.ts'];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const src = join(import.meta.dirname, '../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  (f) => /\.tsx?$/.test(f) && !/\.(test|suite|d)\.tsx?$/.test(f),
);
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const { module } = parseSync(file, readFileSync(join(src, file), 'utf8'));
  const entries = [
    ...module.staticImports.map((i) => ({
      to: i.moduleRequest.value,
      typeOnly: i.entries.length > 0 && i.entries.every((e) => e.isType),
    })),
    ...module.staticExports.flatMap((x) =>
      x.entries.flatMap((e) =>
        e.moduleRequest ? [{ to: e.moduleRequest.value, typeOnly: e.isType }] : [],
      ),
    ),
  ];
  return entries
    .filter((i) => i.to.startsWith('.'))
    .map((i) => ({
      from: file,
      to: relative(src, join(src, dirname(file), i.to)),
      typeOnly: i.typeOnly,
    }));
}

const layerOf = (file: string): string => file.split('/')[0] ?? file;
const show = (bad: readonly Import[]): string[] => bad.map((i) => `${i.from} -> ${i.to}`);

test('the whole of src is looked at', () => {
  expect(files.length).toBeGreaterThan(5);
  expect(imports.length).toBeGreaterThan(files.length / 2);
  expect([...new Set(files.map(layerOf))].filter((l) => !(l in maySee))).toEqual([]);
});

test('a folder imports only from the folders it may see', () => {
  const bad = imports.filter((i) => {
    const allowed = [layerOf(i.from), ...(maySee[layerOf(i.from)] ?? [])];
    return !allowed.some((a) => i.to === a || i.to.startsWith(`${a}/`));
  });
  expect(show(bad)).toEqual([]);
});

test('only the composition root, the workers, the CLI and a back end itself know a back end', () => {
  const backEnd = /^(log\/(memory|lmdb)|history\/chdb)\//;
  const mayCompose = [
    'server/compose/',
    'server/feeder/',
    'server/map/evidence/',
    'server/rules/',
    'cli/',
  ];
  const bad = imports.filter(
    (i) =>
      backEnd.test(i.to) &&
      !backEnd.test(i.from) &&
      !mayCompose.some((place) => i.from.startsWith(place)),
  );
  expect(show(bad)).toEqual([]);
});

test('the web takes nothing but types from the server side', () => {
  const bad = imports.filter(
    (i) =>
      layerOf(i.from) === 'web' &&
      layerOf(i.to) !== 'web' &&
      !i.typeOnly &&
      !runsInBrowser.some((place) => i.to.startsWith(place)),
  );
  expect(show(bad)).toEqual([]);
});

test('no file or folder has a name that says nothing', () => {
  const empty = /(^|\/)(utils?|helpers?|common|misc|shared|manager)s?(\/|\.tsx?$)/;
  expect(files.filter((f) => empty.test(f))).toEqual([]);
});
