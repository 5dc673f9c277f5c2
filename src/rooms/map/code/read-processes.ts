import { isScalar } from 'yaml';
import { processKey } from '../health.ts';
import type { MapGroup, MapNode, MapProcess, Sli } from '../model.ts';
import { parseSli } from '../sli/parse.ts';
import { parseNeed } from './edge-text.ts';
import { type Entry, Fields } from './fields.ts';
import { NameFinder } from './find-names.ts';
import { groupOf } from './read-edges.ts';
import { nameKeys, readNames, said } from './read-names.ts';
import { isId } from './read-nodes.ts';
import type { MapReader } from './reader.ts';
import { textAt } from './written.ts';

const maxProcesses = 200;
const maxNeeds = 500;

const processKeys = [
  'title',
  'description',
  'owner',
  'criticality',
  'needs',
  'observed',
  ...nameKeys,
];

interface Processes {
  readonly processes: Map<string, MapProcess>;
  readonly groups: MapGroup[];
}

/** The processes by id. Those that need other processes name them by id, or as `process:<id>`. */
export function readProcesses(top: Fields, nodes: ReadonlyMap<string, MapNode>): Processes {
  const { reader } = top;
  const found: Processes = { processes: new Map(), groups: [] };
  const entry = top.get('processes');
  if (!entry) return found;
  const all = Fields.read(reader, entry.node, { what: '"processes"', at: entry.at });
  const entries = (all?.entries() ?? []).filter((one) => isId(reader, one, 'a process'));
  const others = new Map(
    entries.flatMap(({ name }) => [
      [processKey(name), processKey(name)],
      [name, processKey(name)],
    ]),
  );
  const finder = new NameFinder(reader, nodes, { others });
  for (const one of entries) {
    if (found.processes.size >= maxProcesses) {
      reader.error(one.at, `a map has at most ${maxProcesses} processes`);
      break;
    }
    readProcess(one, finder, { reader, found });
  }
  return found;
}

interface Desk {
  readonly reader: MapReader;
  readonly found: Processes;
}

function readProcess({ name: id, at, node }: Entry, finder: NameFinder, desk: Desk): void {
  const { reader, found } = desk;
  const fields = Fields.read(reader, node, { what: 'a process', keys: processKeys, at });
  if (!fields) return;
  const needs: NeedsOf['needs'] = new Map();
  const list = fields.list('needs');
  if (list.length > maxNeeds)
    reader.error(fields.get('needs')?.at ?? at, `"needs" has at most ${maxNeeds} elements`);
  for (const one of list.slice(0, maxNeeds)) readNeed(id, one, { finder, needs, desk });
  if (list.length === 0 && !fields.get('observed'))
    reader.warn(
      at,
      `nothing tells how "${id}" is: say what it needs ("needs") or how it is measured ("observed")`,
    );
  const sli = readSli(fields);
  const more = { description: fields.text('description'), owner: fields.text('owner'), sli };
  found.processes.set(id, {
    id,
    title: fields.text('title') ?? id,
    criticality: fields.whole('criticality', 1, 100) ?? 1,
    needs: [...needs].map(([to, kind]) => ({ id: to, kind })),
    names: readNames(fields),
    ...said(more),
    place: reader.place(at),
  });
}

interface NeedsOf {
  readonly finder: NameFinder;
  readonly needs: Map<string, 'hard' | 'soft'>;
  readonly desk: Desk;
}

function readNeed(process: string, entry: Entry, { finder, needs, desk }: NeedsOf): void {
  const written = textAt(desk.reader, entry, aNeedIs);
  if (!written) return;
  const need = parseNeed(written.text);
  if ('wrong' in need) return written.error(need.at, need.wrong);
  const ids = finder.ids(need.end, written);
  if (!ids) return;
  const from = processKey(process);
  if (need.end.need) {
    const members = ids.filter((id) => id !== from);
    const group = groupOf({ from, end: need.end, members }, written, written.place(need.end.at));
    if (group) desk.found.groups.push(group);
    return;
  }
  for (const id of ids) {
    if (id === from) written.error(need.end.at, `"${process}" needs itself`);
    else if (needs.has(id)) written.warn(need.end.at, `"${id}" is needed already`);
    else needs.set(id, need.soft ? 'soft' : 'hard');
  }
}

const aNeedIs = 'a need is a text: shop, ~mail (soft), web/* need 2';

function readSli(fields: Fields): Sli | undefined {
  const { reader } = fields;
  const entry = fields.get('observed');
  if (!entry) return undefined;
  const keys = ['sli', 'ok', 'down'];
  const inner = Fields.read(reader, entry.node, { what: '"observed"', keys, at: entry.at });
  if (!inner) return undefined;
  for (const name of ['sli', 'ok'])
    if (!inner.get(name)) reader.error(inner.at, `"${name}" is missing in "observed"`);
  // Bounds such as `0` may be written as numbers.
  const [measure, ok, down] = [inner.text('sli'), inner.text('ok'), inner.text('down')];
  if (measure === undefined || ok === undefined) return undefined;
  const sli = { measure, ok, ...said({ down }) };
  const read = parseSli(sli);
  if ('plan' in read) return sli;
  const { part, column, message } = read.fault;
  const at = inner.get(part === 'measure' ? 'sli' : part);
  const offset = at && isScalar(at.node) ? reader.within(at.node, column - 1) : inner.at;
  reader.error(offset, message);
  return undefined;
}
