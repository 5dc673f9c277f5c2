import { processKey } from '../health.ts';
import { type Binding, type BindingKey, bindingKeys } from '../model.ts';
import { type Entry, Fields } from './fields.ts';
import { nameKeys } from './read-names.ts';
import type { MapReader } from './reader.ts';
import { textAt } from './written.ts';

const maxBindings = 500;
const fieldsOfNode = ['id', ...nameKeys];
/** Names that OpenTelemetry and people have for a key. */
const otherNames: Readonly<Record<string, BindingKey>> = {
  service: 'service.name',
  namespace: 'service.namespace',
  environment: 'deployment.environment',
  env: 'deployment.environment',
  'deployment.environment.name': 'deployment.environment',
  host: 'host.name',
  hostname: 'host.name',
  repo: 'repository',
};

/** Ids of nodes, and of processes. */
interface Targets {
  readonly nodes: ReadonlyMap<string, unknown>;
  readonly processes: ReadonlyMap<string, unknown>;
}

/** How events find nodes, in the order in which they are tried. */
export function readBindings(top: Fields, targets: Targets): Binding[] {
  const { reader } = top;
  const list = top.list('bind');
  const [tooMany] = list.slice(maxBindings);
  if (tooMany) reader.error(tooMany.at, `a map has at most ${maxBindings} bindings`);
  return list.slice(0, maxBindings).flatMap((one) => readBinding(reader, one, targets) ?? []);
}

function readBinding(reader: MapReader, { at, node: given }: Entry, targets: Targets) {
  const keys = ['match', 'node'];
  const fields = Fields.read(reader, given, { what: 'a binding', keys, at });
  if (!fields) return undefined;
  const entry = fields.get('match');
  if (!entry) {
    reader.error(fields.at, '"match" is missing: {match: {service.name: "{node.service}"}}');
    return undefined;
  }
  const match = readMatch(reader, entry);
  const node = readTarget(fields, targets);
  return { match, ...(node !== undefined && { node }), place: reader.place(at) };
}

function readMatch(reader: MapReader, entry: Entry): Binding['match'] {
  const match: Partial<Record<BindingKey, string>> = {};
  const inner = Fields.read(reader, entry.node, { what: '"match"', at: entry.at });
  for (const one of inner?.entries() ?? []) {
    const key = bindingKeys.find((known) => known === one.name);
    const written = textAt(reader, one, `"${one.name}" is a text or a pattern such as builder/*`);
    if (!key) reader.error(one.at, unknownKey(reader, one.name));
    else if (written) match[key] = written.text;
    for (const slip of written ? wrongFields(reader, written.text) : [])
      written?.error(slip.at, slip.wrong);
  }
  if (inner?.entries().length === 0) reader.error(entry.at, '"match" compares nothing');
  return match;
}

function unknownKey(reader: MapReader, name: string): string {
  const other = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
  const hint = other === undefined ? reader.meant(name, bindingKeys) : `. Did you mean "${other}"?`;
  return `no binding compares "${name.slice(0, 64)}"${hint || `: ${bindingKeys.join(', ')}`}`;
}

function* wrongFields(reader: MapReader, text: string): Generator<{ at: number; wrong: string }> {
  for (const { index, 0: all } of text.matchAll(/\{[^{}]*\}?/g)) {
    const field = /^\{node\.([A-Za-z]+)\}$/.exec(all)?.[1];
    if (field === undefined)
      yield { at: index, wrong: `${all} is no name of a node: {node.service}` };
    else if (!fieldsOfNode.includes(field)) {
      const hint = reader.meant(field, fieldsOfNode) || `: ${fieldsOfNode.join(', ')}`;
      yield { at: index + '{node.'.length, wrong: `nodes have no name "${field}"${hint}` };
    }
  }
}

function readTarget(fields: Fields, { nodes, processes }: Targets): string | undefined {
  const entry = fields.get('node');
  const id = fields.text('node');
  if (!entry || id === undefined || nodes.has(id)) return id;
  const plain = id.startsWith('process:') ? id.slice('process:'.length) : id;
  if (processes.has(plain)) return processKey(plain);
  const { reader } = fields;
  const hint = reader.meant(id, [...nodes.keys(), ...processes.keys()]);
  reader.error(reader.at(entry.node, entry.at), `there is no node "${id}"${hint}`);
  return undefined;
}
