import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { dataDir, startServer } from '../../server/compose/running.suite.ts';
import { type Ran, runHere } from '../running.suite.ts';

const place = mkdtempSync(join(tmpdir(), 'territory-render-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const map = `schema: territory.map/1
title: Corner shop
nodes:
  users: {quadrant: production, kind: actor, anchor: true}
  web/1: {quadrant: production, kind: web, group: web}
  web/2: {quadrant: production, kind: web, group: web}
edges:
  - users -> web/*
`;
writeFileSync(join(place, 'map.yaml'), map);

const render = (...args: readonly string[]): Promise<Ran> => runHere(['map', 'render', ...args]);
const file = join(place, 'map.yaml');
const out = (name: string): string => join(place, name);

describe('a map that is declared in a file', () => {
  test('is drawn as an SVG without health, which is said', async () => {
    const ran = await render(file, '-o', out('map.svg'));
    expect(ran).toMatchObject({ code: 0, out: '' });
    expect(ran.err).toContain('drawn as declared, without health');
    const svg = readFileSync(out('map.svg'), 'utf8');
    expect(svg).toMatch(/^<svg /);
    expect(svg).toContain('>Corner shop<');
    expect(svg).toContain('>as declared, without health<');
    expect(svg).toContain('>2 nodes<');
  });

  test('is drawn with its groups open', async () => {
    for (const groups of ['web', '*']) {
      await render(file, '-o', out('open.svg'), '--expand', groups);
      expect(readFileSync(out('open.svg'), 'utf8')).toContain('>web/2<');
    }
  });

  test('is drawn as a PNG as wide as wanted', async () => {
    const ran = await render(file, '-o', out('map.png'), '--theme', 'dark', '--width', '800');
    expect(ran.code).toBe(0);
    const png = readFileSync(out('map.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(800);
  });

  test('is not drawn when it has an error', async () => {
    writeFileSync(out('bad.yaml'), map.replace('web/*', 'wep/*'));
    const ran = await render(out('bad.yaml'), '-o', out('bad.svg'));
    expect(ran.code).toBe(2);
    expect(`${ran.out}${ran.err}`).toMatch(/bad\.yaml:8:\d+: no id of a node fits "wep\/\*"/);
    expect(readdirSync(place)).not.toContain('bad.svg');
  });
});

test.each([
  [['-o', 'map.gif'], 'ends neither in .svg nor in .png'],
  [['-o', 'map.png', '--width', '12'], '100 to 8000 px'],
  [['-o', 'map.svg', '--at', '2h'], 'a file has no past'],
])('what cannot be done is told: %j', async (args, message) => {
  const ran = await render(file, ...args);
  expect(ran.code).not.toBe(0);
  expect(ran.err).toContain(message);
});

test('a place that cannot be written to is told, and nothing is left there', async () => {
  const ran = await render(file, '-o', out('nowhere/map.svg'));
  expect(ran.code).not.toBe(0);
  expect(ran.err).toContain('can not write');
});

test('the map of a server is drawn with its health', async () => {
  const data = dataDir();
  mkdirSync(join(data, 'map'), { recursive: true });
  writeFileSync(join(data, 'map', 'map.yaml'), map);
  const { url, token } = await startServer({ data });
  const drawn = (): Promise<Ran> =>
    runHere(['map', 'render', '-o', out('live.svg'), '--expand', 'web'], {
      env: { TERRITORY_URL: url, TERRITORY_TOKEN: token },
    });
  // It reads its facts first.
  await expect.poll(async () => (await drawn()).code, { timeout: 20_000 }).toBe(0);
  const svg = readFileSync(out('live.svg'), 'utf8');
  expect(svg).toContain('>web/1, web: no evidence<');
  expect(svg).toMatch(/>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC</);
});
