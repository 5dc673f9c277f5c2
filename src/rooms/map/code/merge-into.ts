import { type Document, isCollection, isMap, isNode, isSeq } from 'yaml';
import type { MapDraft } from '../draft-map.ts';
import { unveil, veil } from './brackets.ts';
import { roughMap } from './compile.ts';
import { snippetOf } from './write.ts';
import { readYaml } from './yaml-text.ts';

/** A map's text with a draft in it. */
export interface Merged {
  readonly text: string;
  /** What was not there. */
  readonly added: MapDraft;
}

/**
 * Puts what a draft has, and a map has not, behind its last node and its last edge; all else stays
 * as it is written, its comments too. A part that stands on one line is written anew by lines.
 * Undefined when the text is no YAML of a map.
 */
export function mergeInto(text: string, draft: MapDraft): Merged | undefined {
  // Files that it imports are not here: what they draw is not missing, but drawn twice at worst.
  const { reader, documents } = readYaml('', text);
  const [document] = documents;
  if (!document || !isMap(document.contents) || reader.errors > 0) return undefined;
  const added = missingIn(text, draft);
  const parts = [
    ['nodes', snippetOf({ nodes: added.nodes, edges: [] })],
    ['edges', snippetOf({ nodes: [], edges: added.edges })],
  ] as const;
  const merged = parts.reduce((sum, [part, lines]) => insert(sum, part, lines), text);
  return { text: merged, added };
}

/** Without what the map has: nodes by id or by service, edges of any kind of need. */
function missingIn(text: string, { nodes, edges }: MapDraft): MapDraft {
  const { model } = roughMap({ file: '', text });
  const ids = new Map<string, string>();
  for (const node of model?.nodes.values() ?? []) {
    if (node.names.service !== undefined) ids.set(node.names.service, node.id);
  }
  for (const id of model?.nodes.keys() ?? []) ids.set(id, id);
  const idOf = (id: string): string => ids.get(id) ?? id;
  const drawn = new Set(
    (model?.edges ?? []).flatMap(({ from, to, kind }) =>
      kind === 'flow' || kind === 'escalation' ? [] : [`${from} ${to}`],
    ),
  );
  return {
    nodes: nodes.filter(({ id }) => !ids.has(id)),
    edges: edges.flatMap((edge) => {
      const [from, to] = [idOf(edge.from), idOf(edge.to)];
      return from === to || drawn.has(`${from} ${to}`) ? [] : [{ ...edge, from, to }];
    }),
  };
}

const writtenAnew = (document: Document): string => unveil(document.toString({ lineWidth: 0 }));

function insert(text: string, part: string, lines: string): string {
  if (lines === '') return text;
  const { documents } = readYaml('', text);
  const [document] = documents;
  if (!document) return text;
  const value: unknown = document.get(part, true);
  if (isCollection(value) && value.items.length > 0 && value.flow !== true)
    return behind(text, value, lines);
  if (!document.has(part)) return `${text.replace(/\n*$/, '\n')}\n${part}:\n${lines}`;
  // `nodes: {}`, or all of it on one line.
  if (isCollection(value) && value.items.length > 0) {
    value.flow = false;
    return insert(writtenAnew(document), part, lines);
  }
  return replaceEmpty(text, part, { value, lines });
}

/** Puts lines behind the last one of a collection, as far in as its first. */
function behind(text: string, value: object, lines: string): string {
  if (!isNode(value) || !value.range) return text;
  const [start, end] = value.range;
  const plain = veil(text);
  const indent = isMap(value) || isSeq(value) ? indentAt(plain, start) : '  ';
  const last = plain.slice(0, end).trimEnd().length;
  const lineEnd = plain.indexOf('\n', last);
  const at = lineEnd < 0 ? text.length : lineEnd + 1;
  const before = text.slice(0, at);
  const put = lines.replace(/^ {2}/gm, indent);
  return `${before}${before.endsWith('\n') ? '' : '\n'}${put}${text.slice(at)}`;
}

function indentAt(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return /^\s*/.exec(line)?.[0] ?? '';
}

function replaceEmpty(
  text: string,
  part: string,
  { value, lines }: { readonly value: unknown; readonly lines: string },
): string {
  const range = isCollection(value) ? value.range : undefined;
  const head = new RegExp(`^(["']?)${part}\\1\\s*:`, 'm').exec(text);
  const from = head ? head.index + head[0].length : 0;
  if (!head) return text;
  const to = range && range[1] > from ? range[1] : from;
  const rest = text.slice(to);
  const lineEnd = rest.indexOf('\n');
  const comment = lineEnd < 0 ? rest : rest.slice(0, lineEnd);
  const after = lineEnd < 0 ? '' : rest.slice(lineEnd + 1);
  return `${text.slice(0, from)}${comment.trimEnd()}\n${lines}${after}`;
}
