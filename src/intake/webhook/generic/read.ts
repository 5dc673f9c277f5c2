import { LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { draftFields } from '../../../event/check.ts';
import { suggest } from '../../../event/suggest.ts';
import { readConditions } from './conditions.ts';
import { readField } from './field.ts';
import type { Mapping, ReadMapping } from './mapping.ts';
import { parsePath } from './path.ts';
import { MappingReader } from './reader.ts';

/** UTF-16 units of the text of a mapping, the events that one may make, and attributes of an event. */
export const maxMappingText = 16_384;
const maxMappings = 20;
const maxAttributes = 64;
const maxTags = 32;

const ownKeys = ['each', 'only', 'skip'];
const keys: readonly string[] = [...ownKeys, ...draftFields];
/** What is no single value. */
const apart: readonly string[] = [...ownKeys, 'attributes', 'tags'];

/** Other words that people use for our fields. */
const meant: Readonly<Record<string, string>> = {
  timestamp: 'time',
  status: 'state',
  severity: 'state',
  labels: 'attributes',
  value: 'metric',
  payload: 'data',
  env: 'environment',
  foreach: 'each',
  items: 'each',
  if: 'only',
  when: 'only',
  unless: 'skip',
};

/**
 * Reads a mapping: YAML or JSON, one object or a list of them. All that is wrong is told at once,
 * with its place. Never throws.
 */
export function readMapping(text: string): ReadMapping {
  const lines = new LineCounter();
  const reader = new MappingReader(lines);
  if (text.length > maxMappingText) {
    reader.report(0, `a mapping has at most ${maxMappingText} characters`);
    return { problems: reader.problems };
  }
  // Aliases can make a small text huge, and a mapping has no use for them.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  for (const { pos, message } of document.errors) reader.report(pos[0], message);
  if (reader.problems.length > 0) return { problems: reader.problems };
  const top = document.contents;
  const nodes: readonly unknown[] = isSeq(top) ? top.items : [top];
  if (nodes.length === 0 || nodes.length > maxMappings)
    reader.report(0, `a mapping makes one to ${maxMappings} events`);
  const mappings = nodes.slice(0, maxMappings).flatMap((node) => readOne(reader, node) ?? []);
  return reader.problems.length > 0 ? { problems: reader.problems } : { mappings };
}

/** The value of one name in a mapping. */
interface Entry {
  readonly at: number;
  readonly node: unknown;
}

function readOne(reader: MappingReader, node: unknown): Mapping | undefined {
  const start = reader.offset(node);
  if (!isMap(node)) {
    reader.report(start, 'a mapping has names and values, such as "type: event"');
    return undefined;
  }
  const entries = new Map<string, Entry>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const at = reader.offset(key);
    if (keys.includes(name)) entries.set(name, { at, node: value ?? undefined });
    else reader.report(at, unknownKey(name), name);
  }
  if (!entries.has('type'))
    reader.report(start, 'type is missing: say what kind of event this makes', 'type');
  return mappingOf(reader, entries);
}

function mappingOf(reader: MappingReader, entries: ReadonlyMap<string, Entry>): Mapping {
  const of = <T>(name: string, read: (entry: Entry) => T): T | undefined => {
    const entry = entries.get(name);
    return entry && read(entry);
  };
  const conditions = (name: string) =>
    of(name, ({ node, at }) => readConditions(reader, node, { name, at }));
  const fields = [...entries].flatMap(([name, { at, node }]) => {
    if (apart.includes(name)) return [];
    const field = readField(reader, node, { name, at });
    return field === undefined ? [] : [[name, field] as const];
  });
  return {
    each: of('each', ({ node, at }) => readEach(reader, node, at)),
    only: conditions('only'),
    skip: conditions('skip'),
    tags: of('tags', ({ node, at }) => readTags(reader, node, at)),
    attributes: of('attributes', ({ node, at }) => readAttributes(reader, node, at)) ?? [],
    fields: new Map(fields),
  };
}

function unknownKey(name: string): string {
  const hint = Object.hasOwn(meant, name.toLowerCase())
    ? meant[name.toLowerCase()]
    : suggest(name, keys);
  return `there is no ${JSON.stringify(name.slice(0, 64))} in a mapping${hint === undefined ? `: ${keys.join(', ')}` : `. Did you mean "${hint}"?`}`;
}

function readEach(reader: MappingReader, node: unknown, at: number): Mapping['each'] {
  const text = isScalar(node) && typeof node.value === 'string' ? node.value : '';
  const path = parsePath(text);
  if (!text.startsWith('$') || 'wrong' in path || path.root === 'headers') {
    const place = 'wrong' in path ? path.at : 0;
    reader.report(reader.within(node, place, at), 'each is a path to a list: $.alerts', 'each');
    return undefined;
  }
  return path;
}

function readAttributes(reader: MappingReader, node: unknown, at: number) {
  if (!isMap(node)) {
    reader.report(reader.offset(node) || at, 'attributes have names and values', 'attributes');
    return [];
  }
  if (node.items.length > maxAttributes)
    reader.report(at, `there are at most ${maxAttributes} attributes`, 'attributes');
  return node.items.slice(0, maxAttributes).flatMap(({ key, value }) => {
    const name = String(isScalar(key) ? key.value : '');
    const place = { name: `attributes.${name}`, at: reader.offset(key) };
    const field = readField(reader, value ?? undefined, place);
    return field === undefined ? [] : [[name, field] as const];
  });
}

function readTags(reader: MappingReader, node: unknown, at: number) {
  if (!isSeq(node) || node.items.length > maxTags) {
    reader.report(reader.offset(node) || at, `tags are a list of at most ${maxTags}`, 'tags');
    return [];
  }
  return node.items.flatMap((item, i) => {
    const place = { name: `tags[${i}]`, at: reader.offset(item) || at };
    return readField(reader, item, place) ?? [];
  });
}
