import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Graph, layout as layOutByDagre } from '@dagrejs/dagre';
import ELK from 'elkjs/lib/elk.bundled.js';
import { compileMap } from '../src/rooms/map/code/compile.ts';
import { type MapModel, quadrants } from '../src/rooms/map/model.ts';
import { type Sheet, sheetOf } from '../src/rooms/map/picture/sheet.ts';
import { sizedMap } from '../src/rooms/map/sized-map.suite.ts';
import { draw } from '../src/server/map/layout/draw.ts';
import { LayoutDesk } from '../src/server/map/layout/layout-desk.ts';
import { machine, ratio, show } from './report.ts';

/**
 * Claims: a map of 500 nodes is drawn as at most 80 boxes, laid out in seconds once, and answered in
 * a millisecond from then on. Beside it, of the same boxes and lines: one ELK graph with a compound
 * for each quadrant, and four graphs by dagre; neither of them makes a picture of four frames.
 */
const rounds = Number(process.argv[2] ?? 5);
const sizes = (process.argv[3] ?? '20,60,120,250,500').split(',').map(Number);
const elk = new ELK.default();

function modelOf(nodes: number): MapModel {
  const { model } = compileMap({ file: 'map.yaml', text: sizedMap(nodes).text });
  if (!model) throw new Error('the sized map has an error');
  return model;
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const linesIn = (sheet: Sheet, quadrant: string) => {
  const ids = new Set(sheet.boxes.filter((box) => box.quadrant === quadrant).map((box) => box.id));
  return sheet.lines.filter(({ from, to }) => ids.has(from) && ids.has(to));
};

function inOneGraph(sheet: Sheet): Promise<unknown> {
  const layered = { 'elk.algorithm': 'layered', 'elk.edgeRouting': 'ORTHOGONAL' };
  const hierarchy = { ...layered, 'elk.hierarchyHandling': 'INCLUDE_CHILDREN' };
  return elk.layout({
    id: 'map',
    layoutOptions: hierarchy,
    children: quadrants.map((quadrant) => ({
      id: `frame ${quadrant}`,
      layoutOptions: layered,
      children: sheet.boxes
        .filter((box) => box.quadrant === quadrant)
        .map(({ id, width, height }) => ({ id, width, height })),
    })),
    edges: sheet.lines.map(({ id, from, to }) => ({ id, sources: [from], targets: [to] })),
  });
}

function byDagre(sheet: Sheet): void {
  for (const quadrant of quadrants) {
    const graph = new Graph();
    graph.setGraph({ rankdir: quadrant === 'production' || quadrant === 'support' ? 'TB' : 'LR' });
    graph.setDefaultEdgeLabel(() => ({}));
    for (const { id, width, height } of sheet.boxes.filter((box) => box.quadrant === quadrant))
      graph.setNode(id, { width, height });
    for (const { from, to } of linesIn(sheet, quadrant)) graph.setEdge(from, to);
    layOutByDagre(graph);
  }
}

console.log(machine());
for (const nodes of sizes) {
  const model = modelOf(nodes);
  const ours: number[] = [];
  const compound: number[] = [];
  const dagre: number[] = [];
  const cached: number[] = [];
  const sheet = sheetOf(model, []);
  const cacheDir = mkdtempSync(join(tmpdir(), 'territory-layout-'));
  const desk = new LayoutDesk({ cacheDir, onProblem: console.error });
  const { width, height, boxes, lines } = await desk.drawing(model, []);
  for (let round = 0; round < rounds; round++) {
    ours.push(await timed(() => draw(sheetOf(model, []), '', (graph) => elk.layout(graph))));
    compound.push(await timed(() => inOneGraph(sheet)));
    dagre.push(await timed(() => byDagre(sheet)));
    cached.push(await timed(() => desk.drawing(model, [])));
  }
  await desk.close();
  rmSync(cacheDir, { recursive: true, force: true });
  console.log(
    `\n${nodes} nodes, ${model.edges.length} edges: ${boxes.length} boxes, ${lines.length} lines, ${width} × ${height} px`,
  );
  console.log(
    ratio('whole drawing', ours, { name: 'one ELK graph of 4 compounds', values: compound }, 'ms'),
  );
  console.log(ratio('whole drawing', ours, { name: '4 × dagre', values: dagre }, 'ms'));
  console.log(`answered again: ${show(cached, 'ms')}`);
}
