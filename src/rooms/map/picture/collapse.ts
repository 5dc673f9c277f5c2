import { processKey } from '../health.ts';
import type { MapModel, MapNode, Quadrant } from '../model.ts';
import { phases } from './phases.ts';

/** So many boxes are drawn at most, unless somebody opens more. */
export const maxBoxes = 80;

/** A node, or several that are drawn as one until they are opened. */
export interface Unit {
  /** Of the node, or `group:<name>`. */
  readonly id: string;
  /** Only of a group: by what it is opened. */
  readonly name?: string;
  readonly title: string;
  readonly quadrant: Quadrant;
  readonly kind: string;
  readonly owner: string | undefined;
  /** Ids, in the order of the map. */
  readonly nodes: readonly string[];
  readonly parts: readonly Unit[];
  readonly anchor: boolean;
  /** A process needs it, or people look for it: it stays visible as long as possible. */
  readonly kept: boolean;
  readonly at?: { readonly x: number; readonly y: number };
}

/** Whether a unit is opened; a node has nothing to open. */
export const isOpenIn = ({ name, id }: Unit, expand: readonly string[] | '*'): boolean =>
  name !== undefined && (expand === '*' || expand.includes(name) || expand.includes(id));

/**
 * The nodes of the map, drawn together until at most `maxBoxes` are left. It does not depend on what is
 * opened, so that opening one group closes no other.
 */
export function groupTree(model: MapModel): readonly Unit[] {
  const names = new Set<string>();
  let units = declaredGroups(model, names);
  for (const phase of phases(model)) {
    if (units.length <= maxBoxes) break;
    const buckets = bucketsOf(units, phase.keyOf(units));
    if (phase.together) units = merged(units, buckets, { names, titleOf: phase.titleOf });
    else
      for (const bucket of fewest(buckets, units.length - maxBoxes))
        units = merged(units, [bucket], { names, titleOf: phase.titleOf });
  }
  return units;
}

/** A bucket of units that may be drawn as one. */
interface Bucket {
  readonly key: string;
  readonly units: readonly Unit[];
}

function bucketsOf(units: readonly Unit[], keyOf: (unit: Unit) => string | undefined): Bucket[] {
  const buckets = new Map<string, Unit[]>();
  for (const unit of units) {
    const key = keyOf(unit);
    if (key === undefined) continue;
    // A box stands in one quadrant.
    const whole = `${unit.quadrant} ${key}`;
    buckets.set(whole, [...(buckets.get(whole) ?? []), unit]);
  }
  return [...buckets.values()]
    .filter((found) => found.length > 1)
    .map((found) => ({ key: keyOf(found[0] ?? neverUnit) ?? '', units: found }));
}

/** As few buckets as save so many boxes: the smallest that does it alone, else the largest first. */
function fewest(buckets: readonly Bucket[], toSave: number): Bucket[] {
  const left = buckets.toSorted((a, b) => b.units.length - a.units.length);
  const chosen: Bucket[] = [];
  for (let missing = toSave; missing > 0 && left.length > 0; ) {
    const enough = left.findLastIndex(({ units }) => units.length - 1 >= missing);
    const [bucket] = left.splice(Math.max(0, enough), 1);
    if (!bucket) break;
    chosen.push(bucket);
    missing -= bucket.units.length - 1;
  }
  return chosen;
}

interface Naming {
  readonly names: Set<string>;
  readonly titleOf: (key: string, units: readonly Unit[]) => string;
}

/** The units with each bucket as one, where its first unit was. */
function merged(
  units: readonly Unit[],
  buckets: readonly Bucket[],
  { names, titleOf }: Naming,
): Unit[] {
  const first = new Map<Unit, Unit>();
  const gone = new Set<Unit>();
  for (const { key, units: parts } of buckets) {
    const [one] = parts;
    if (!one) continue;
    const name = unused(`${key}${key.endsWith('*') ? '' : `@${one.quadrant}`}`, names);
    first.set(one, unitOf(name, titleOf(key, parts), parts));
    for (const part of parts) gone.add(part);
  }
  return units.flatMap((unit) => first.get(unit) ?? (gone.has(unit) ? [] : unit));
}

function unitOf(name: string, title: string, parts: readonly Unit[]): Unit {
  const same = <T>(of: (unit: Unit) => T): T | undefined => {
    const values = new Set(parts.map(of));
    return values.size === 1 ? [...values][0] : undefined;
  };
  return {
    id: `group:${name}`,
    name,
    title,
    quadrant: parts[0]?.quadrant ?? 'production',
    kind: same(({ kind }) => kind) ?? 'system',
    owner: same(({ owner }) => owner),
    nodes: parts.flatMap(({ nodes }) => nodes),
    parts,
    anchor: parts.some(({ anchor }) => anchor),
    kept: parts.some(({ kept }) => kept),
  };
}

/** Names open a group, and stand in addresses with commas between them. */
function unused(wanted: string, names: Set<string>): string {
  let name = wanted.replaceAll(',', ' ').trim() || 'group';
  while (names.has(name) || name === '*') name += "'";
  names.add(name);
  return name;
}

function declaredGroups(model: MapModel, names: Set<string>): Unit[] {
  const kept = keptNodes(model);
  const units = [...model.nodes.values()].map((node) => leaf(node, kept));
  const groupOf = (unit: Unit): string | undefined => model.nodes.get(unit.id)?.group;
  const buckets = bucketsOf(units, groupOf);
  const quadrants = new Map<string, number>();
  for (const { key } of buckets) quadrants.set(key, (quadrants.get(key) ?? 0) + 1);
  // A pinned node has a place of its own, in which it is looked for.
  const declared = buckets.map(({ key, units: parts }): [Unit, Unit, Set<Unit>] => {
    const several = (quadrants.get(key) ?? 0) > 1 && parts[0];
    const name = unused(several ? `${key}@${several.quadrant}` : key, names);
    return [parts[0] ?? neverUnit, unitOf(name, key, parts), new Set(parts)];
  });
  const first = new Map(declared.map(([one, unit]) => [one, unit]));
  const gone = new Set(declared.flatMap(([, , parts]) => [...parts]));
  return units.flatMap((unit) => first.get(unit) ?? (gone.has(unit) ? [] : unit));
}

function leaf(node: MapNode, kept: ReadonlySet<string>): Unit {
  const { id, quadrant, kind, title, owner, anchor, at } = node;
  return {
    id,
    title,
    quadrant,
    kind,
    owner,
    anchor,
    nodes: [id],
    parts: [],
    kept: anchor || at !== undefined || kept.has(id),
    ...(at && { at }),
  };
}

/** What processes need directly, and where the stages of streams are. */
function keptNodes(model: MapModel): Set<string> {
  const kept = new Set<string>();
  for (const { id, needs } of model.processes.values()) {
    for (const need of needs) kept.add(need.id);
    for (const { from, members } of model.groups)
      if (from === processKey(id)) for (const member of members) kept.add(member);
  }
  for (const { stages } of model.streams) for (const { node } of stages) kept.add(node);
  return kept;
}

const neverUnit: Unit = {
  id: '',
  title: '',
  quadrant: 'production',
  kind: '',
  owner: undefined,
  nodes: [],
  parts: [],
  anchor: false,
  kept: false,
};
