import type { ElkNode } from 'elkjs/lib/elk-api.js';
import { type Quadrant, quadrants } from '../../../rooms/map/model.ts';
import { compose } from '../../../rooms/map/picture/compose.ts';
import type { Drawing } from '../../../rooms/map/picture/drawing.ts';
import type { Candidates } from '../../../rooms/map/picture/frames.ts';
import { type Plan, gridPlan } from '../../../rooms/map/picture/plan.ts';
import type { Sheet } from '../../../rooms/map/picture/sheet.ts';
import { graphOf, planOf } from './graph.ts';

/** What lays out a graph; ELK does it in place. */
export type LayOut = (graph: ElkNode) => Promise<ElkNode>;

/** Lays out each quadrant in several ways, and puts those together that fit best. */
export async function draw(sheet: Sheet, hash: string, layOut: LayOut): Promise<Drawing> {
  const plans = new Map<Quadrant, readonly Plan[]>();
  for (const quadrant of quadrants) {
    const graph = graphOf(sheet, quadrant);
    const found: Plan[] = [];
    for (const { graph: one, handicap } of graph.graphs)
      // oxlint-disable-next-line no-await-in-loop -- one thread, one after the other
      found.push({ ...planOf(await layOut(one), graph), handicap });
    plans.set(quadrant, found.length === 0 ? [gridPlan(graph.loners)] : found);
  }
  return compose(
    sheet,
    byQuadrant((quadrant) => plans.get(quadrant) ?? []),
    hash,
  );
}

/** The boxes of each quadrant in rows: what there is when the layout fails. */
export const drawPlain = (sheet: Sheet, hash: string): Drawing =>
  compose(
    sheet,
    byQuadrant((one) => [gridPlan(sheet.boxes.filter((box) => box.quadrant === one && !box.at))]),
    hash,
  );

const byQuadrant = (plansOf: (quadrant: Quadrant) => readonly Plan[]): Candidates => ({
  development: plansOf('development'),
  pipeline: plansOf('pipeline'),
  production: plansOf('production'),
  support: plansOf('support'),
});
