import { processKey } from '../health.ts';
import type { MapModel, MapNode } from '../model.ts';
import { phases } from './phases.ts';
import type { Unit } from './unit.ts';

/** So many boxes are drawn at most, unless somebody opens more. */
export const maxBoxes = 80;

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
  for (const { keyOf, titleOf, together } of phases(model)) {
    if (units.length <= maxBoxes) break;
    const buckets = bucketsOf(units, keyOf);
    const chosen = together ? buckets : fewest(buckets, units.length - maxBoxes);
    units = merged(units, chosen, ({ key, units: parts }) => ({
      name: unused(key.endsWith('*') ? key : `${key}@${parts[0]?.quadrant ?? ''}`, names),
      title: titleOf(key, parts),
    }));
  }
  return units;
}

/** A bucket of units that may be drawn as one. */
interface Bucket {
  readonly key: string;
  readonly units: readonly Unit[];
}

function bucketsOf(units: readonly Unit[], keyOf: (unit: Unit) => string | undefined): Bucket[] {
  const buckets = new Map<string, { key: string; units: Unit[] }>();
  for (const unit of units) {
    const key = keyOf(unit);
    if (key === undefined) continue;
    // A box stands in one quadrant.
    const whole = `${unit.quadrant} ${key}`;
    const bucket = buckets.get(whole);
    if (bucket) bucket.units.push(unit);
    else buckets.set(whole, { key, units: [unit] });
  }
  return [...buckets.values()].filter((bucket) => bucket.units.length > 1);
}

/** As few buckets as save so many boxes: the smallest that does it alone, else the largest first. */
function fewest(buckets: readonly Bucket[], toSave: number): Bucket[] {
  const left = buckets.toSorted((a, b) => b.units.length - a.units.length);
  const chosen: Bucket[] = [];
  for (let missing = toSave; missing > 0 && left.length > 0;) {
    const enough = left.findLastIndex(({ units }) => units.length - 1 >= missing);
    const [bucket] = left.splice(Math.max(0, enough), 1);
    if (!bucket) break;
    chosen.push(bucket);
    missing -= bucket.units.length - 1;
  }
  return chosen;
}

/** The units with each bucket as one, where its first unit was. */
function merged(
  units: readonly Unit[],
  buckets: readonly Bucket[],
  called: (bucket: Bucket) => { readonly name: string; readonly title: string },
): Unit[] {
  const first = new Map<Unit, Unit>();
  const gone = new Set<Unit>();
  for (const bucket of buckets) {
    const [one] = bucket.units;
    if (one) first.set(one, unitOf(called(bucket), bucket.units));
    for (const part of bucket.units) gone.add(part);
  }
  return units.flatMap((unit) => first.get(unit) ?? (gone.has(unit) ? [] : unit));
}

function unitOf(
  { name, title }: { readonly name: string; readonly title: string },
  parts: readonly Unit[],
): Unit {
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
  const buckets = bucketsOf(units, ({ id }) => model.nodes.get(id)?.group);
  const quadrants = new Map<string, number>();
  for (const { key } of buckets) quadrants.set(key, (quadrants.get(key) ?? 0) + 1);
  return merged(units, buckets, ({ key, units: parts }) => {
    const inOne = quadrants.get(key) === 1;
    return { name: unused(inOne ? key : `${key}@${parts[0]?.quadrant ?? ''}`, names), title: key };
  });
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
  const processes = [...model.processes.values()];
  const keys = new Set(processes.map(({ id }) => processKey(id)));
  return new Set([
    ...processes.flatMap(({ needs }) => needs.map(({ id }) => id)),
    ...model.groups.filter(({ from }) => keys.has(from)).flatMap(({ members }) => members),
    ...model.streams.flatMap(({ stages }) => stages.map(({ node }) => node)),
  ]);
}
