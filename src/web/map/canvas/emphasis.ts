import type { DrawingAnswer } from '../../../server/api/contract-map-drawing.ts';
import type { MapModel } from '../store.ts';

/** What of the picture is emphasised. Ids of boxes and of lines. */
export interface Emphasis {
  /** All else fades; undefined: nothing fades. */
  readonly focus: ReadonlySet<string> | undefined;
  /** On the way to the cause. */
  readonly chain: ReadonlySet<string>;
  readonly chainLines: ReadonlySet<string>;
}

type Boxes = ReadonlyMap<string, string>;

/** By id of a node: the id of the box that stands for it. */
export const boxesByNode = (drawing: Pick<DrawingAnswer, 'boxes'>): Boxes =>
  new Map(drawing.boxes.flatMap(({ id, nodes }) => nodes.map((node) => [node, id] as const)));

/** The boxes that a process needs, however indirectly. */
export function neededBoxes(model: MapModel, process: string, boxes: Boxes): ReadonlySet<string> {
  const needed = model.nodes.filter((node) => node.processes.includes(process));
  return new Set(needed.flatMap(({ id }) => boxes.get(id) ?? []));
}

/** The boxes and lines on a way to a cause. A line may be drawn in either direction of the need. */
export function chainOf(
  because: readonly string[],
  drawing: Pick<DrawingAnswer, 'lines'>,
  boxes: Boxes,
): Omit<Emphasis, 'focus'> {
  const way = because.flatMap((id) => boxes.get(id) ?? []);
  const steps = new Set<string>();
  for (const [at, box] of way.entries()) {
    const next = way[at + 1];
    if (next !== undefined) steps.add(`${box} ${next}`).add(`${next} ${box}`);
  }
  const lines = drawing.lines.filter(({ from, to }) => steps.has(`${from} ${to}`));
  return { chain: new Set(way), chainLines: new Set(lines.map(({ id }) => id)) };
}
