import type { EdgeKind, MapEdge, MapModel, Quadrant } from '../model.ts';
import { groupTree, isOpenIn } from './collapse.ts';
import type { Line } from './drawing.ts';
import { shortTitle, textWidth } from './text-width.ts';
import type { Unit } from './unit.ts';

/** What is to be drawn, before it is known where. */
export interface Sheet {
  readonly boxes: readonly SheetBox[];
  readonly lines: readonly SheetLine[];
  readonly expandable: readonly string[];
  readonly expanded: readonly string[];
}

export interface SheetBox {
  readonly id: string;
  readonly quadrant: Quadrant;
  readonly kind: string;
  readonly title: string;
  /** px */
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly string[];
  /** In the first row of its quadrant. */
  readonly anchor: boolean;
  /** Pinned, px within its quadrant. */
  readonly at?: { readonly x: number; readonly y: number };
}

export type SheetLine = Omit<Line, 'points'>;

/** What is opened: names of groups, or all. */
export type Expand = readonly string[] | '*';

/** Height of every box, px. */
export const boxHeight = 46;
const titleFont = { size: 13, bold: true };
/** px left of the title for the sign of the state, and right of it. */
const besideTitle = 34 + 10;
const forMark = 14;
/** So that the word below the title has room, with the beginning of its reason. */
const narrowest = { node: 128, group: 148 };
const widest = 232;
const step = 8;

/** Decides what is drawn as one, and what leads from where to where. */
export function sheetOf(model: MapModel, expand: Expand): Sheet {
  const expandable: string[] = [];
  const expanded: string[] = [];
  const boxes: SheetBox[] = [];
  const visit = (unit: Unit): void => {
    if (unit.name !== undefined) expandable.push(unit.name);
    if (!isOpenIn(unit, expand)) return void boxes.push(boxOf(unit));
    if (unit.name !== undefined) expanded.push(unit.name);
    for (const part of unit.parts) visit(part);
  };
  for (const unit of groupTree(model)) visit(unit);
  return { boxes, lines: linesOf(model, boxes), expandable, expanded };
}

function boxOf(unit: Unit): SheetBox {
  const { id, quadrant, kind, nodes, anchor, at } = unit;
  const title = shortTitle(unit.title);
  const wanted =
    besideTitle + textWidth(title, titleFont) + (unit.name === undefined ? 0 : forMark);
  const least = unit.name === undefined ? narrowest.node : narrowest.group;
  const width = Math.min(widest, Math.max(least, Math.ceil(wanted / step) * step));
  return { id, quadrant, kind, title, width, height: boxHeight, nodes, anchor, ...(at && { at }) };
}

/** From the most binding on. */
const binding: readonly EdgeKind[] = ['hard', 'member', 'soft', 'escalation', 'flow'];

/** One line for all edges that lead from one box to another. */
export function linesOf(model: MapModel, boxes: readonly SheetBox[]): SheetLine[] {
  const boxOfNode = new Map(boxes.flatMap(({ id, nodes }) => nodes.map((node) => [node, id])));
  const between = new Map<string, { from: string; to: string; edges: MapEdge[] }>();
  for (const edge of model.edges) {
    const [from, to] = [boxOfNode.get(edge.from), boxOfNode.get(edge.to)];
    if (from === undefined || to === undefined || from === to) continue;
    const id = `${from}→${to}`;
    const line = between.get(id);
    if (line) line.edges.push(edge);
    else between.set(id, { from, to, edges: [edge] });
  }
  const told = new Set<string>();
  return [...between].map(([id, { from, to, edges }]) => {
    const kind = binding.find((one) => edges.some((edge) => edge.kind === one)) ?? 'flow';
    const label = labelOf(model, kind, edges, told);
    const ids = edges.map((edge) => edge.id);
    return { id, from, to, kind, edges: ids, ...(label !== undefined && { label }) };
  });
}

/** `2 of 3` of a group, once; how long until an escalation. */
function labelOf(
  model: MapModel,
  kind: EdgeKind,
  edges: readonly MapEdge[],
  told: Set<string>,
): string | undefined {
  if (kind === 'member') {
    const name = edges.find((edge) => edge.kind === 'member')?.group;
    const group = model.groups.find(({ id }) => id === name);
    if (!group || told.has(group.id)) return undefined;
    told.add(group.id);
    return `${group.need} of ${group.members.length}`;
  }
  if (kind !== 'escalation') return undefined;
  const times = edges.flatMap(({ after }) => after ?? []);
  return times.length === 0 ? undefined : `after ${shortTime(Math.min(...times))}`;
}

/** `30m`, `1h`, `2d`: ms as map.yaml has them. */
function shortTime(ms: number): string {
  for (const [unit, length] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
  ] as const)
    if (ms >= length && ms % length === 0) return `${ms / length}${unit}`;
  return `${Math.round(ms / 1_000)}s`;
}
