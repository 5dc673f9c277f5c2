import { isMap } from 'yaml';
import type { ImportedEdge, ImportedNode } from '../import/imported.ts';
import { readImports } from '../import/read-imports.ts';
import type { MapFault, MapNode } from '../model.ts';
import { type Fields, textIn } from './fields.ts';
import { type EdgeList, maxEdges } from './read-edges.ts';
import { nameKeys } from './read-names.ts';
import { emptyNode, maxNodes } from './read-nodes.ts';
import type { MapReader } from './reader.ts';

const mostImports = 500;

/** The texts of files by the paths under `import:`, and of those that can not be read the reason. */
export interface Imports {
  readonly imported?: ReadonlyMap<string, string>;
  readonly unread?: ReadonlyMap<string, string>;
}

/** What other files say, before the map has its word. */
export interface Merging {
  readonly nodes: ReadonlyMap<string, MapNode>;
  readonly edges: readonly ImportedEdge[];
  readonly faults: readonly MapFault[];
}

/** Reads what is under `import:`. */
export function readImported(top: Fields, { imported, unread }: Imports): Merging {
  const { reader } = top;
  const texts = new Map<string, string>();
  for (const entry of top.list('import').slice(0, mostImports)) {
    const path = textIn(reader, entry);
    if (path === undefined) continue;
    const text = imported?.get(path);
    const at = reader.at(entry.node, entry.at);
    if (texts.has(path)) reader.warn(at, `${path} is imported already`);
    else if (text === undefined) reader.error(at, unread?.get(path) ?? `${path} is not there`);
    else texts.set(path, text);
  }
  const found = readImports(texts);
  const called = declaredServices(top);
  // The map may call it otherwise: it is the node of that service.
  const idOf = (id: string): string => called.get(id) ?? id;
  const nodes = new Map<string, MapNode>();
  for (const node of found.nodes.slice(0, maxNodes)) {
    const id = idOf(node.id);
    if (!nodes.has(id)) nodes.set(id, nodeOf(id, node));
  }
  const edges = found.edges.map((edge) => ({ ...edge, from: idOf(edge.from), to: idOf(edge.to) }));
  return { nodes, edges, faults: found.faults };
}

/** The only declared node of each service, where its id is another. */
function declaredServices(top: Fields): ReadonlyMap<string, string> {
  const { reader } = top;
  const nodes = top.get('nodes')?.node;
  const byService = new Map<string, string[]>();
  const ids = new Set<string>();
  for (const { key, value } of isMap(nodes) ? nodes.items : []) {
    const id = reader.key(key);
    ids.add(id);
    const service = isMap(value) ? reader.text(value.get('service', true)) : undefined;
    if (service !== undefined) byService.set(service, [...(byService.get(service) ?? []), id]);
  }
  const only = [...byService].flatMap(([service, [id = '', other]]) =>
    other === undefined && !ids.has(service) ? [[service, id] as const] : [],
  );
  return new Map(only);
}

function nodeOf(id: string, node: ImportedNode): MapNode {
  const { quadrant, kind, title, description, owner, group, supplier, names = {}, place } = node;
  const known = nameKeys.filter((key) => Object.hasOwn(names, key));
  return {
    ...emptyNode,
    id,
    quadrant,
    kind,
    title: title ?? id,
    ...(description !== undefined && { description }),
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
    ...(supplier !== undefined && { supplier }),
    names: Object.fromEntries(known.map((key) => [key, names[key]])),
    place,
  };
}

/** Draws what is imported, but for what the map draws itself: a need of either kind is one edge. */
export function drawImported(
  edges: readonly ImportedEdge[],
  list: EdgeList,
  reader: MapReader,
): void {
  const drawn = new Set(
    [...list.edges.values()].flatMap(({ from, to, kind }) =>
      kind === 'flow' || kind === 'escalation' ? [] : [`${from} ${to}`],
    ),
  );
  for (const { from, to, kind, place } of edges) {
    if (from === to || drawn.has(`${from} ${to}`)) continue;
    if (list.size >= maxEdges) {
      if (!list.full) reader.error(0, `a map has at most ${maxEdges.toLocaleString('en')} edges`);
      list.full = true;
      return;
    }
    const sign = kind === 'soft' ? '~>' : '=>';
    list.add({ id: `${from}${sign}${to}`, from, to, kind, place });
  }
}
