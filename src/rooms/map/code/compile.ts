import { isMap } from 'yaml';
import { type MapFault, type MapModel, emptyMap } from '../model.ts';
import { hashOf } from './content-hash.ts';
import { Fields, isNothing } from './fields.ts';
import { type Imports, type Merging, drawImported, readImported } from './merge-imports.ts';
import { readBindings } from './read-bindings.ts';
import { EdgeList, readEdges } from './read-edges.ts';
import { readNodes } from './read-nodes.ts';
import { readProcesses } from './read-processes.ts';
import { readStreams } from './read-streams.ts';
import type { MapReader } from './reader.ts';
import { readYaml } from './yaml-text.ts';

/** The only format that there is. */
export const mapSchema = 'territory.map/1';

const topKeys = [
  'schema',
  'title',
  'import',
  'stale',
  'nodes',
  'edges',
  'processes',
  'streams',
  'bind',
];

/** A map as text, with the files that it imports by their paths as written there. */
export interface MapText extends Imports {
  readonly file: string;
  readonly text: string;
}

/** A checked map, undefined when there is an error; and all that is wrong, in the order of the text. */
export interface CompiledMap {
  readonly model: MapModel | undefined;
  readonly faults: readonly MapFault[];
}

/**
 * Reads a map: its format is docs/formats/map.md. All that is wrong is told at once, with file, line
 * and column. What is declared goes before what is imported. Never throws.
 */
export function compileMap(source: MapText): CompiledMap {
  const { model, faults } = roughMap(source);
  const isWrong = faults.some(({ severity }) => severity === 'error');
  return { model: isWrong ? undefined : model, faults };
}

/** The same, with what could be understood of a map that has errors. */
export function roughMap(source: MapText): CompiledMap {
  const { reader, documents } = readYaml(source.file, source.text);
  const top = documents.length > 0 || reader.errors === 0 ? topOf(reader, documents) : undefined;
  const merging = top && readImported(top, source);
  const model = top && merging && modelOf(top, merging);
  return { model, faults: [...sorted(reader.faults), ...(merging?.faults ?? [])] };
}

function topOf(reader: MapReader, documents: ReturnType<typeof readYaml>['documents']) {
  const [document, second] = documents;
  if (second) reader.error(second.range[0], 'a file has one map: a second document begins here');
  if (!document || isNothing(document.contents)) {
    reader.error(0, `the file is empty; a map begins with "schema: ${mapSchema}"`);
    return undefined;
  }
  if (!isMap(document.contents)) {
    reader.error(reader.at(document.contents, 0), `a map begins with "schema: ${mapSchema}"`);
    return undefined;
  }
  reader.document = document;
  const own = document.contents.items.flatMap(({ key }) => reader.text(key) ?? []);
  // As in Compose files: a place for anchors of YAML, and for notes.
  const extensions = own.filter((name) => name.startsWith('x-'));
  return Fields.read(reader, document.contents, {
    what: 'a map',
    keys: [...topKeys, ...extensions],
    at: 0,
  });
}

function modelOf(top: Fields, merging: Merging): MapModel {
  const { reader } = top;
  checkSchema(top);
  const nodes = readNodes(reader, top.get('nodes'), merging.nodes);
  const list = new EdgeList();
  readEdges(top, nodes, list);
  drawImported(merging.edges, list, reader);
  const { processes, groups } = readProcesses(top, nodes);
  const streams = readStreams(top, nodes);
  const bind = readBindings(top, { nodes, processes });
  const production = [...nodes.values()].filter(({ quadrant }) => quadrant === 'production');
  if (production.length > 0 && !production.some(({ anchor }) => anchor))
    reader.warn(
      top.get('nodes')?.at ?? 0,
      'production has no anchor; put who uses it on top: users: {quadrant: production, kind: actor, anchor: true}',
    );
  const model = {
    title: top.text('title') ?? '',
    nodes,
    edges: [...list.edges.values()],
    groups: [...list.groups.values(), ...groups],
    processes,
    streams,
    bind,
    staleAfter: top.duration('stale') ?? emptyMap.staleAfter,
  };
  return { ...model, hash: hashOf(model) };
}

function checkSchema(top: Fields): void {
  const entry = top.get('schema');
  const text = top.text('schema');
  if (!entry) top.reader.error(0, `a map begins with "schema: ${mapSchema}"`);
  else if (text !== undefined && text !== mapSchema) {
    const at = top.reader.at(entry.node, entry.at);
    top.reader.error(at, `the format "${text}" is not known; this is ${mapSchema}`);
  }
}

/** The paths under `import:`, for who reads the files; those of a text that can be read. */
export function importsOf(text: string): readonly string[] {
  const { reader, documents } = readYaml('', text);
  const [document] = documents;
  if (!document || !isMap(document.contents)) return [];
  reader.document = document;
  return Fields.read(reader, document.contents, { what: '', at: 0 })?.texts('import') ?? [];
}

function sorted(faults: readonly MapFault[]): MapFault[] {
  return faults.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
