import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vocabulary } from '../../src/checks/steps/vocabulary.ts';
import { placesOf } from '../../src/demo/places.ts';
import { flat } from '../../src/demo/ports.ts';
import { placeTerritoryFiles } from '../../src/demo/territory-files.ts';
import type { Ports } from '../../src/demo/company.ts';
import { compileMap } from '../../src/rooms/map/code/compile.ts';
import { readFolder } from '../../src/server/checks/folder.ts';
import { planAll } from '../../src/server/checks/planning.ts';

const example = join(import.meta.dirname, '../../examples/newsroom');
const home = mkdtempSync(join(tmpdir(), 'newsroom-files-'));
const places = placesOf(home, example);

const site = (first: number) => ({ front: first, blue: [first + 1], green: [first + 2] });
const ports: Ports = {
  territory: 7100,
  feeds: 7101,
  payments: 7102,
  importer: 7103,
  queue: 7104,
  publisher: 7105,
  encoders: [7106, 7107],
  site: { integration: site(7110), staging: site(7120), production: site(7130) },
  architectures: { oneProgram: 7140, threads: 7141 },
};

beforeAll(() => placeTerritoryFiles({ places, ports }));
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('the map', () => {
  const file = join(example, 'territory/map/map.yaml');
  const { model, faults } = compileMap({ file, text: readFileSync(file, 'utf8') });

  test('has nothing to complain about', () => {
    expect(faults).toEqual([]);
  });

  test('has all four quadrants, each with three nodes or more', () => {
    const nodes = [...(model?.nodes.values() ?? [])];
    const counts = ['development', 'pipeline', 'production', 'support'].map(
      (name) => nodes.filter(({ quadrant }) => quadrant === name).length,
    );
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(3);
  });

  test('has three key business processes, each with a measure of its own', () => {
    const processes = [...(model?.processes.values() ?? [])];
    expect(processes.map(({ id }) => id)).toEqual(['order', 'find', 'publish']);
    expect(processes.filter(({ sli }) => sli === undefined)).toEqual([]);
  });
});

describe('the checks, as a demo with its ports has them', () => {
  const folder = join(places.territory, 'checks');
  const plan = () => {
    const { features, settings, left } = readFolder(folder);
    expect(left).toEqual([]);
    const versions = features.map((feature) => ({ ...feature, good: undefined }));
    return planAll(
      {
        features: versions,
        settings: { file: 'checks.yaml', text: settings, good: undefined },
        findings: [],
      },
      vocabulary,
    );
  };

  test('are right, and each is for a place that there is', () => {
    const { findings, checks } = plan();
    expect(findings).toEqual([]);
    expect(checks.length).toBeGreaterThan(15);
  });

  test('gate releases in each environment', () => {
    const gates = plan().checks.filter(({ definition }) => definition.isGate);
    const where = new Set(gates.map(({ definition }) => definition.environment));
    expect([...where].toSorted()).toEqual(['integration', 'production', 'staging']);
  });

  test('ask the ports of this company', () => {
    const { environments } = plan().settings;
    const bases = environments.map(({ base }) => base);
    expect(bases).toEqual(
      ['production', 'staging', 'integration'].map(
        (name) => `http://127.0.0.1:${flat(ports)[`site.${name}.front`]}`,
      ),
    );
  });
});

test('nothing of a template is left, and no test is copied', () => {
  const files = readdirSync(places.territory, { recursive: true, encoding: 'utf8' });
  expect(files.filter((name) => name.endsWith('.test.ts'))).toEqual([]);
  const texts = files.filter((one) => /\.(ya?ml|feature)$/.test(one));
  expect(texts).toContain('checks/checks.yaml');
  const left = texts.filter((one) =>
    readFileSync(join(places.territory, one), 'utf8').includes('{{'),
  );
  expect(left).toEqual([]);
});
