import { isMap } from 'yaml';
import type { MapEdge, MapGroup, MapNode, Place } from '../model.ts';
import { type Chain, type End, kindOf, parseEdges } from './edge-text.ts';
import type { Arrow } from './edge-words.ts';
import type { Fields } from './fields.ts';
import { NameFinder } from './find-names.ts';
import { type Written, textAt } from './written.ts';

export const maxEdges = 10_000;
/** Edges that are drawn, also those that are there already: globs make many of a few words. */
const maxDrawn = 10 * maxEdges;

/** Gathers edges, each once. */
export class EdgeList {
  readonly edges = new Map<string, MapEdge>();
  readonly groups = new Map<string, MapGroup>();
  /** More were drawn than there may be; it was told. */
  full = false;
  drawn = 0;

  /** Answers the edge that was there before. */
  add(edge: MapEdge): MapEdge | undefined {
    const before = this.edges.get(edge.id);
    if (before || this.size >= maxEdges) return before;
    this.edges.set(edge.id, edge);
    return undefined;
  }

  get size(): number {
    return this.edges.size;
  }
}

/** The lines of `edges`: each is a text of one or more chains. */
export function readEdges(top: Fields, nodes: ReadonlyMap<string, MapNode>, list: EdgeList): void {
  const processes = top.get('processes')?.node;
  const ids = isMap(processes) ? processes.items.map(({ key }) => top.reader.key(key)) : [];
  const finder = new NameFinder(top.reader, nodes, { processes: new Set(ids) });
  for (const entry of top.list('edges')) {
    if (list.full) return;
    const written = textAt(top.reader, entry, anEdgeIs);
    if (!written) continue;
    for (const chain of parseEdges(written.text)) {
      if (list.full) return;
      if ('wrong' in chain) written.error(chain.at, chain.wrong);
      else draw(chain, written, { finder, list });
    }
  }
}

const anEdgeIs = 'an edge is a text such as "shop => orders-db"';

interface Sheet {
  readonly finder: NameFinder;
  readonly list: EdgeList;
}

function draw(chain: Chain, written: Written, sheet: Sheet): void {
  const found = chain.ends.map((end) => sheet.finder.ids(end, written));
  for (const [number, { sign, at }] of chain.arrows.entries()) {
    const [from, to] = [found[number], found[number + 1]];
    const end = chain.ends[number + 1];
    if (!from || !to || !end) continue;
    const one = { sign, at, end, from, to };
    if (end.need) drawGroups(one, written, sheet);
    else drawEdges(one, written, sheet);
  }
}

interface Step {
  readonly sign: Arrow;
  readonly at: number;
  readonly end: End;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

function drawEdges({ sign, at, end, from, to }: Step, written: Written, { list }: Sheet): void {
  const kind = kindOf(sign);
  const place = written.place(at);
  for (const [a, b] of pairs(from, to)) {
    if (a === b) {
      // A glob may well fit the node itself; who writes it out means something else.
      if (from.length === 1 && to.length === 1) written.error(at, `${a} leads to itself`);
      continue;
    }
    if (tooMany(list, written, at)) return;
    const after = end.after && { after: end.after.ms };
    const before = list.add({ id: `${a}${sign}${b}`, from: a, to: b, kind, ...after, place });
    if (before) tellTwice(before, written, at);
  }
}

function drawGroups({ at, end, from, to }: Step, written: Written, { list }: Sheet): void {
  for (const one of from) {
    const members = to.filter((id) => id !== one);
    const group = groupOf({ from: one, end, members }, written, written.place(at));
    if (!group) continue;
    const before = list.groups.get(group.id);
    if (before) tellTwice(before, written, at);
    else list.groups.set(group.id, group);
    for (const to of before ? [] : members) {
      if (tooMany(list, written, at)) return;
      const id = `${group.id}[${to}]`;
      list.add({ id, from: one, to, kind: 'member', group: group.id, place: group.place });
    }
  }
}

/** `from` needs so many of the members; undefined, and told, when there are not so many. */
export function groupOf(
  { from, end, members }: { from: string; end: End; members: readonly string[] },
  written: Written,
  place: Place,
): MapGroup | undefined {
  const { need, text } = end;
  if (!need) return undefined;
  if (need.count > members.length) {
    const are = members.length === 1 ? 'is one' : `are ${members.length}`;
    written.error(need.at, `${need.count} of ${text} are needed, and there ${are}`);
    return undefined;
  }
  return {
    id: `${from}=>${text.replaceAll(' ', '')}`,
    from,
    members,
    need: need.count,
    text,
    place,
  };
}

function tellTwice(before: { readonly place: Place }, written: Written, at: number): void {
  const { file, line } = before.place;
  const where = file === written.place(at).file ? `line ${line}` : `${file}:${line}`;
  written.warn(at, `this edge is drawn already, at ${where}`);
}

function tooMany(list: EdgeList, written: Written, at: number): boolean {
  if (list.size < maxEdges && list.drawn++ < maxDrawn) return false;
  if (!list.full) written.error(at, `a map has at most ${maxEdges.toLocaleString('en')} edges`);
  list.full = true;
  return true;
}

function* pairs(from: readonly string[], to: readonly string[]): Generator<[string, string]> {
  for (const a of from) for (const b of to) yield [a, b];
}
