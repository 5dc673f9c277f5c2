import type { DraftEdge, DraftNode, MapDraft } from '../draft-map.ts';
import { quadrants } from '../model.ts';
import { maxEdges } from './read-edges.ts';
import { nameKeys } from './read-names.ts';
import { maxNodes } from './read-nodes.ts';
import { commentOf, scalarOf } from './yaml-words.ts';

const maxIdLength = 150;
/** Characters of one text of a node: a map takes a little more. */
const maxTextLength = 1_000;
/** So that what is written can be read again: the bound of a map is a little higher. */
const maxWritten = 800_000;

const signs = { flow: '->', hard: '=>', soft: '~>', escalation: '^>' } as const;

const beginning = `# A map made of what was seen. Names may be wrong, and nothing here says what matters: add who uses
# it, the processes that they rely on and what these need. \`territory map check\` reads it.
schema: territory.map/1
`;

const anchorHint =
  '  # users: {quadrant: production, kind: actor, anchor: true}  # who uses it, on top\n';

/** A whole map.yaml with what a draft has. It compiles without error, whatever the names are. */
export function writeDraft(draft: MapDraft): string {
  const { nodes, edges, cut } = linesOf(draft);
  const quadrantsIn = quadrants.flatMap((quadrant) => {
    const lines = nodes.filter((node) => node.quadrant === quadrant);
    if (lines.length === 0) return [];
    const anchored = draft.nodes.some((node) => node.quadrant === quadrant && node.anchor);
    const hint = quadrant === 'production' && !anchored ? anchorHint : '';
    return [`  # ${quadrant}\n${hint}${lines.map(({ line }) => line).join('')}`];
  });
  const parts = [
    beginning,
    quadrantsIn.length > 0 ? `nodes:\n${quadrantsIn.join('\n')}` : 'nodes: {}\n',
    edges.length > 0 ? `edges:\n${edges.join('')}` : 'edges: []\n',
    ...(cut ? ['# There was more than a map may have: it is left out.\n'] : []),
  ];
  return parts.join('\n');
}

/** Lines to be pasted below `nodes:` or `edges:`; where there are both, with these names. */
export function snippetOf(draft: MapDraft): string {
  const { nodes, edges } = linesOf(draft, (id) => id);
  const lines = nodes.map(({ line }) => line).join('');
  if (edges.length === 0) return lines;
  const drawn = edges.join('');
  return nodes.length === 0 ? drawn : `nodes:\n${lines}edges:\n${drawn}`;
}

interface Lines {
  readonly nodes: readonly { readonly quadrant: string; readonly line: string }[];
  readonly edges: readonly string[];
  readonly cut: boolean;
}

/** The lines of a draft; `unknown` says what an end of an edge is called that is no node of it. */
function linesOf(draft: MapDraft, unknown?: (id: string) => string): Lines {
  const room = { left: maxWritten };
  const ids = new Map<string, string>();
  const nodes = nodesOf(draft, ids, room);
  const edges = new Map<string, string>();
  for (const edge of draft.edges) {
    const [from, to] = [edge.from, edge.to].map((id) => ids.get(id) ?? unknown?.(safeId(id)));
    if (from === undefined || to === undefined || from === to) continue;
    const text = `${from} ${signs[edge.kind]} ${to}`;
    if (edges.has(text)) continue;
    const line = edgeLine(text, edge);
    room.left -= line.length;
    if (edges.size >= maxEdges || room.left < 0) break;
    edges.set(text, line);
  }
  return { nodes: nodes.list, edges: [...edges.values()], cut: nodes.cut || room.left < 0 };
}

function nodesOf(draft: MapDraft, ids: Map<string, string>, room: { left: number }) {
  const taken = new Set<string>();
  const list: Lines['nodes'][number][] = [];
  for (const node of draft.nodes) {
    if (ids.has(node.id)) continue;
    const id = freeId(node.id, taken);
    const line = nodeLine(id, node);
    room.left -= line.length;
    if (list.length >= maxNodes || room.left < 0) return { list, cut: true };
    ids.set(node.id, id);
    taken.add(id);
    list.push({ quadrant: node.quadrant, line });
  }
  return { list, cut: false };
}

function nodeLine(id: string, node: DraftNode): string {
  const { quadrant, kind, title, description, owner, group, supplier, names = {} } = node;
  const fields: (readonly [string, string | undefined])[] = [
    ['quadrant', quadrant],
    ['kind', kind.trim() === '' ? 'app' : kind],
    ['title', title === id ? undefined : title],
    ['description', description],
    ['owner', owner],
    ['group', group],
    ['supplier', supplier],
    ...nameKeys.map((key) => [key, Object.hasOwn(names, key) ? names[key] : undefined] as const),
  ];
  const said = fields.flatMap(([key, value = '']) => {
    const text = value.trim().slice(0, maxTextLength).trim();
    return text === '' ? [] : [`${key}: ${scalarOf(text)}`];
  });
  if (node.anchor) said.push('anchor: true');
  return `  ${scalarOf(id)}: {${said.join(', ')}}${commentOf(node.comment)}\n`;
}

const edgeLine = (text: string, { comment }: DraftEdge): string =>
  `  - ${text}${commentOf(comment)}\n`;

function freeId(given: string, taken: ReadonlySet<string>): string {
  const id = safeId(given);
  let free = id;
  for (let number = 2; taken.has(free); number++) free = `${id}-${number}`;
  return free;
}

/** An id as a map takes it: what may not stand in it becomes a hyphen. */
export function safeId(given: string): string {
  const plain = given
    .replace(/[^\p{L}\p{N}_./-]+/gu, '-')
    .replace(/-+/g, '-')
    .replace(/^[-./]+/, '')
    .replace(/-$/, '');
  const cut = plain.slice(0, maxIdLength).replace(/[\uD800-\uDBFF]$/, '');
  return cut === '' ? 'unnamed' : cut;
}
