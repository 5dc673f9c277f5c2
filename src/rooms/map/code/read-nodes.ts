import { nodeKinds } from '../kinds.ts';
import { type MapNode, quadrants } from '../model.ts';
import { idPattern } from './edge-words.ts';
import { type Entry, Fields } from './fields.ts';
import { nodeSettings, settingKeys } from './node-settings.ts';
import { nameKeys, readNames, said } from './read-names.ts';
import type { MapReader } from './reader.ts';

export const maxNodes = 2_000;
const maxIdLength = 200;

const nodeKeys = [
  'quadrant',
  'kind',
  'title',
  'description',
  'owner',
  'group',
  ...nameKeys,
  ...settingKeys,
];

/** Nodes by id, as far as they could be understood. */
export function readNodes(
  reader: MapReader,
  entry: Entry | undefined,
  imported: ReadonlyMap<string, MapNode>,
): Map<string, MapNode> {
  const nodes = new Map<string, MapNode>(imported);
  if (!entry) return nodes;
  const all = Fields.read(reader, entry.node, { what: '"nodes"', at: entry.at });
  for (const one of all?.entries() ?? []) {
    if (nodes.size >= maxNodes && !nodes.has(one.name)) {
      reader.error(one.at, `a map has at most ${maxNodes.toLocaleString('en')} nodes`);
      break;
    }
    if (!isId(reader, one, 'a node')) continue;
    const node = readNode(reader, one, imported.get(one.name));
    if (node) nodes.set(one.name, node);
  }
  return nodes;
}

/** Whether the name of an entry may be an id; tells it if not. */
export function isId(reader: MapReader, { name, at }: Entry, what: string): boolean {
  if (name.length > maxIdLength) {
    reader.error(at, `the id of ${what} has at most ${maxIdLength} characters`);
    return false;
  }
  if (idPattern.test(name)) return true;
  const shown = JSON.stringify(name.slice(0, 64));
  reader.error(at, `${shown} is no id of ${what}: letters, digits and - _ . / make one`);
  return false;
}

function readNode(
  reader: MapReader,
  { name: id, at, node }: Entry,
  base: MapNode | undefined,
): MapNode | undefined {
  const fields = Fields.read(reader, node, { what: 'a node', keys: nodeKeys, at });
  if (!fields) return undefined;
  const quadrant = readQuadrant(fields, base);
  const kind = readKind(fields, base);
  const own = said({
    title: fields.text('title'),
    description: fields.text('description'),
    owner: fields.text('owner'),
    group: fields.text('group'),
    ...nodeSettings(fields),
  });
  return {
    ...emptyNode,
    ...(base ?? { title: id }),
    ...own,
    id,
    // What is wrong was told: the node is there all the same, so that edges to it are no faults.
    quadrant: quadrant ?? 'production',
    kind: kind ?? 'app',
    names: { ...base?.names, ...readNames(fields) },
    place: reader.place(at),
  };
}

/** What a node is of which nothing is said. */
export const emptyNode = {
  anchor: false,
  release: false,
  roles: [],
  mix: {},
  limits: [],
  links: [],
} as const;

function readQuadrant(fields: Fields, base: MapNode | undefined): MapNode['quadrant'] | undefined {
  const { reader } = fields;
  const entry = fields.get('quadrant');
  if (!entry) {
    if (base) return base.quadrant;
    reader.error(fields.at, `"quadrant" is missing: ${quadrants.join(', ')}`);
    return undefined;
  }
  const text = fields.text('quadrant');
  const found = quadrants.find((one) => one === text);
  if (found || text === undefined) return found;
  const hint = reader.meant(text, quadrants) || `: ${quadrants.join(', ')}`;
  reader.error(
    reader.at(entry.node, entry.at),
    `there is no quadrant ${JSON.stringify(text)}${hint}`,
  );
  return undefined;
}

function readKind(fields: Fields, base: MapNode | undefined): string | undefined {
  const { reader } = fields;
  const entry = fields.get('kind');
  if (!entry) {
    if (base) return base.kind;
    reader.error(fields.at, '"kind" is missing: say what it is, such as app, database or step');
    return undefined;
  }
  const text = fields.text('kind');
  if (text !== undefined && !nodeKinds.some((one) => one === text))
    reader.warn(
      reader.at(entry.node, entry.at),
      `the kind ${JSON.stringify(text)} has no picture of its own${reader.meant(text, nodeKinds)}`,
    );
  return text;
}
