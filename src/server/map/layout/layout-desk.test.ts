import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emptyMap, type MapModel } from '../../../rooms/map/model.ts';
import { compiled } from './drawings.suite.ts';
import { LayoutDesk } from './layout-desk.ts';

const shop = compiled(`schema: territory.map/1
nodes:
  users: {quadrant: production, kind: actor, anchor: true}
  web/1: {quadrant: production, kind: web, group: web}
  web/2: {quadrant: production, kind: web, group: web}
edges:
  - users -> web/*
`);

let cacheDir: string;
let problems: unknown[];
const desks: LayoutDesk[] = [];

beforeEach(() => {
  cacheDir = join(mkdtempSync(join(tmpdir(), 'territory-layout-')), 'drawings');
  problems = [];
});

afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
  rmSync(join(cacheDir, '..'), { recursive: true, force: true });
});

function open(patience?: number): LayoutDesk {
  const onProblem = (problem: unknown): number => problems.push(problem);
  const desk = new LayoutDesk({ cacheDir, onProblem, ...(patience !== undefined && { patience }) });
  desks.push(desk);
  return desk;
}

/** The same map with other ids, so many. */
const numbered = (at: number): MapModel => ({
  ...emptyMap,
  nodes: new Map(
    [...shop.nodes.values()].map((node) => [
      `${node.id}-${at}`,
      { ...node, id: `${node.id}-${at}` },
    ]),
  ),
});

describe('the layout desk', () => {
  test('lays a map out once, for all who ask at the same time and later', async () => {
    const desk = open();
    const [first, second] = await Promise.all([desk.drawing(shop, []), desk.drawing(shop, [])]);
    expect(second).toBe(first);
    expect(await desk.drawing(shop, [])).toBe(first);
    expect(desk.counters).toMatchObject({ laidOut: 1, fromFiles: 0 });
    expect(problems).toEqual([]);
  });

  test('does not lay it out again for what is not drawn', async () => {
    const desk = open();
    const first = await desk.drawing(shop, []);
    const node = shop.nodes.get('users');
    if (!node) throw new Error('users');
    const described = { ...node, description: 'Who buys', runbook: 'https://example.org' };
    const nodes = new Map(shop.nodes).set('users', described);
    expect(await desk.drawing({ ...shop, nodes }, [])).toBe(first);
    expect((await desk.drawing(shop, ['web'])).hash).not.toBe(first.hash);
  });

  test('finds it again after a restart', async () => {
    const first = await open().drawing(shop, ['web']);
    const desk = open();
    expect(await desk.drawing(shop, ['web'])).toEqual(first);
    expect(desk.counters).toMatchObject({ laidOut: 0, fromFiles: 1 });
  });

  test.each(['', '{"hash":', '{"hash":"other"}', 'null'])(
    'lays it out anew when the file is damaged: %j',
    async (damaged) => {
      const first = await open().drawing(shop, []);
      const [file = ''] = readdirSync(cacheDir);
      writeFileSync(join(cacheDir, file), damaged);
      const desk = open();
      expect(await desk.drawing(shop, [])).toEqual(first);
      expect(desk.counters).toMatchObject({ laidOut: 1, fromFiles: 0 });
    },
  );

  test('draws in rows when a layout takes too long, and has another try the next time', async () => {
    const desk = open(1);
    const plain = await desk.drawing(shop, []);
    expect(plain.boxes.map(({ id }) => id)).toEqual(['users', 'group:web']);
    expect(plain.lines).toHaveLength(1);
    expect(String(problems[0])).toMatch(/took longer than 1 ms/);
    expect(desk.counters).toMatchObject({ laidOut: 0, failed: 1 });
    expect(existsSync(cacheDir) ? readdirSync(cacheDir) : []).toEqual([]);
    await desk.drawing(shop, []);
    expect(desk.counters.failed).toBe(2);
  });

  test('refuses when too many wait, and says when to try again', async () => {
    const desk = open();
    const waiting = Array.from({ length: 32 }, (_, at) => desk.drawing(numbered(at), []));
    await expect(desk.drawing(numbered(32), [])).rejects.toMatchObject({ code: 'TERR_MAP_BUSY' });
    await Promise.all(waiting);
    expect(desk.counters).toMatchObject({ laidOut: 32, refused: 1 });
    await desk.drawing(numbered(32), []);
  });
});
