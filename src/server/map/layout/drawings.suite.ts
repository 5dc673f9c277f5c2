import ELK from 'elkjs/lib/elk.bundled.js';
import { compileMap } from '../../../rooms/map/code/compile.ts';
import type { MapModel } from '../../../rooms/map/model.ts';
import type { Drawing } from '../../../rooms/map/picture/drawing.ts';
import { type Expand, sheetOf } from '../../../rooms/map/picture/sheet.ts';
import { draw } from './draw.ts';

/** The map of a text that is right. */
export function compiled(text: string): MapModel {
  const { model, faults } = compileMap({ file: 'map.yaml', text });
  if (!model) throw new Error(JSON.stringify(faults));
  return model;
}

/** Drawn in this thread. */
export function drawn(model: MapModel, expand: Expand = []): Promise<Drawing> {
  const elk = new ELK.default();
  return draw(sheetOf(model, expand), 'hash', (graph) => elk.layout(graph));
}
