import { isMap } from 'yaml';
import type { BackEdge, EventPattern, MapNode, Stage, ValueStream } from '../model.ts';
import { type Slip } from './edge-text.ts';
import { parseInterval, parsePattern } from './event-pattern.ts';
import { type Entry, Fields } from './fields.ts';
import { isId } from './read-nodes.ts';
import type { MapReader } from './reader.ts';
import { textAt } from './written.ts';

const maxStreams = 50;
const maxStages = 50;
const items = ['change', 'incident', 'case', 'card'] as const;
const streamKeys = ['title', 'item', 'stages', 'back'];
const stageKeys = ['id', 'title', 'node', 'enter', 'exit', 'active'];

/** The streams with their stages. */
export function readStreams(top: Fields, nodes: ReadonlyMap<string, MapNode>): ValueStream[] {
  const { reader } = top;
  const entry = top.get('streams');
  const all = entry && Fields.read(reader, entry.node, { what: '"streams"', at: entry.at });
  const entries = all?.entries() ?? [];
  const [tooMany] = entries.slice(maxStreams);
  if (tooMany) reader.error(tooMany.at, `a map has at most ${maxStreams} streams`);
  return entries
    .slice(0, maxStreams)
    .filter((one) => isId(reader, one, 'a stream'))
    .flatMap((one) => readStream(reader, one, nodes) ?? []);
}

function readStream(
  reader: MapReader,
  { name: id, at, node }: Entry,
  nodes: ReadonlyMap<string, MapNode>,
): ValueStream | undefined {
  const fields = Fields.read(reader, node, { what: 'a stream', keys: streamKeys, at });
  if (!fields) return undefined;
  const item = readItem(fields);
  const stages = readStages(fields, nodes);
  const ids = stages.map((stage) => stage.id);
  const back = fields.list('back').flatMap((one) => readBack(reader, one, ids) ?? []);
  const title = fields.text('title') ?? id;
  return { id, title, item, stages, back, place: reader.place(at) };
}

function readItem(fields: Fields): ValueStream['item'] {
  const { reader } = fields;
  const entry = fields.get('item');
  const text = fields.text('item');
  const item = items.find((one) => one === text);
  if (item) return item;
  if (!entry) reader.error(fields.at, `"item" is missing: ${items.join(', ')}`);
  else if (text !== undefined) {
    const hint = reader.meant(text, items) || `: ${items.join(', ')}`;
    const what = `nothing follows a stream as ${JSON.stringify(text)}${hint}`;
    reader.error(reader.at(entry.node, entry.at), what);
  }
  return 'change';
}

function readStages(fields: Fields, nodes: ReadonlyMap<string, MapNode>): Stage[] {
  const { reader } = fields;
  const list = fields.list('stages');
  const entry = fields.get('stages');
  if (list.length === 0 || list.length > maxStages)
    reader.error(entry?.at ?? fields.at, `a stream has one to ${maxStages} stages`);
  const stages = new Map<string, Stage>();
  for (const one of list.slice(0, maxStages)) {
    const stage = readStage(reader, one, nodes);
    if (!stage) continue;
    const before = stages.get(stage.id);
    if (before) reader.error(one.at, `there is a stage "${stage.id}" at line ${before.place.line}`);
    else stages.set(stage.id, stage);
  }
  const [first] = list;
  if (first && [...stages.values()][0]?.enter.length === 0) checkFirst(reader, first);
  return [...stages.values()];
}

function checkFirst(reader: MapReader, { node, at }: Entry): void {
  if (isMap(node) && node.has('enter')) return;
  const wanted = 'by what event an item comes into the stream';
  reader.error(at, `the first stage needs "enter": ${wanted}`);
}

function readStage(
  reader: MapReader,
  { at, node: given }: Entry,
  nodes: ReadonlyMap<string, MapNode>,
): Stage | undefined {
  const fields = Fields.read(reader, given, { what: 'a stage', keys: stageKeys, at });
  if (!fields) return undefined;
  const id = fields.text('id');
  const node = readNode(fields, nodes);
  const [enter, exit] = [patternsIn(fields, 'enter'), patternsIn(fields, 'exit')];
  const active = fields.list('active').flatMap((one) => parsed(reader, one, parseInterval) ?? []);
  if (!fields.get('id')) reader.error(fields.at, 'a stage has an "id"');
  if (!fields.get('exit'))
    reader.error(fields.at, '"exit" is missing: by what event an item is handed on');
  const idEntry = fields.get('id');
  if (id === undefined || node === undefined || !idEntry) return undefined;
  if (!isId(reader, { ...idEntry, name: id }, 'a stage')) return undefined;
  const title = fields.text('title') ?? id;
  return { id, title, node, enter, exit, active, place: reader.place(at) };
}

function readNode(fields: Fields, nodes: ReadonlyMap<string, MapNode>): string | undefined {
  const { reader } = fields;
  const entry = fields.get('node');
  const node = fields.text('node');
  if (!entry) reader.error(fields.at, '"node" is missing: at which node the work is');
  if (!entry || node === undefined) return undefined;
  if (!nodes.has(node)) {
    const hint = reader.meant(node, nodes.keys());
    reader.error(reader.at(entry.node, entry.at), `there is no node "${node}"${hint}`);
  }
  return node;
}

function patternsIn(fields: Fields, name: string): EventPattern[] {
  return fields.list(name).flatMap((one) => parsed(fields.reader, one, parsePattern) ?? []);
}

function parsed<T extends object>(
  reader: MapReader,
  entry: Entry,
  parse: (text: string) => T | Slip,
): T | undefined {
  const written = textAt(reader, entry, 'an event is a text such as build.finished[outcome=pass]');
  if (!written) return undefined;
  const found = parse(written.text);
  if (!('wrong' in found)) return found;
  written.error(found.at, found.wrong);
  return undefined;
}

function readBack(
  reader: MapReader,
  entry: Entry,
  stages: readonly string[],
): BackEdge | undefined {
  const { node, at } = entry;
  const isPair = isMap(node);
  if (!isPair) {
    const wanted = 'work that comes back is written {on: change.reviewed[…], blames: code}';
    reader.error(reader.at(node, at), wanted);
    return undefined;
  }
  const keys = ['on', 'blames'];
  const fields = Fields.read(reader, node, { what: '"back"', keys, at });
  if (!fields) return undefined;
  for (const key of keys) if (!fields.get(key)) reader.error(at, `"${key}" is missing in "back"`);
  const [on] = patternsIn(fields, 'on');
  const blames = fields.text('blames');
  if (!on || blames === undefined) return undefined;
  if (stages.includes(blames)) return { on, blames };
  const place = reader.at(fields.get('blames')?.node, at);
  reader.error(place, `there is no stage "${blames}"${reader.meant(blames, stages)}`);
  return undefined;
}
