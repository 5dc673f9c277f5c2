// PLACEHOLDER of the lead until the real one is there: overwrite it.
import type { Drawing } from '../../../rooms/map/picture/drawing.ts';
import { type MapModel, quadrants } from '../../../rooms/map/model.ts';
export class LayoutDesk {
  readonly counters = { laidOut: 0 };
  constructor(_: object) {}
  async drawing(model: MapModel, expand: readonly string[] | '*'): Promise<Drawing> {
    const [w, h] = [900, 560];
    const frames = quadrants.map((quadrant, i) => ({ quadrant, x: i < 2 ? 0 : w + 40, y: i % 2 === 0 ? 0 : h + 40, width: w, height: h }));
    const boxes = frames.flatMap((frame) => [...model.nodes.values()].filter((n) => n.quadrant === frame.quadrant).map((n, i) => ({ id: n.id, quadrant: n.quadrant, kind: n.kind, title: n.title, x: frame.x + 20 + (i % 5) * 175, y: frame.y + 40 + Math.floor(i / 5) * 70, width: 150, height: 46, nodes: [n.id], pinned: false })));
    const at = new Map(boxes.map((b) => [b.id, b]));
    const lines = model.edges.flatMap((e) => {
      const a = at.get(e.from); const b = at.get(e.to);
      return a && b ? [{ id: e.id, from: e.from, to: e.to, kind: e.kind, edges: [e.id], points: [[a.x + 75, a.y + 46], [b.x + 75, b.y]] as const }] : [];
    });
    return { hash: model.hash + String(expand), width: 2 * w + 40, height: 2 * h + 40, frames, boxes, lines, expandable: [], expanded: [] };
  }
  async close(): Promise<void> {}
}
