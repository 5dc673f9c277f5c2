import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readManifest } from '../releases/manifest/read.ts';
import { firstManifest, lookedFor, type SeenApplication } from './first-manifest.ts';

const seen = (more: Partial<SeenApplication>): SeenApplication => ({
  folder: 'shop',
  sources: [],
  has: new Set(),
  ...more,
});

test('a small Node application is five lines', () => {
  const { text, guesses } = firstManifest(
    seen({
      packageJson: '{"name": "@acme/Shop", "scripts": {"start": "node server.js"}}',
      sources: [
        "app.get('/healthz', ok); app.get('/healthcheck/ready', ok); server.listen(process.env.PORT ?? 3009)",
      ],
    }),
  );
  expect(text).toBe(`app: shop
type: node
port: 3009
health: {ready: /healthcheck/ready}
strategy: {kind: blue-green}
`);
  expect(guesses).toEqual([]);
});

test('what the folder has more is a line each', () => {
  const { text } = firstManifest(
    seen({ packageJson: '{"scripts": {"start": "x", "build": "tsc"}}', has: new Set(lookedFor) }),
  );
  expect(text.split('\n').slice(5)).toEqual([
    'build: {run: "npm ci && npm run build"}',
    'database: {shop-db: {migrations: migrations/}}',
    'config: {keys: config/keys.yaml}',
    'smoke: "features/**/*.feature"',
    '',
  ]);
});

test('a Procfile goes first; what is guessed is said', () => {
  const { text, guesses } = firstManifest(
    seen({ folder: 'My Search!', procfile: 'web: bundle exec puma -p 3009\n' }),
  );
  expect(text).toContain('app: my-search\ntype: procfile\nport: 3009\n');
  expect(guesses).toEqual([
    'health /healthcheck/ready: no path was found; it must answer 200 when the application can work',
  ]);
  expect(firstManifest(seen({})).guesses).toHaveLength(3);
});

test('is a manifest without fault, whatever was found', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('no', '~', '"', '/health', '---', '#', '{}'));
  fc.assert(
    fc.property(text, text, text, fc.subarray([...lookedFor]), (folder, name, source, has) => {
      const packageJson = JSON.stringify({ name, scripts: { start: source, build: 'x' } });
      const made = firstManifest({
        folder,
        packageJson,
        procfile: source,
        sources: [source, `'/${name}/health'`],
        has: new Set(has),
      });
      const { manifest, faults } = readManifest('territory.yaml', made.text);
      expect(faults).toEqual([]);
      expect(manifest?.app).toBeDefined();
    }),
  );
});
